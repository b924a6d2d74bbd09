import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { palettePng } from '../../lib/report/png.ts';

test('a PNG holds its pixels, in blocks that zlib reads, with the checksums of the standard', () => {
  const [width, height] = [300, 250];
  const pixels = Uint8Array.from({ length: width * height }, (_, index) => (index * 7) % 3);
  const png = palettePng(width, height, pixels, [
    [0, 0, 0],
    [255, 0, 0],
    [1, 2, 3],
  ]);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  expect(rows.length).toBe((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1));
    expect(Buffer.compare(row, pixels.subarray(y * width, (y + 1) * width))).toBe(0);
  }
});

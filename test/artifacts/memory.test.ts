import { expect, it } from 'vitest';
import { openSpectraWriter, readSpectra } from '../../lib/artifacts/spectra.ts';
import { temporaryFolder } from './folder.ts';

const at = temporaryFolder();

/** 318 MB in all, 17 MB a batch: what is held must be batches, not the file. */
it('300 spectra pass through with a few batches in memory', async () => {
  const [frames, bins] = [259, 1025];
  const facts = { rateHz: 44100, size: 2048, hop: 512, window: 'hann', centred: true };
  const power = Float32Array.from({ length: frames * bins }, (_, i) => (i % 977) / 7);
  const before = process.memoryUsage().rss;
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss - before);
  };

  const writer = await openSpectraWriter(at('spectra.arrow'), facts);
  for (let i = 0; i < 300; i++) {
    power[0] = i;
    await writer.write({ clip: `clip ${i}`, frames, bins, power });
    look();
  }
  await writer.close();
  expect(most).toBeLessThan(100e6);

  const { count, rows } = await readSpectra(at('spectra.arrow'));
  expect(count).toBe(300);
  let row = 0;
  for await (const { power: read } of rows) {
    expect(read[0]).toBe(row++);
    expect(read.length).toBe(frames * bins);
    look();
  }
  expect(most).toBeLessThan(150e6);
});

import { describe, expect, it } from 'vitest';
import { decodeFlac } from '../../../lib/audio/flac/decode-flac.ts';
import { randomOf } from '../../security/mutate.ts';
import type { BitWriter } from './bit-writer.ts';
import { flacFile, type FileHead, type Frame, type FrameHead } from './encode.ts';

const constant = { kind: 'constant', wasted: 0 } as const;

/** A frame of silence. */
function frame(length: number, head: Partial<FrameHead> = {}, channels = 1): Frame {
  const samples = Array.from({ length: channels }, () => new Array<number>(length).fill(0));
  const subframes = samples.map(() => constant);
  return { samples, assignment: channels - 1, subframes, head };
}

/** How many samples are decoded; undefined: the file is left to ffmpeg. */
function samplesOf(
  frames: readonly Frame[],
  head: Partial<FileHead> = {},
  bitsPerSample = 16,
): number | undefined {
  return decodeFlac(flacFile(bitsPerSample, frames, head), () => undefined)?.samples;
}

/** In the manner of UTF-8, in so many bytes. */
function coded(number: number, bytes: number): number[] {
  if (bytes === 1) return [number];
  const low = Array.from({ length: bytes - 1 }, (_, i) => {
    const power = 64 ** (bytes - 2 - i);
    return 0x80 + (Math.floor(number / power) % 64);
  });
  return [((0xff00 >> bytes) & 0xff) + Math.floor(number / 64 ** (bytes - 1)), ...low];
}

/** In the fewest bytes. */
function shortest(number: number): number[] {
  const limits = [2 ** 7, 2 ** 11, 2 ** 16, 2 ** 21];
  return coded(number, 1 + limits.filter((limit) => number >= limit).length);
}

/** A code, how many samples it says, and the bytes that it needs for that. */
const lengths: [number, number, number[]][] = [
  [1, 192, []],
  ...[576, 1152, 2304, 4608].map((n, i): [number, number, number[]] => [2 + i, n, []]),
  [6, 1, [0]],
  [6, 256, [255]],
  [7, 1, [0, 0]],
  [7, 65_535, [255, 254]],
  ...Array.from({ length: 8 }, (_, i): [number, number, number[]] => [8 + i, 256 << i, []]),
];

describe('the length of a frame', () => {
  it.each(lengths)('by code %i: %i', (lengthCode, length, more) => {
    const one = frame(length, { lengthCode, more });
    expect(samplesOf([one])).toBe(length);
    expect(samplesOf([one], { blockSamples: length - 1 })).toBeUndefined();
  });

  it('is none by code 0, and none above 65,535', () => {
    expect(samplesOf([frame(192, { lengthCode: 0, more: [] })])).toBeUndefined();
    // Nor does such a frame count for nothing.
    const write = (bits: BitWriter): void => {
      bits.write(0, 8 + 16);
    };
    const empty = frame(0, { lengthCode: 0, more: [] });
    expect(
      samplesOf([{ ...empty, subframes: [{ kind: 'raw', write }] }, frame(5)]),
    ).toBeUndefined();
    const longest = frame(65_536, { more: [255, 255] });
    expect(samplesOf([longest], { blockSamples: 65_535 })).toBeUndefined();
    expect(samplesOf([frame(5)], { blockSamples: 0 })).toBeUndefined();
  });

  it('may be another in each frame', () => {
    expect(samplesOf([frame(3), frame(700), frame(1)])).toBe(704);
    const first = frame(192, { lengthCode: 1, more: [] });
    expect(samplesOf([first, frame(9), first])).toBe(393);
  });
});

/** A code, the Hz that it says, and the bytes that it needs for that. */
const rates: [number, number, number[]][] = [
  ...[88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000].map(
    (rateHz, i): [number, number, number[]] => [1 + i, rateHz, []],
  ),
  [12, 255_000, [255]],
  [13, 11_025, [0x2b, 0x11]],
  [13, 65_535, [255, 255]],
  [14, 655_350, [255, 255]],
];

describe('the rate of a frame', () => {
  it.each(rates)('by code %i: %i', (rateCode, rateHz, more) => {
    const one = (number: number): Frame =>
      frame(5, { rateCode, more: [0, 4, ...more], number: [number] });
    expect(samplesOf([one(0)], { rateHz })).toBe(5);
    expect(samplesOf([one(0)], { rateHz: rateHz + 1 })).toBeUndefined();
    expect(samplesOf([frame(5), one(1)], { rateHz })).toBe(10);
    expect(samplesOf([frame(5), one(1)], { rateHz: rateHz - 1 })).toBeUndefined();
  });

  it('is the file’s by code 0, which may be any, and none by code 15', () => {
    expect(samplesOf([frame(5)], { rateHz: 1_048_575 })).toBe(5);
    expect(samplesOf([frame(5, { rateCode: 15 })])).toBeUndefined();
    for (const rateCode of [12, 13, 14]) {
      expect(samplesOf([frame(5, { rateCode, more: [0, 4, 0, 0] })])).toBeUndefined();
    }
  });
});

it.each([8, 16, 24])('the bits of a sample are those of the file: %i', (bits) => {
  const codes = [bits, 8, 12, undefined, 16, 20, 24, 32];
  codes.forEach((said, bitsCode) => {
    const found = samplesOf([frame(5, { bitsCode })], {}, bits);
    expect([bitsCode, found]).toEqual([bitsCode, said === bits ? 5 : undefined]);
  });
});

it.each([1, 2])('the channels are those of the file: %i', (channels) => {
  for (let assignment = 0; assignment < 16; assignment += 1) {
    const known = channels === 1 ? assignment === 0 : [1, 8, 9, 10].includes(assignment);
    const usual = frame(5, { assignment }, channels);
    const one = known ? { ...usual, assignment } : usual;
    expect([assignment, samplesOf([one])]).toEqual([assignment, known ? 5 : undefined]);
    // With a bit more for the second, as where it is a difference.
    if (assignment > 10 && channels === 2) {
      expect(samplesOf([{ ...usual, assignment: 8 }])).toBeUndefined();
    }
  }
});

describe('the number of a frame', () => {
  it('counts frames', () => {
    const frames = Array.from({ length: 2100 }, (_, i) => frame(1, { number: shortest(i) }));
    expect(samplesOf(frames)).toBe(2100);
    expect(samplesOf(frames.slice(1))).toBeUndefined();
    expect(samplesOf([...frames.slice(0, 130), ...frames.slice(131)])).toBeUndefined();
    expect(samplesOf([...frames.slice(0, 130), ...frames.slice(129)])).toBeUndefined();
  });

  it('counts samples where frames may be of any length', () => {
    const variable = (length: number, first: number): Frame =>
      frame(length, { variable: 1, number: shortest(first) });
    expect(samplesOf([variable(3, 0), variable(700, 3), variable(1, 703)])).toBe(704);
    const long = Array.from({ length: 34 }, (_, i) => variable(65_535, 65_535 * i));
    expect(samplesOf(long)).toBe(34 * 65_535);
    expect(samplesOf([variable(3, 0), variable(3, 1)])).toBeUndefined();
    expect(samplesOf([frame(3), frame(3, { number: [3] })])).toBeUndefined();
    // Each frame says for itself how it counts.
    expect(samplesOf([variable(3, 0), frame(3), variable(3, 6)])).toBe(9);
  });

  it('may take more bytes than it needs, and is compared with all its bits', () => {
    for (const bytes of [1, 2, 3, 4, 5, 6, 7]) {
      const second = (number: number): Frame => frame(4, { number: coded(number, bytes) });
      expect(samplesOf([frame(4), second(1)])).toBe(8);
      expect(samplesOf([frame(4), second(2)])).toBeUndefined();
    }
    for (const high of [2 ** 31, 2 ** 32, 2 ** 33, 2 ** 35]) {
      expect(samplesOf([frame(4), frame(4, { number: coded(high + 1, 7) })])).toBeUndefined();
    }
  });

  it.each([
    ['begins as others go on', [0x81]],
    ['begins with eight ones', [0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81]],
    ['does not go on', [0xc0, 0x01]],
    ['begins again', [0xe0, 0x80, 0xc1]],
  ])('is none where it %s', (_, number) => {
    expect(samplesOf([frame(4), frame(4, { number })])).toBeUndefined();
    expect(samplesOf([frame(4), frame(4, { number: [1] })])).toBe(8);
  });
});

describe('a frame is left to ffmpeg, though its checksums hold', () => {
  it('whose sync code has another bit', () => {
    for (let bit = 0; bit < 15; bit += 1) {
      expect(samplesOf([frame(5, { sync: 0x7ffc ^ (1 << bit) })])).toBeUndefined();
    }
  });

  it('whose reserved bit is set', () => {
    expect(samplesOf([frame(5, { reserved: 1 })])).toBeUndefined();
  });

  it('whose padding is not zero', () => {
    const padded = (padding: number): Frame => {
      const write = (bits: BitWriter): void => {
        // A fixed predictor of order 0, one partition by the parameter 0: 19 bits with a zero.
        bits.write(8 << 1, 8);
        bits.write(0, 10);
        bits.unary(0);
        bits.write(padding, 5);
      };
      return { ...frame(1), subframes: [{ kind: 'raw', write }] };
    };
    expect(samplesOf([padded(0)])).toBe(1);
    for (let bit = 0; bit < 5; bit += 1) expect(samplesOf([padded(1 << bit)])).toBeUndefined();
  });
});

it.each([8, 16] as const)('a frame whose CRC-%i is another is left to ffmpeg', (wrongCrc) => {
  expect(samplesOf([{ ...frame(5), wrongCrc }])).toBeUndefined();
  expect(samplesOf([frame(5), { ...frame(5), wrongCrc }])).toBeUndefined();
});

it('the longest header that ends anywhere is left to ffmpeg', () => {
  const head = { variable: 1, number: coded(0, 7), rateCode: 13, more: [0, 0, 0x1f, 0x40] };
  const file = flacFile(8, [frame(1, head)]);
  expect(decodeFlac(file, () => undefined)?.samples).toBe(1);
  for (let end = 0; end < file.length; end += 1) {
    expect(decodeFlac(file.subarray(0, end), () => undefined)).toBeUndefined();
  }
});

describe('a file is left to ffmpeg', () => {
  it('that has more samples than announced, or fewer', () => {
    expect(samplesOf([frame(5), frame(5)], { samples: 10 })).toBe(10);
    for (const samples of [1, 4, 5, 6, 9, 11, 15]) {
      expect(samplesOf([frame(5), frame(5)], { samples })).toBeUndefined();
    }
    for (const samples of [0, 2 ** 26 + 1, 2 ** 32 + 10, 2 ** 35 + 10]) {
      expect(samplesOf([frame(5), frame(5)], { samples })).toBeUndefined();
    }
  });

  it('that goes on behind its last frame', () => {
    const file = flacFile(16, [frame(5), frame(5)]);
    for (const more of [Buffer.alloc(1), Buffer.alloc(20), Buffer.from('TAG'), file.subarray(42)]) {
      expect(decodeFlac(Buffer.concat([file, more]), () => undefined)).toBeUndefined();
    }
  });

  it('that has metadata of a kind which changes what is heard, or of none known', () => {
    for (const kind of [0, 2, 5, 6, 7, 126, 127]) {
      expect(samplesOf([frame(5)], { blocks: [{ kind, bytes: 34 }] })).toBeUndefined();
    }
    const skipped = [1, 3, 4].map((kind) => ({ kind, bytes: 40 * (kind - 1) }));
    expect(samplesOf([frame(5)], { blocks: skipped })).toBe(5);
    const file = flacFile(16, [frame(5)], { blocks: skipped });
    for (let end = 0; end < file.length; end += 1) {
      expect(decodeFlac(file.subarray(0, end), () => undefined)).toBeUndefined();
    }
  });
});

it.each([
  [8, 1],
  [16, 1],
  [16, 2],
  [24, 1],
  [24, 2],
] as const)(
  'a file longer than what is decoded at once gives any cut: %i bits, %i channels',
  (bits, channels) => {
    const random = randomOf(75, bits + channels);
    const verbatim = { kind: 'verbatim', wasted: 0 } as const;
    const frames = [4096, 30_000, 4097, 5, 65_535, 3].map((length): Frame => {
      const samples = Array.from({ length: channels }, () =>
        Array.from({ length }, () => random.below(2 ** bits) - 2 ** (bits - 1)),
      );
      return { ...frame(length, {}, channels), samples, subframes: samples.map(() => verbatim) };
    });
    const file = flacFile(bits, frames);
    const full = 2 ** (bits - 1);
    const all = frames.flatMap(({ samples }) =>
      samples[0]!.flatMap((_, i) => samples.map((channel) => channel[i]! / full)),
    );
    const total = all.length / channels;
    const within = (): [number, number] => [random.below(total), random.below(total)];
    const cuts = [
      [0, total],
      [total, 1],
      [2 ** 40, 2 ** 40],
      ...Array.from({ length: 40 }, within),
    ];
    for (const [first = 0, count = 0] of cuts) {
      const cut = decodeFlac(file, () => ({ first, count }))?.cut;
      const expected = Float32Array.from(all.slice(channels * first, channels * (first + count)));
      // Comparing arrays number by number takes vitest seconds.
      expect(cut && bytesOf(cut).equals(bytesOf(expected))).toBe(true);
    }
  },
);

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

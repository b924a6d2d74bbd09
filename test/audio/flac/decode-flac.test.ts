import { describe, expect, it } from 'vitest';
import { decodeFlac } from '../../../lib/audio/flac/decode-flac.ts';
import { mutatedBytes, randomOf } from '../../security/mutate.ts';
import type { BitWriter } from './bit-writer.ts';
import { flacFile, type Frame, type Subframe } from './encode.ts';
import { randomFrame, type Kind } from './random-frames.ts';

/** The whole sound as whole numbers, channels interleaved. */
function decoded(bytes: Uint8Array, bitsPerSample: number): number[] | undefined {
  const flac = decodeFlac(bytes, () => ({ first: 0, count: 1_000_000 }));
  return flac && [...flac.cut].map((value) => value * 2 ** (bitsPerSample - 1));
}

function interleaved(frames: readonly Frame[]): number[] {
  return frames.flatMap(({ samples: [first = [], second] }) =>
    first.flatMap((value, i) => (second === undefined ? [value] : [value, second[i]!])),
  );
}

const kinds: readonly Kind[] = ['constant', 'verbatim', 'fixed', 'linear'];
const forms = [8, 16, 24].flatMap((bits) =>
  ([1, 2] as const).flatMap((channels) => kinds.map((kind) => ({ bits, channels, kind }))),
);

describe('a file whose every number is known', () => {
  it.each(forms)(
    'gives them: $kind, $bits bits, $channels channels',
    ({ bits, channels, kind }) => {
      for (let n = 0; n < 60; n += 1) {
        const random = randomOf(71, n);
        const frames = Array.from({ length: 3 }, () => randomFrame(random, kind, bits, channels));
        const file = flacFile(bits, frames);
        expect(decoded(file, bits), `mutation ${n}`).toEqual(interleaved(frames));
      }
    },
  );
});

/** One frame of one channel. */
function oneFrame(bits: number, samples: readonly number[], subframe: Subframe): Buffer {
  return flacFile(bits, [{ samples: [samples], assignment: 0, subframes: [subframe] }]);
}

function raw(write: (bits: BitWriter) => void): Subframe {
  return { kind: 'raw', write };
}

/** Order 1, one weight; the first sample and one Rice-coded leftover by a parameter of five bits. */
function linear(
  bitsPerSample: number,
  predictor: { precision: number; shift: number; weight: number },
  first: number,
  { quotient, parameter, remainder }: { quotient: number; parameter: number; remainder: number },
): Subframe {
  return raw((bits) => {
    bits.write(32 << 1, 8);
    bits.write(first, bitsPerSample);
    bits.write(predictor.precision - 1, 4);
    bits.write(predictor.shift, 5);
    bits.write(predictor.weight, predictor.precision);
    bits.write(1, 2);
    bits.write(0, 4);
    bits.write(parameter, 5);
    bits.unary(quotient);
    bits.write(remainder, parameter);
  });
}

const plain = { precision: 12, shift: 0, weight: 1 };
const five = { quotient: 0, parameter: 4, remainder: 10 };

/** Silence by a fixed predictor. */
function silence(samples: number, order: number, partitionsPower: number, method = 0): Buffer {
  const subframe = raw((bits) => {
    bits.write((8 + order) << 1, 8);
    bits.write(0, 16 * order);
    bits.write(method, 2);
    bits.write(partitionsPower, 4);
    const partitions = 2 ** partitionsPower;
    const length = Math.floor(samples / partitions);
    for (let partition = 0; partition < Math.ceil(samples / length); partition += 1) {
      bits.write(0, 4 + method);
      for (let i = partition === 0 ? order : 0; i < length; i += 1) bits.unary(0);
    }
  });
  return oneFrame(16, new Array<number>(samples).fill(0), subframe);
}

/** A kind of subframe that there is not, followed by what could be one of another kind. */
function unknownKind(kind: number, zeros: number, ones: number): Buffer {
  const subframe = raw((bits) => {
    bits.write(kind << 1, 8);
    bits.write(0, zeros);
    for (let i = 0; i < ones; i += 1) bits.unary(0);
  });
  return oneFrame(16, new Array<number>(40).fill(0), subframe);
}

/** The right channel is the left one less -100: 227, which eight bits hold as -29. */
function beyondStereo(): Buffer {
  const left = { kind: 'constant', wasted: 0 } as const;
  const difference = raw((bits) => {
    bits.write(0, 8);
    bits.write(-100, 9);
  });
  return flacFile(8, [{ samples: [[127], [-29]], assignment: 8, subframes: [left, difference] }]);
}

const next = (remainder: number): Subframe => linear(16, plain, 32_767, { ...five, remainder });
const top24 = 8_388_607;

const refused: [string, number, Buffer][] = [
  ['a sample cut to its bits', 16, oneFrame(16, [32_767, 32_767], next(2))],
  [
    'a sample wrapped to its bits',
    24,
    oneFrame(24, [top24, -top24 - 1], linear(24, plain, top24, { ...five, remainder: 2 })),
  ],
  ['a sample wrapped to its bits by the other channel', 8, beyondStereo()],
  [
    'a sample wrapped to int32',
    24,
    oneFrame(24, [1 << 22, 5], linear(24, { ...plain, weight: 1024 }, 1 << 22, five)),
  ],
  [
    'a leftover wrapped to int32',
    16,
    oneFrame(16, [0, 0], linear(16, plain, 0, { quotient: 8, parameter: 29, remainder: 0 })),
  ],
  [
    'a predictor of 16 bits',
    16,
    oneFrame(16, [0, 5], linear(16, { ...plain, precision: 16 }, 0, five)),
  ],
  [
    'a shift to the left',
    16,
    oneFrame(16, [0, 0], linear(16, { ...plain, shift: -1 }, 0, { ...five, remainder: 0 })),
  ],
  [
    'nothing but wasted bits',
    16,
    oneFrame(
      16,
      [0, 0],
      raw((bits) => {
        bits.write(3, 8);
        bits.unary(15);
      }),
    ),
  ],
  ['a constant of a kind unknown', 16, unknownKind(2, 16, 0)],
  ['a fixed predictor of order 5', 16, unknownKind(13, 5 * 16 + 10, 35)],
  ['a linear predictor of order 0', 16, unknownKind(31, 9 + 10, 40)],
  ['a linear predictor of order 33', 16, unknownKind(64, 33 * 16 + 9 + 33 + 10, 7)],
  ['an order above the samples', 16, silence(3, 4, 0)],
  ['partitions of no whole length', 16, silence(3, 0, 1)],
  ['partitions shorter than the order', 16, silence(4, 3, 1)],
  ['a third way of coding', 16, silence(2, 0, 0, 2)],
];

describe('a file that is not what it should be, though its checksums hold', () => {
  it.each(refused)('is left to ffmpeg: %s', (_, bits, file) => {
    expect(decoded(file, bits)).toBeUndefined();
  });

  it('is one beside others that are: the same by another number', () => {
    expect(decoded(oneFrame(16, [32_767, 32_766], next(1)), 16)).toEqual([32_767, 32_766]);
    const weight = linear(24, { ...plain, weight: 1024 }, 0, five);
    expect(decoded(oneFrame(24, [0, 5], weight), 24)).toEqual([0, 5]);
    for (const file of [silence(4, 4, 0), silence(4, 2, 1), silence(4, 0, 2, 1)]) {
      expect(decoded(file, 16)).toEqual([0, 0, 0, 0]);
    }
  });
});

it.each(kinds)('a file that ends anywhere is left to ffmpeg: %s', (kind) => {
  const random = randomOf(74, 0);
  const file = flacFile(24, [randomFrame(random, kind, 24, 2)]);
  for (let end = 0; end < file.length; end += 1) {
    expect(decoded(file.subarray(0, end), 24)).toBeUndefined();
  }
});

it('a file that lacks more than the memory behind it is left to ffmpeg', () => {
  const samples = Array.from({ length: 60_000 }, (_, i) => i);
  const file = oneFrame(24, samples, { kind: 'verbatim', wasted: 0 });
  expect(decoded(file.subarray(0, 200), 24)).toBeUndefined();
  expect(decoded(file, 24)).toEqual(samples);
});

it('a mutated file is refused, or is what it was', () => {
  const files = [8, 16, 24].flatMap((bits, i) =>
    kinds.map((kind, j) => {
      const random = randomOf(72, 4 * i + j);
      return {
        bits,
        sound: [randomFrame(random, kind, bits, 2), randomFrame(random, 'linear', bits, 2)],
      };
    }),
  );
  for (let n = 0; n < 3000; n += 1) {
    const { bits, sound } = files[n % files.length]!;
    const found = decoded(mutatedBytes(randomOf(73, n), [flacFile(bits, sound)]), bits);
    if (found !== undefined) expect(found).toEqual(interleaved(sound));
  }
});

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
    for (let partition = 0; partition < partitions; partition += 1) {
      bits.write(0, 4 + method);
      for (let i = partition === 0 ? order : 0; i < length; i += 1) bits.unary(0);
    }
  });
  return oneFrame(16, new Array<number>(samples).fill(0), subframe);
}

const refused: [string, Buffer][] = [
  [
    'a sample of more bits than it may have',
    oneFrame(16, [32_767, -32_768], linear(16, plain, 32_767, { ...five, remainder: 2 })),
  ],
  [
    'a sample that int32 holds only wrapped',
    oneFrame(24, [1 << 22, 5], linear(24, { ...plain, weight: 1024 }, 1 << 22, five)),
  ],
  [
    'a leftover that int32 holds only wrapped',
    oneFrame(16, [0, 0], linear(16, plain, 0, { quotient: 8, parameter: 29, remainder: 0 })),
  ],
  [
    'a predictor of 16 bits',
    oneFrame(16, [0, 5], linear(16, { ...plain, precision: 16 }, 0, five)),
  ],
  ['a shift to the left', oneFrame(16, [0, 5], linear(16, { ...plain, shift: -1 }, 0, five))],
  [
    'nothing but wasted bits',
    oneFrame(
      16,
      [0, 0],
      raw((bits) => {
        bits.write(1, 8);
        bits.unary(15);
        bits.write(0, 8);
      }),
    ),
  ],
  [
    'a set bit before the kind',
    oneFrame(
      16,
      [0, 0],
      raw((bits) => bits.write(0x80 << 16, 24)),
    ),
  ],
  ...[2, 7, 13, 31].map((kind): [string, Buffer] => [
    `the kind ${kind}`,
    oneFrame(
      16,
      [0, 0],
      raw((bits) => bits.write(kind << 17, 24)),
    ),
  ]),
  ['an order above the samples', silence(3, 4, 0)],
  ['partitions of no whole length', silence(3, 0, 1)],
  ['partitions shorter than the order', silence(4, 3, 1)],
  ['a third way of coding', silence(2, 0, 0, 2)],
];

describe('a file that is not what it should be, though its checksums hold', () => {
  it.each(refused)('is left to ffmpeg: %s', (_, file) => {
    expect(decoded(file, 16)).toBeUndefined();
  });

  it('is one beside others that are: the same by another number', () => {
    const last = linear(16, plain, 32_767, { ...five, remainder: 1 });
    expect(decoded(oneFrame(16, [32_767, 32_766], last), 16)).toEqual([32_767, 32_766]);
    const weight = linear(24, { ...plain, weight: 1024 }, 0, five);
    expect(decoded(oneFrame(24, [0, 5], weight), 24)).toEqual([0, 5]);
    for (const file of [silence(4, 4, 0), silence(4, 2, 1), silence(4, 0, 2, 1)]) {
      expect(decoded(file, 16)).toEqual([0, 0, 0, 0]);
    }
  });
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

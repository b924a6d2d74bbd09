import type { Random } from '../../../lib/math/random.ts';
import { pick } from '../../security/mutate.ts';
import {
  FIXED,
  codedChannels,
  folded,
  leftOver,
  type Frame,
  type Partition,
  type Residual,
  type Subframe,
} from './encode.ts';

export type Kind = Exclude<Subframe['kind'], 'raw'>;

const ASSIGNMENTS = [1, 8, 9, 10] as const;

/** A frame of any sound, every channel written in one way, and whatever that leaves open at random. */
export function randomFrame(
  random: Random,
  kind: Kind,
  bitsPerSample: number,
  channels: 1 | 2,
): Frame {
  const length = pick(random, [1, 2, 5, 40, 64, 96, 128, 257]) + 32 * random.below(2);
  const constant = kind === 'constant';
  const samples = Array.from({ length: channels }, () =>
    sound(random, length, bitsPerSample, constant),
  );
  const assignment = channels === 1 ? 0 : pick(random, ASSIGNMENTS);
  const subframes = codedChannels(samples, assignment).map((channel) =>
    randomSubframe(random, kind, channel, bitsPerSample),
  );
  return { samples, assignment, subframes };
}

/** Noise or a slow wave of any loudness up to the highest, with any number of zero low bits. */
function sound(random: Random, length: number, bitsPerSample: number, constant: boolean): number[] {
  const zeros = pick(random, [0, 0, 1, random.below(bitsPerSample)]);
  const top = 2 ** random.below(bitsPerSample);
  const slow = random.below(2) === 0;
  let last = 0;
  const next = (): number => {
    const step = Math.ceil(top / 64);
    const value = slow ? last + random.below(2 * step + 1) - step : random.below(2 * top) - top;
    last = Math.max(-top, Math.min(top - 1, value));
    return Math.floor(last / 2 ** zeros) * 2 ** zeros;
  };
  const values = Array.from({ length }, next);
  return constant ? values.map(() => values[0]!) : values;
}

function randomSubframe(
  random: Random,
  kind: Kind,
  samples: readonly number[],
  bitsPerSample: number,
): Subframe {
  const wasted = random.below(1 + zeroBits(samples, bitsPerSample));
  if (kind === 'constant' || kind === 'verbatim') return { kind, wasted };
  const coded = samples.map((sample) => sample / 2 ** wasted);
  if (kind === 'fixed') {
    const order = random.below(Math.min(5, samples.length + 1));
    const values = leftOver(coded, FIXED[order]!, 0);
    return { kind, wasted, order, residual: randomResidual(random, values, order) };
  }
  const order = 1 + random.below(Math.min(pick(random, [4, 8, 12, 32]), samples.length));
  const precision = 1 + random.below(15);
  const top = 2 ** (precision - 1);
  const weights = Array.from({ length: order }, () => random.below(2 * top) - top);
  let shift = random.below(16);
  let values = leftOver(coded, weights, shift);
  // What is left over has 32 bits at most.
  while (values.some((value) => folded(value) > 0xffffffff)) {
    shift += 1;
    values = leftOver(coded, weights, shift);
  }
  const residual = randomResidual(random, values, order);
  return { kind, wasted, weights, precision, shift, residual };
}

/** How many low bits are zero in every sample; all but one at most. */
function zeroBits(samples: readonly number[], bitsPerSample: number): number {
  let bits = 0;
  while (bits < bitsPerSample - 1 && samples.every((sample) => sample % 2 ** (bits + 1) === 0)) {
    bits += 1;
  }
  return bits;
}

function randomResidual(random: Random, values: readonly number[], order: number): Residual {
  const length = values.length + order;
  const fitting = [1, 2, 4, 8, 16].filter((n) => length % n === 0 && length / n >= order);
  const count = pick(random, fitting);
  const parts = Array.from({ length: count }, (_, i) =>
    values.slice(Math.max(0, (i * length) / count - order), ((i + 1) * length) / count - order),
  );
  const partitions = parts.map((part) => randomPartition(random, part));
  const short = partitions.every((one) => 'escape' in one || one.parameter < 15);
  return { method: short && random.below(2) === 0 ? 0 : 1, partitions };
}

/** From numbers that nearly all stand in the remainder to some whose quotient is long. */
function randomPartition(random: Random, values: readonly number[]): Partition {
  const largest = Math.max(0, ...values.map(folded));
  const bits = largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 1;
  if (bits < 32 && random.below(4) === 0) {
    return { escape: Math.min(31, bits + random.below(3)) };
  }
  return { parameter: Math.min(30, Math.max(0, bits + 1 - random.below(9))) };
}

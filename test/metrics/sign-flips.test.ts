import { describe, expect, test } from 'vitest';
import { randomStream, type Random } from '../../lib/math/random.ts';
import { mostExactPairs, signFlipTest, smallestP } from '../../lib/metrics/sign-flips.ts';
// made by make_randomisation_golden.py
import golden from './randomisation-golden.json' with { type: 'json' };

const stream = (seed = 1): Random =>
  randomStream({ seed, stage: 'test', fold: 0, purpose: 'sign-flips' });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/**
 * Darwin's 15 pairs of maize plants, crossed less self-fertilised, in eighths of an inch (Fisher, "The
 * Design of Experiments", 1935, section 17).
 */
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

describe('the sign-flip test', () => {
  test('gives what Fisher found for Darwin’s maize: 1,726 of 32,768 patterns', () => {
    expect(signFlipTest(maize, stream())).toEqual({ p: 1726 / 32768, exact: true });
  });

  test.each(golden)('agrees with scipy for $name', ({ differences, p }) => {
    expect(signFlipTest(differences, stream()).p).toBeCloseTo(p, 12);
  });

  test('counts as one all sums that differ but for rounding', () => {
    // 0.1 + 0.2 is more than 0.3 in the last bit; as sums they are equally far from zero
    expect(signFlipTest([0.1, 0.2, -0.3, 0.6], stream()).p).toBe(
      signFlipTest([1, 2, -3, 6], stream()).p,
    );
  });

  test('finds nothing where nothing differs', () => {
    expect(signFlipTest([0, 0, 0], stream()).p).toBe(1);
    expect(signFlipTest([3, -3], stream()).p).toBe(1);
  });

  test('gives the smallest p where all of the pairs agree, whichever way', () => {
    for (const pairs of [1, 2, 8, 24, mostExactPairs]) {
      expect(signFlipTest(new Float64Array(pairs).fill(0.5), stream()).p).toBe(smallestP(pairs));
      expect(signFlipTest(new Float64Array(pairs).fill(-0.5), stream()).p).toBe(smallestP(pairs));
    }
    expect([smallestP(1), smallestP(2), smallestP(8)]).toEqual([1, 1 / 2, 1 / 128]);
  });

  test('draws patterns where there are too many to count, and comes near the exact p', () => {
    // Pairs of no difference change no p, and make the test draw.
    const padded = [...maize, ...range(mostExactPairs).map(() => 0)];
    const { p, exact } = signFlipTest(padded, stream());
    expect(exact).toBe(false);
    const truth = 1726 / 32768;
    expect(Math.abs(p - truth)).toBeLessThan(4 * Math.sqrt((truth * (1 - truth)) / 9999));
  });

  test('never says 0 where it draws, and draws by its stream alone', () => {
    const clear = range(60).map(() => 1);
    expect(signFlipTest(clear, stream()).p).toBe(1 / 10_000);
    expect(signFlipTest(clear, stream(), 99).p).toBe(smallestP(60, 99));
    const noisy = range(60).map((pair) => ((pair * 7) % 11) - 4);
    expect(signFlipTest(noisy, stream(2))).toEqual(signFlipTest(noisy, stream(2)));
    expect(signFlipTest(noisy, stream(2))).not.toEqual(signFlipTest(noisy, stream(3)));
  });

  test('calls one in twenty a difference at p < 0.05 where there is none', () => {
    const random = stream(9);
    let called = 0;
    for (let round = 0; round < 2000; round++) {
      const differences = range(10).map(() => random.normal());
      if (signFlipTest(differences, random).p < 0.05) called += 1;
    }
    // 51 of 1,024 patterns lie below 0.05; four standard errors of 2,000 rounds
    expect(Math.abs(called / 2000 - 50 / 1024)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / 2000));
  });

  test('refuses what it cannot test', () => {
    expect(() => signFlipTest([], stream())).toThrow(
      new RangeError('there is no test of no pairs'),
    );
    expect(() => signFlipTest([1, NaN], stream())).toThrow(
      new RangeError('difference 1 is NaN, no number to test'),
    );
    expect(() => signFlipTest([1], stream(), 0)).toThrow(
      new RangeError('draws must be a positive integer, not 0'),
    );
  });
});

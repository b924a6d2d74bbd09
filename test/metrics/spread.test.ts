import { describe, expect, test } from 'vitest';
import { mean, standardDeviation } from '../../lib/metrics/spread.ts';

describe('mean and standard deviation', () => {
  test('are as computed by hand', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    // squares of the distances sum to 32, over seven
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBe(Math.sqrt(32 / 7));
    expect(standardDeviation([0.3, 0.3])).toBe(0);
  });

  test('keep the spread of values that lie far from zero', () => {
    expect(standardDeviation([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(Math.sqrt(30), 9);
  });

  test('a single value has a mean and no spread, and nothing has neither', () => {
    expect(mean([0.25])).toBe(0.25);
    expect(standardDeviation([0.25])).toBeUndefined();
    expect(() => mean([])).toThrow(new RangeError('there is no mean of no values'));
  });
});

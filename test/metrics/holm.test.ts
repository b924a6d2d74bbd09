import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holm } from '../../lib/metrics/holm.ts';

const close = (values: readonly number[], expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, 14);
  });
};

describe("Holm's correction", () => {
  test('multiplies the smallest of m by m, the next by m - 1, and never falls', () => {
    // by hand: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1 raised to the 0.06 before it
    close(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  });

  test('gives what p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") gives', () => {
    // 0.01 x 5, 0.02 x 4, 0.03 x 3, then 0.04 x 2 and 0.05 x 1 raised to 0.09
    close(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]);
  });

  test('leaves a single p alone, corrects equal ones alike, and stops at 1', () => {
    expect(holm([])).toEqual([]);
    expect(holm([0.04])).toEqual([0.04]);
    close(holm([0.02, 0.02, 0.02]), [0.06, 0.06, 0.06]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
  });

  test('keeps the order of the values, lowers none, and rejects no more than Bonferroni’s does not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        (values) => {
          const corrected = holm(values);
          values.forEach((p, one) => {
            expect(corrected[one]).toBeGreaterThanOrEqual(p);
            expect(corrected[one]).toBeLessThanOrEqual(Math.min(1, p * values.length));
            values.forEach((other, place) => {
              if (p < other) expect(corrected[one]).toBeLessThanOrEqual(corrected[place]!);
            });
          });
        },
      ),
    );
  });

  test('refuses what is no probability', () => {
    expect(() => holm([0.5, 1.5])).toThrow(new RangeError('1.5 is no probability'));
    expect(() => holm([NaN])).toThrow(new RangeError('NaN is no probability'));
  });
});

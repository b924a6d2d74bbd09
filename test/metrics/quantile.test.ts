import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../lib/metrics/quantile.ts';
import golden from './metrics-golden.json' with { type: 'json' };

// test/metrics/make_metrics_golden.py: numpy.percentile; q * 100 / 100 costs numpy a last bit.
test.each(golden.quantiles)('quantiles agree with numpy: %#', ({ sorted, q, expected }) => {
  q.forEach((share, i) => {
    expect(quantile(sorted, share)).toBeCloseTo(expected[i]!, 13);
  });
});

test('a quantile grows with q and stays between the smallest and the largest value', () => {
  const values = fc
    .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })
    .map((list) => list.sort((a, b) => a - b));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, (sorted, a, b) => {
      const low = quantile(sorted, Math.min(a, b));
      const high = quantile(sorted, Math.max(a, b));
      expect(low).toBeLessThanOrEqual(high + 1e-9);
      expect(low).toBeGreaterThanOrEqual(sorted[0]! - 1e-9);
      expect(high).toBeLessThanOrEqual(sorted.at(-1)! + 1e-9);
    }),
  );
});

test('a quantile of nothing, or outside 0 to 1, is refused', () => {
  expect(() => quantile([], 0.5)).toThrow(new RangeError('there is no quantile of no values'));
  expect(() => quantile([1], 1.5)).toThrow(new RangeError('q must lie between 0 and 1, not 1.5'));
  expect(() => quantile([1], NaN)).toThrow(new RangeError('q must lie between 0 and 1, not NaN'));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  balancedWeights,
  fitLogistic,
  predictLogistic,
  type LogisticData,
} from '../../lib/model/logistic.ts';
import golden from './logistic-golden.json' with { type: 'json' };

const small: LogisticData = {
  features: Float64Array.of(0, 1, 2, 3),
  columns: 1,
  labels: [0, 1, 0, 1],
  classes: 2,
};

describe('logistic regression', () => {
  // test/model/make_logistic_golden.py: scikit-learn's newton-cholesky with tol=1e-13.
  test.each(golden)('agrees with scikit-learn to 1e-9: $name', (expected) => {
    const { columns, classes, labels, c } = expected;
    const features = Float64Array.from(expected.features);
    const model = expected.balanced
      ? fitLogistic({ features, columns, labels, classes }, c, balancedWeights(labels, classes))
      : fitLogistic({ features, columns, labels, classes }, c);
    const probabilities = predictLogistic(model, features.subarray(0, 5 * columns));
    expect(largestDifference(model.weights, expected.weights)).toBeLessThan(1e-9);
    expect(largestDifference(model.intercepts, expected.intercepts)).toBeLessThan(1e-9);
    expect(largestDifference(probabilities, expected.probabilities)).toBeLessThan(1e-9);
  });

  test('without anything to hear predicts how frequent the classes are', () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2];
    const features = new Float64Array(10);
    const model = fitLogistic({ features, columns: 1, labels, classes: 3 }, 1);
    expect(
      largestDifference(predictLogistic(model, Float64Array.of(0)), [0.5, 0.3, 0.2]),
    ).toBeLessThan(1e-12);
  });

  test('converges where a single number tells the classes apart, however weak the penalty', () => {
    const labels = Array.from({ length: 40 }, (_, row) => (row < 20 ? 0 : 1));
    const features = Float64Array.from(
      labels,
      (label, row) => (label === 0 ? -1 : 1) * (1 + row / 40),
    );
    const model = fitLogistic({ features, columns: 1, labels, classes: 2 }, 1e6);
    expect(model.weights[1]).toBeGreaterThan(3);
    expect(model.weights[0]).toBeCloseTo(-model.weights[1]!, 9);
  });

  test('gives intercepts that sum to zero and probabilities that sum to one', () => {
    const rows = fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.nat(2)), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (drawn) => {
        const labels = [0, 1, 2, ...drawn.map(([, label]) => label)];
        const features = Float64Array.from([0, 0.5, 1, ...drawn.map(([value]) => value)]);
        const model = fitLogistic({ features, columns: 1, labels, classes: 3 }, 1);
        expect(sum(model.intercepts)).toBeCloseTo(0, 10);
        const probabilities = predictLogistic(model, features);
        labels.forEach((_, row) => {
          expect(sum(probabilities.subarray(row * 3, row * 3 + 3))).toBeCloseTo(1, 14);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('refuses what it cannot fit', () => {
    expect(() => fitLogistic({ ...small, labels: [0, 0, 0, 0] }, 1)).toThrow(
      new RangeError('class 1 has no rows'),
    );
    expect(() => fitLogistic({ ...small, labels: [0, 1, 2, 1] }, 1)).toThrow(
      new RangeError('label 2 is no class'),
    );
    expect(() => fitLogistic(small, 0)).toThrow(new RangeError('c must be above 0, not 0'));
    expect(() => fitLogistic({ ...small, features: Float64Array.of(0, NaN, 1, 2) }, 1)).toThrow(
      new RangeError('a feature is not finite'),
    );
    expect(() => fitLogistic({ ...small, columns: 2 }, 1)).toThrow(
      new RangeError('4 labels, 4 values in 2 columns, 4 weights'),
    );
    const model = {
      classes: 2,
      columns: 2,
      weights: new Float64Array(4),
      intercepts: new Float64Array(2),
    };
    expect(() => predictLogistic(model, new Float64Array(3))).toThrow(
      new RangeError('3 values are no rows of 2'),
    );
  });
});

test('balanced weights let every class count alike and average one', () => {
  const weights = balancedWeights([0, 0, 0, 1, 2, 2], 3);
  expect([...weights]).toEqual([2 / 3, 2 / 3, 2 / 3, 2, 1, 1]);
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

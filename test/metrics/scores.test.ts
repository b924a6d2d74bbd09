import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confusionMatrix } from '../../lib/metrics/confusion.ts';
import { scoresOf } from '../../lib/metrics/scores.ts';
import golden from './metrics-golden.json' with { type: 'json' };

/** Clips of up to five classes, each with a true and a predicted label. */
const predictions = fc
  .integer({ min: 1, max: 5 })
  .chain((classes) =>
    fc.record({
      classes: fc.constant(classes),
      pairs: fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1)), {
        minLength: 1,
        maxLength: 60,
      }),
    }),
  )
  .map(({ classes, pairs }) => ({
    classes,
    truth: pairs.map(([truth]) => truth),
    predicted: pairs.map(([, predicted]) => predicted),
  }));

describe('confusion matrix', () => {
  test('counts clips with the truth in rows and the prediction in columns', () => {
    const confusion = confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 2, 2], 3);
    expect([...confusion]).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 2]);
  });

  test('holds every clip once, in its row and its column', () => {
    fc.assert(
      fc.property(predictions, ({ truth, predicted, classes }) => {
        const confusion = confusionMatrix(truth, predicted, classes);
        for (let label = 0; label < classes; label++) {
          const row = confusion.subarray(label * classes, (label + 1) * classes);
          const column = confusion.filter((_, cell) => cell % classes === label);
          expect(sum(row)).toBe(truth.filter((t) => t === label).length);
          expect(sum(column)).toBe(predicted.filter((p) => p === label).length);
        }
      }),
    );
  });

  test('refuses labels that are no class, and lists of different lengths', () => {
    expect(() => confusionMatrix([0, 3], [0, 0], 3)).toThrow(
      new RangeError('label 3 at 1 is none of 0 to 2'),
    );
    expect(() => confusionMatrix([0], [0.5], 3)).toThrow(
      new RangeError('label 0.5 at 0 is none of 0 to 2'),
    );
    expect(() => confusionMatrix([0], [0, 1], 3)).toThrow(
      new RangeError('1 true labels, but 2 predicted ones'),
    );
  });
});

describe('scores', () => {
  // test/metrics/make_metrics_golden.py: scikit-learn; both divide whole numbers, so to the last bits.
  test.each(golden.scores)('agree with scikit-learn: $name', (expected) => {
    const confusion = confusionMatrix(expected.truth, expected.predicted, expected.classes);
    expect([...confusion]).toEqual(expected.confusion);
    const scores = scoresOf(confusion, expected.classes);
    expect(scores.wa).toBeCloseTo(expected.wa, 14);
    expect(scores.uar).toBeCloseTo(expected.uar, 14);
    for (const name of ['recall', 'precision', 'f1'] as const) {
      expect(scores[name]).toHaveLength(expected.classes);
      expected[name].forEach((value, label) => {
        expect(scores[name][label]).toBeCloseTo(value, 14);
      });
    }
  });

  test('are those worked out by hand', () => {
    // Class 0: 8 of 10 right; class 1: 3 of 6; class 2 none of 4, and never called.
    const scores = scoresOf(Int32Array.of(8, 2, 0, 3, 3, 0, 1, 3, 0), 3);
    expect(scores.wa).toBe(11 / 20);
    expect(scores.uar).toBeCloseTo((0.8 + 0.5 + 0) / 3, 15);
    expect([...scores.recall]).toEqual([0.8, 0.5, 0]);
    expect([...scores.precision]).toEqual([8 / 12, 3 / 8, 0]);
    expect([...scores.f1]).toEqual([16 / 22, 6 / 14, 0]);
    expect(scores.collapsed).toBe(false);
  });

  test('leave a class without clips out of the UAR, while calling it stays wrong', () => {
    const scores = scoresOf(Int32Array.of(3, 1, 0, 0), 2);
    expect(scores.uar).toBe(0.75);
    expect([...scores.recall]).toEqual([0.75, 0]);
    expect([...scores.precision]).toEqual([1, 0]);
  });

  test('call predictions of a single class collapsed, right or wrong', () => {
    expect(scoresOf(Int32Array.of(0, 5, 0, 7), 2).collapsed).toBe(true);
    expect(scoresOf(Int32Array.of(5, 0, 0, 0), 2).collapsed).toBe(true);
    expect(scoresOf(Int32Array.of(1, 5, 0, 7), 2).collapsed).toBe(false);
  });

  test('do not depend on how the classes are numbered', () => {
    fc.assert(
      fc.property(
        predictions,
        fc.infiniteStream(fc.nat()),
        ({ truth, predicted, classes }, keys) => {
          const sortKeys = [...keys.take(classes)];
          const order = sortKeys
            .map((_, label) => label)
            .sort((a, b) => sortKeys[a]! - sortKeys[b]!);
          const plain = scoresOf(confusionMatrix(truth, predicted, classes), classes);
          const renamed = scoresOf(
            confusionMatrix(
              truth.map((label) => order[label]!),
              predicted.map((label) => order[label]!),
              classes,
            ),
            classes,
          );
          expect(renamed.wa).toBe(plain.wa);
          expect(renamed.uar).toBeCloseTo(plain.uar, 14);
          expect(renamed.collapsed).toBe(plain.collapsed);
          order.forEach((name, label) => {
            expect(renamed.f1[name]).toBe(plain.f1[label]);
          });
        },
      ),
    );
  });

  test('refuse no clips, and a matrix of another size', () => {
    expect(() => scoresOf(new Int32Array(4), 2)).toThrow(
      new RangeError('there are no scores of no clips'),
    );
    expect(() => scoresOf(new Int32Array(4), 3)).toThrow(
      new RangeError('4 cells are no matrix of 3 classes'),
    );
  });
});

function sum(values: Int32Array): number {
  return values.reduce((a, b) => a + b, 0);
}

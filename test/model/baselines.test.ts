import { describe, expect, test } from 'vitest';
import {
  hearing,
  hearingColumns,
  largest,
  learnLoudness,
  learnMajority,
  predictFolds,
} from '../../lib/model/baselines.ts';

/** Twelve clips of three classes in two folds; the louder, the higher the class. */
const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
const fold = labels.map((_, clip) => (clip < 6 ? 1 : 2));
const heard = Float64Array.from(
  labels.flatMap((label, clip) => hearing(3.5 + clip / 10, [-40, 10 * label])),
);
const data = { labels, classes: 3, heard };
const nothing = () => undefined;

describe('baselines', () => {
  test('hear length, mean, maximum and range', () => {
    expect(hearing(3.7, Float32Array.of(-30, -10, -50))).toEqual([3.7, -30, -10, 40]);
    expect(hearing(3.7, [-30])).toHaveLength(hearingColumns);
    expect(() => hearing(3.7, [])).toThrow(
      new RangeError('a loudness curve needs at least one frame'),
    );
  });

  test('of the majority give the shares of the training clips', () => {
    const baseline = learnMajority({ ...data, labels: [0, 2, 2, 1] }, [0, 1, 2]);
    expect([...baseline([3, 0])]).toEqual([1 / 3, 0, 2 / 3, 1 / 3, 0, 2 / 3]);
  });

  test('of loudness weight classes alike: a rare class is not passed over', () => {
    // Nothing to hear, and nine clips of one class to one of the other.
    const rare = {
      labels: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      classes: 2,
      heard: new Float64Array(40),
    };
    const [first, second] = learnLoudness(rare, [...rare.labels.keys()], 1)([0]);
    expect(first).toBeCloseTo(0.5, 12);
    expect(second).toBeCloseTo(0.5, 12);
  });

  test('of loudness do not depend on the unit: inputs are standardised', () => {
    const scaled = { ...data, heard: heard.map((value) => 1000 * value + 7) };
    const rows = [...labels.keys()];
    const plain = learnLoudness(data, rows, 1)(rows);
    learnLoudness(
      scaled,
      rows,
      1,
    )(rows).forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i]!, 9);
    });
  });

  test('predict a fold without having heard it', () => {
    const learn = (changed: typeof data) =>
      predictFolds(changed, fold, 2, (rows) => learnLoudness(changed, rows, 1), nothing);
    const plain = learn(data);
    const others = learn({ ...data, labels: [2, 1, 0, ...labels.slice(3)] });
    // Labels of fold 1 moved: its own probabilities stay, those of fold 2 do not.
    expect(others.slice(0, 18)).toEqual(plain.slice(0, 18));
    expect(others.slice(18)).not.toEqual(plain.slice(18));
  });

  test('take each fold in turn, and stop where that throws', () => {
    const seen: number[] = [];
    const learn = (rows: readonly number[]) => learnMajority(data, rows);
    predictFolds(data, fold, 2, learn, (f) => seen.push(f));
    expect(seen).toEqual([1, 2]);
    expect(() =>
      predictFolds(data, fold, 2, learn, () => {
        throw new Error('stopped');
      }),
    ).toThrow('stopped');
  });

  test('predict the first of equally likely classes', () => {
    expect(largest([0.2, 0.4, 0.4])).toBe(1);
  });
});

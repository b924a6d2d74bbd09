import { describe, expect, test } from 'vitest';
import { randomStream } from '../../lib/math/random.ts';
import { bootstrapIntervals } from '../../lib/metrics/bootstrap.ts';
import {
  comparedIntervals,
  meanScores,
  shareRight,
  speakerDifferences,
} from '../../lib/metrics/points.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const stream = (seed = 1) =>
  randomStream({ seed, stage: 'compare', fold: 0, purpose: 'bootstrap' });

/** Two classes, three speakers; two repetitions of each of two points. */
const truth = [0, 0, 1, 0, 1, 1, 0, 1];
const speakers = [0, 0, 0, 1, 1, 1, 2, 2];
const one = shareRight(truth, [
  [0, 0, 1, 1, 1, 1, 0, 0],
  [0, 1, 1, 1, 1, 0, 0, 0],
]);
const other = shareRight(truth, [
  [1, 1, 1, 0, 1, 0, 0, 1],
  [1, 1, 0, 0, 0, 0, 0, 1],
]);

describe('the scores of a point', () => {
  test('are the means over its repetitions', () => {
    expect([...one]).toEqual([1, 0.5, 1, 0, 1, 0.5, 1, 0]);
    // recalls 3/4 and 3/4, then 2/4 and 2/4
    expect(meanScores(truth, one, 2)).toEqual({ wa: 5 / 8, uar: 5 / 8 });
  });

  test('leave out a class that does not occur', () => {
    expect(meanScores([0, 0, 2], Float64Array.of(1, 0, 1), 4).uar).toBe(0.75);
  });

  test('count a clip as often as it is in the sample', () => {
    expect(meanScores([0, 0, 1], Float64Array.of(1, 0, 1), 2, [3, 1, 2])).toEqual({
      wa: 5 / 6,
      uar: 7 / 8,
    });
  });
});

describe('what each speaker adds to a difference', () => {
  test('is as computed by hand, and sums to the difference of the UARs', () => {
    const differences = speakerDifferences(truth, speakers, 2, one, other);
    // four clips of each class, two classes: a clip that only one point calls right is worth 1/8
    expect([...differences]).toEqual([2 / 8, 0 / 8, -1 / 8]);
    const sum = differences.reduce((so, difference) => so + difference, 0);
    expect(sum).toBeCloseTo(meanScores(truth, one, 2).uar - meanScores(truth, other, 2).uar, 14);
  });
});

describe('the intervals of points', () => {
  test('are those of a single model where there is one repetition of one point', () => {
    const predicted = range(60).map((clip) => (clip % 4 === 0 ? 0 : clip % 3));
    const request = {
      truth: range(60).map((clip) => clip % 3),
      speakers: range(60).map((clip) => Math.floor(clip / 6)),
      classes: 3,
      draws: 300,
      level: 0.95,
    };
    const { wa, uar, redraws } = bootstrapIntervals({ ...request, predicted, random: stream() });
    const compared = comparedIntervals(
      { ...request, random: stream() },
      [shareRight(request.truth, [predicted])],
      [],
    );
    expect(compared.redraws).toBe(redraws);
    const [point] = compared.points;
    for (const end of [0, 1] as const) {
      expect(point!.wa[end]).toBeCloseTo(wa[end], 14);
      expect(point!.uar[end]).toBeCloseTo(uar[end], 14);
    }
  });

  test('of a difference are those of a mean of paired values, by the normal approximation', () => {
    // One clip a speaker and one class: of 400, both right 200, only the first 80, only the other 40.
    const right = (from: number, to: number): number[] =>
      range(400).map((clip) => (clip >= from && clip < to ? 1 : 0));
    const { differences } = comparedIntervals(
      {
        truth: range(400).map(() => 0),
        speakers: range(400),
        classes: 1,
        draws: 2000,
        level: 0.95,
        random: stream(),
      },
      [Float64Array.from(right(0, 280)), Float64Array.from(right(80, 320))],
      [[0, 1]],
    );
    // Each clip's difference is 1, 0 or -1: mean 0.1, variance (80 + 40) / 400 - 0.1^2.
    const half = 1.959964 * Math.sqrt((0.3 - 0.01) / 400);
    // 2,000 draws place a percentile to about 0.002; differences move in steps of 0.0025.
    expect(Math.abs(differences[0]![0] - (0.1 - half))).toBeLessThan(0.0085);
    expect(Math.abs(differences[0]![1] - (0.1 + half))).toBeLessThan(0.0085);
  });

  test('of two points that call the same clips right differ by nothing in every sample', () => {
    const { differences } = comparedIntervals(
      { truth, speakers, classes: 2, draws: 50, level: 0.95, random: stream() },
      [one, one],
      [[0, 1]],
    );
    expect(differences).toEqual([[0, 0]]);
  });

  test('refuse what cannot be put side by side', () => {
    expect(() => shareRight(truth, [])).toThrow(new RangeError('a point needs a repetition'));
    expect(() => shareRight(truth, [[0, 1]])).toThrow(
      new RangeError('8 true labels, but 2 predicted ones'),
    );
    expect(() =>
      comparedIntervals(
        { truth, speakers, classes: 2, draws: 5, level: 0.95, random: stream() },
        [Float64Array.of(1)],
        [],
      ),
    ).toThrow(new RangeError('8 true labels, but a point of 1 clips'));
    expect(() => meanScores([], new Float64Array(0), 2)).toThrow(
      new RangeError('there are no scores of no clips'),
    );
  });
});

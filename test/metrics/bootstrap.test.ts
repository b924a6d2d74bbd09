import { describe, expect, test } from 'vitest';
import { randomStream, type Random } from '../../lib/math/random.ts';
import { bootstrapIntervals } from '../../lib/metrics/bootstrap.ts';

const draws = 2000;
const level = 0.95;
const stream = (seed: number): Random =>
  randomStream({ seed, stage: 'evaluate', fold: 0, purpose: 'bootstrap' });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('bootstrap intervals', () => {
  test('with one clip a speaker are those of a share, by the normal approximation', () => {
    // 140 of 200 clips right: standard error sqrt(0.7 * 0.3 / 200).
    const truth = range(200).map(() => 0);
    const predicted = range(200).map((clip) => (clip < 140 ? 0 : 1));
    const { wa, uar, redraws } = bootstrapIntervals({
      truth,
      predicted,
      speakers: range(200),
      classes: 2,
      draws,
      level,
      random: stream(1),
    });
    const half = 1.959964 * Math.sqrt((0.7 * 0.3) / 200);
    // 2,000 draws place a percentile to about 0.003; WA moves in steps of 0.005.
    expect(Math.abs(wa[0] - (0.7 - half))).toBeLessThan(0.011);
    expect(Math.abs(wa[1] - (0.7 + half))).toBeLessThan(0.011);
    // Class 1 does not occur, so UAR is the recall of class 0, which is WA; nothing to draw again.
    expect(uar).toEqual(wa);
    expect(redraws).toBe(0);
  });

  test('are wider when clips of a speaker share their fate', () => {
    // 20 speakers of 10 clips; 14 speakers all right, 6 all wrong: 20 independent values, not 200.
    const { wa } = bootstrapIntervals({
      truth: range(200).map(() => 0),
      predicted: range(200).map((clip) => (clip < 140 ? 0 : 1)),
      speakers: range(200).map((clip) => Math.floor(clip / 10)),
      classes: 2,
      draws,
      level,
      random: stream(1),
    });
    const half = 1.959964 * Math.sqrt((0.7 * 0.3) / 20);
    expect(Math.abs(wa[0] - (0.7 - half))).toBeLessThan(0.051);
    expect(Math.abs(wa[1] - (0.7 + half))).toBeLessThan(0.051);
  });

  test('of perfect predictions are a point', () => {
    const truth = range(40).map((clip) => clip % 4);
    const { wa, uar } = bootstrapIntervals({
      truth,
      predicted: truth,
      speakers: range(40).map((clip) => Math.floor(clip / 8)),
      classes: 4,
      draws,
      level,
      random: stream(3),
    });
    expect([wa, uar]).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('draw again, and count, where a class is missing', () => {
    // Two speakers with a class each: half of all draws take one speaker twice.
    const { uar, redraws } = bootstrapIntervals({
      truth: [0, 1],
      predicted: [0, 0],
      speakers: [0, 1],
      classes: 2,
      draws,
      level,
      random: stream(1),
    });
    expect(uar).toEqual([0.5, 0.5]);
    expect(Math.abs(redraws - draws)).toBeLessThan(5 * Math.sqrt(2 * draws));
  });

  test('depend on the seed alone, and draw the same clips for two models', () => {
    const truth = range(60).map((clip) => clip % 3);
    const request = {
      truth,
      speakers: range(60).map((clip) => Math.floor(clip / 6)),
      classes: 3,
      draws: 200,
      level,
    };
    const one = range(60).map((clip) => (clip % 4 === 0 ? 0 : clip % 3));
    const again = () => bootstrapIntervals({ ...request, predicted: one, random: stream(5) });
    expect(again()).toEqual(again());
    expect(bootstrapIntervals({ ...request, predicted: one, random: stream(6) })).not.toEqual(
      again(),
    );

    const after = [one, truth].map((predicted) => {
      const random = stream(5);
      bootstrapIntervals({ ...request, predicted, random });
      return random.nextUint32();
    });
    expect(after[0]).toBe(after[1]);
  });

  test('report each draw, and stop where that throws', () => {
    const seen: number[] = [];
    const request = {
      truth: [0, 0],
      predicted: [0, 1],
      speakers: [0, 1],
      classes: 2,
      draws: 5,
      level,
      random: stream(1),
      onDraw: (done: number) => {
        seen.push(done);
        if (done === 3) throw new Error('stopped');
      },
    };
    expect(() => bootstrapIntervals(request)).toThrow('stopped');
    expect(seen).toEqual([1, 2, 3]);
  });

  test('refuse what has no interval', () => {
    const request = {
      truth: [0, 1],
      predicted: [0, 1],
      speakers: [0, 1],
      classes: 2,
      draws,
      level,
      random: stream(1),
    };
    const refusal = (change: Partial<typeof request>) => () =>
      bootstrapIntervals({ ...request, ...change });
    expect(refusal({ truth: [], predicted: [], speakers: [] })).toThrow(
      new RangeError('there is no interval of no clips'),
    );
    expect(refusal({ predicted: [0] })).toThrow(
      new RangeError('2 true labels, 1 predicted ones and 2 speakers'),
    );
    expect(refusal({ draws: 0 })).toThrow(
      new RangeError('draws must be a positive integer, not 0'),
    );
    expect(refusal({ level: 95 })).toThrow(
      new RangeError('level must lie between 0 and 1, not 95'),
    );
    expect(refusal({ speakers: [0, 2] })).toThrow(new RangeError('speaker 1 has no clip'));
  });
});

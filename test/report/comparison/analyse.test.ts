import { describe, expect, test } from 'vitest';
import { holm } from '../../../lib/metrics/holm.ts';
import { mean, standardDeviation } from '../../../lib/metrics/spread.ts';
import type { Comparison, PointResult } from '../../../lib/report/comparison/data.ts';
import { loudness, noise, verdict } from '../../../lib/report/comparison/sentences.ts';
import { warnings } from '../../../lib/report/comparison/warnings.ts';
import { compared } from './compared.ts';
import type { PlannedPoint } from './runs.ts';

const point = (lambda: number, skill: number, more: Partial<PlannedPoint> = {}): PlannedPoint => ({
  label: `lambda=${String(lambda)}`,
  parameters: { 'train.lambda': lambda },
  skill,
  ...more,
});
const of = { seeds: [1, 2, 3], folds: 3, draws: 100 } as const;
const kinds = ({ points }: Comparison): string[] => points.map(({ against }) => against.kind);
const codes = (comparison: Comparison): string[] => warnings(comparison).map(({ code }) => code);
const differenceOf = ({ against }: PointResult) =>
  'difference' in against ? against.difference : undefined;

describe('a comparison', () => {
  test('tells clear differences from noise, and corrects for their number', async () => {
    const comparison = await compared({
      ...of,
      speakers: 12,
      points: [point(0.3, 0.5), point(0.5, 0.95), point(0.8, 0.52), point(1, 0.05)],
      baseline: 'lambda=0.3',
    });
    expect(kinds(comparison)).toEqual(['itself', 'better', 'noise', 'worse']);
    expect(comparison.tests).toEqual({ count: 3, smallestP: 2 / 4096, exact: true });
    const tested = comparison.points.slice(1);
    expect(tested.map(({ against }) => 'corrected' in against && against.corrected)).toEqual(
      holm(tested.map((one) => differenceOf(one)!.p)),
    );
    expect(verdict(comparison).text).toMatch(
      /Of the 3 points tested against it, 1 is better beyond the noise, 1 worse, and 1 cannot be told from it\.$/,
    );
  });

  test.each([
    [0.95, 0.05],
    [0.9, 0.1],
    [0.999, 0.001],
  ])('at the level %d calls noise what is not below %d', async (level, alpha) => {
    expect((await compared({ ...of, level, points: [point(0.3, 0.5)] })).alpha).toBe(alpha);
  });

  test('says how the others stand where the baseline itself is best', async () => {
    const points = [point(0.3, 0.72), point(0.5, 0.64)];
    expect(verdict(await compared({ ...of, points })).text).toBe(
      'It is the baseline itself: no other point did better. The one point tested against it, “lambda=0.5”, is within the noise.',
    );
    expect(verdict(await compared({ ...of, points: [...points, point(0.8, 0.64)] })).text).toBe(
      'It is the baseline itself: no other point did better. None of the 2 points tested against it can be told from it: all their differences are within the noise.',
    );
  });

  test('has means and spreads over seeds and folds, and differences that are those of the means', async () => {
    const comparison = await compared({ ...of, points: [point(0.3, 0.5), point(0.8, 0.64)] });
    const [first, second] = comparison.points;
    for (const { uar, runs } of [first!, second!]) {
      const pooled = runs.map((run) => run.uar);
      const folds = runs.map((run) => run.folds.map((fold) => fold.uar));
      expect(uar.mean).toBe(mean(pooled));
      expect(uar.deviationOverSeeds).toBe(standardDeviation(pooled));
      expect(uar.meanOverFolds).toBeCloseTo(mean(folds.flat()), 14);
      expect(uar.deviationOverFolds).toBeCloseTo(
        mean(folds.map((values) => standardDeviation(values)!)),
        14,
      );
      expect(uar.low).toBeLessThan(uar.mean);
      expect(uar.high).toBeGreaterThan(uar.mean);
    }
    const difference = differenceOf(second!)!;
    expect(difference.uar).toBeCloseTo(second!.uar.mean - first!.uar.mean, 14);
    expect(difference.low).toBeLessThan(difference.uar);
    expect(difference.high).toBeGreaterThan(difference.uar);
  });

  test('calls noise what other seeds move as far, however sure the speakers are', async () => {
    const comparison = await compared({
      ...of,
      speakers: 16,
      takes: 6,
      // Of three seeds one collapses altogether: a mean far below, and a spread as wide.
      points: [
        point(0.3, 0.8),
        point(0.8, 0.8, { collapsedSeeds: [3] }),
        point(1, 0.8, { sameAs: 'lambda=0.3' }),
      ],
    });
    const { against } = comparison.points[1]!;
    expect(against).toMatchObject({ kind: 'seed-noise' });
    if (!('seedError' in against)) throw new Error('it was not tested');
    expect(against.corrected).toBeLessThan(0.05);
    expect(Math.abs(against.difference.uar)).toBeLessThan(2 * against.seedError!);
    expect(verdict(comparison).text).toMatch(/ within the noise, of speakers or of seeds\.$/);
  });

  test('does not pair points of other clips, and warns', async () => {
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3), point(0.5, 0.4), point(0.8, 0.9, { fewerClips: true })],
    });
    expect(kinds(comparison)).toEqual(['itself', 'noise', 'unpaired']);
    expect(comparison.tests.count).toBe(1);
    expect(codes(comparison)).toContain('other-clips');
    expect(verdict(comparison).text).toBe(
      'It was tested on other clips than the baseline, “lambda=0.3”, so the two cannot be compared clip by clip. The one point tested against it, “lambda=0.5”, is within the noise.',
    );
  });

  test('tests nothing where the baseline failed, and says so', async () => {
    const failure = { seed: 1, stage: 'train', message: 'it diverged', rerun: 'npm run pipeline' };
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3), point(0.5, 0.4)],
      baseline: 'lambda=0.8',
      failed: [{ label: 'lambda=0.8', parameters: { 'train.lambda': 0.8 }, ...failure }],
    });
    expect(kinds(comparison)).toEqual(['no-baseline', 'no-baseline']);
    expect(comparison.tests.count).toBe(0);
    expect(verdict(comparison)).toEqual({
      better: false,
      text: 'The baseline, “lambda=0.8”, has no result, so no point is tested against it.',
    });
    expect(codes(comparison)).toContain('failed-points');
  });

  test('says that a point which loudness explains has shown nothing', async () => {
    const points = [point(0.3, 0.3), point(0.8, 0.4)];
    const deaf = await compared({ ...of, points, loudness: 0.8 });
    expect(loudness(deaf)).toMatchObject({ beaten: false });
    expect(loudness(deaf).text).toMatch(/^The best point does not do better than the loudness/);
    const hearing = await compared({ ...of, points: [point(0.3, 0.95)], loudness: 0.1 });
    expect(loudness(hearing).beaten).toBe(true);
  });

  test('warns where speakers are too few for any difference to be one', async () => {
    const few = await compared({
      ...of,
      speakers: 4,
      points: [0.3, 0.5, 0.8].map((lambda) => point(lambda, lambda)),
    });
    expect(warnings(few).find(({ code }) => code === 'few-speakers')?.text).toBe(
      'With 4 speakers the test cannot give a p below 0.125, which corrected for 2 comparisons is 0.250: no difference, however large, could be called one. It takes more speakers, or fewer points.',
    );
  });

  test('warns of a single seed, of seeds that are missing, and of collapsed folds', async () => {
    const one = await compared({
      ...of,
      seeds: [1],
      points: [point(0.3, 0.5), point(0.8, 0.3, { collapsed: [1, 2] })],
      baseline: 'lambda=0.8',
      synthetic: false,
      by: 'speaker',
    });
    expect(codes(one)).toEqual(['one-seed', 'collapsed-folds']);
    expect(noise(one)).toMatch(/^Each point was trained with one seed/);
    expect(one.points.map(({ uar }) => uar.deviationOverSeeds)).toEqual([null, null]);
    expect(one.points.map(({ collapsed, trainings }) => [collapsed, trainings])).toEqual([
      [0, 3],
      [2, 3],
    ]);
    const fewer = await compared({
      ...of,
      points: [point(0.3, 0.5), point(0.8, 0.3, { seeds: [2] })],
    });
    expect(codes(fewer)).toEqual(['synthetic-corpus', 'speakers-shared', 'unequal-seeds']);
  });
});

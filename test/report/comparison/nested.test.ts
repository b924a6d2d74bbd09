import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../lib/report/comparison/data.ts';
import { answer, chosenOf, selection, verdict } from '../../../lib/report/comparison/sentences.ts';
import { compared } from './compared.ts';
import type { PlannedPoint } from './runs.ts';

const point = (lambda: number, skill: number, more: Partial<PlannedPoint> = {}): PlannedPoint => ({
  label: `lambda=${String(lambda)}`,
  parameters: { 'train.lambda': lambda },
  skill,
  ...more,
});
const of = { select: 'nested', folds: 3, seeds: [1, 2], draws: 50 } as const;

/** UAR of a point's run on one fold. */
function foldUar({ points }: Comparison, label: string, fold: number): number {
  const runs = points.find((one) => one.label === label)!.runs;
  const uars = runs.map(({ folds }) => folds.find((one) => one.fold === fold)!.uar);
  return uars.reduce((sum, uar) => sum + uar, 0) / uars.length;
}

describe('nested selection', () => {
  test('chooses by the inner folds, however the test folds tempt', async () => {
    // On the test folds the second is far better; on the inner folds the first is.
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3, { innerSkill: 0.9 }), point(0.8, 0.9, { innerSkill: 0.3 })],
    });
    const chosen = chosenOf(comparison)!;
    expect(chosen.choices.map(({ fold, point: label }) => [fold, label])).toEqual([
      [1, 'lambda=0.3'],
      [2, 'lambda=0.3'],
      [3, 'lambda=0.3'],
    ]);
    for (const { fold, testUar, seeds } of chosen.choices) {
      expect(testUar).toBeCloseTo(foldUar(comparison, 'lambda=0.3', fold), 14);
      expect(seeds).toEqual([1, 2]);
    }
    // The whole procedure is then the first point, to the bit of its intervals.
    const [first] = comparison.points;
    expect(chosen.uar.mean).toBeCloseTo(first!.uar.mean, 14);
    expect([chosen.uar.low, chosen.uar.high]).toEqual([first!.uar.low, first!.uar.high]);
    expect(chosen.against).toMatchObject({ low: 0, high: 0, p: 1 });
    expect(comparison.points[comparison.best]!.label).toBe('lambda=0.8');
    expect(answer(comparison)).toContain('Chosen: “lambda=0.3” in 3 of 3 choices.');
    expect(selection(comparison)).toContain('All folds chose the same point.');
    // Against the point that it would have claimed, it is no success that it is told from it.
    const tempted = { ...of, baseline: 'lambda=0.8', speakers: 12 };
    const worse = await compared({
      ...tempted,
      points: [point(0.3, 0.3, { innerSkill: 0.9 }), point(0.8, 0.95, { innerSkill: 0.3 })],
    });
    expect(verdict(worse)).toMatchObject({ better: false });
    expect(verdict(worse).text).toMatch(
      /^The UAR of the chosen points together is \d\d\.\d points below the baseline’s, “lambda=0\.8” \(.*\)\. That is beyond the noise \(p [<=] 0\.001, one test\)\./,
    );
  });

  test('pools the predictions of what each fold chose', async () => {
    const comparison = await compared({
      ...of,
      points: [0.3, 0.5, 0.8, 1].map((lambda) => point(lambda, 0.5)),
    });
    const chosen = chosenOf(comparison)!;
    for (const { fold, point: label, testUar } of chosen.choices) {
      expect(testUar).toBeCloseTo(foldUar(comparison, label, fold), 14);
    }
    // Every fold has the same number of clips of each class here, so the pooled UAR is their mean.
    const mean = chosen.choices.reduce((sum, { testUar }) => sum + testUar, 0) / 3;
    expect(chosen.uar.mean).toBeCloseTo(mean, 12);
  });

  test('chooses for each seed on its own where the seeds deal the clips otherwise', async () => {
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3, { innerSkill: 0.9 }), point(0.8, 0.3)],
      folds: 4,
      dealtBySeed: true,
    });
    const seedsOf = new Map<string, number[]>();
    for (const { seeds, fold } of chosenOf(comparison)!.choices) {
      seedsOf.set(seeds.join(), [...(seedsOf.get(seeds.join()) ?? []), fold]);
    }
    expect([...seedsOf]).toEqual([
      ['1', [1, 3]],
      ['2', [1, 2, 3, 4]],
    ]);
  });

  test('names the point that does best over all inner folds', async () => {
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3), point(0.5, 0.3, { innerSkill: 0.95 }), point(0.8, 0.5)],
    });
    const { overall, choices } = chosenOf(comparison)!;
    expect(overall.point).toBe('lambda=0.5');
    const mean = choices.reduce((sum, { innerUar }) => sum + innerUar, 0) / choices.length;
    expect(overall.innerUar).toBeCloseTo(mean, 14);
    expect(answer(comparison)).toContain('To train one network for use, take “lambda=0.5”');
  });

  test('gives ties to the earlier point', async () => {
    const twin = point(0.8, 0.5, { sameAs: 'lambda=0.3' });
    const comparison = await compared({ ...of, points: [point(0.3, 0.5), twin] });
    const chosen = chosenOf(comparison)!;
    expect(new Set(chosen.choices.map(({ point: label }) => label))).toEqual(
      new Set(['lambda=0.3']),
    );
  });

  test('does not choose a point that lacks a seed, and says so', async () => {
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3), point(0.8, 0.95, { seeds: [1] })],
    });
    const chosen = chosenOf(comparison)!;
    expect(chosen.excluded).toEqual(['lambda=0.8']);
    expect(new Set(chosen.choices.map(({ point: label }) => label))).toEqual(
      new Set(['lambda=0.3']),
    );
  });

  test('is impossible between points of other clips, and then the best is said to flatter', async () => {
    const comparison = await compared({
      ...of,
      points: [point(0.3, 0.3), point(0.8, 0.9, { fewerClips: true })],
    });
    expect(comparison.nested).toEqual({
      kind: 'impossible',
      why: 'The points do not share their clips and folds: lambda=0.8 deals them otherwise than lambda=0.3, so there is no outer fold to choose for.',
    });
    expect(selection(comparison)).toMatch(
      /^Nested selection was asked for, but cannot be made: .* its UAR is optimistic\.$/,
    );
  });
});

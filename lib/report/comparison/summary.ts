import { mean, standardDeviation } from '../../metrics/spread.ts';
import type { Estimate, FoldResult, RunResult } from './data.ts';
import type { GatheredRun, Training } from './gather.ts';

/** A run in numbers: what its scores and its trainings say, fold by fold and pooled. */
export function runResult(run: GatheredRun): RunResult {
  const pooled = run.scores.find(({ fold }) => fold === 0);
  if (pooled === undefined) throw new Error(`${run.evaluate} has no pooled score`);
  const folds = run.scores
    .filter(({ fold }) => fold > 0)
    .sort((a, b) => a.fold - b.fold)
    .map(({ fold, clips, uar, wa, collapsed }): FoldResult => {
      const training = run.trainings.find((of) => of.fold === fold);
      if (training === undefined) throw new Error(`${run.train} has no training for fold ${fold}`);
      const { weights, epochs } = training;
      const steps = stepsOf(training, pooled.clips - clips);
      return { fold, clips, uar, wa, collapsed, weights, epochs, steps };
    });
  return {
    seed: run.seed,
    evaluate: run.evaluate,
    train: run.train,
    by: run.split.by,
    speakersShared: run.split.speakersShared,
    backends: [...new Set(run.trainings.map(({ backend }) => backend))].sort(),
    clips: pooled.clips,
    uar: pooled.uar,
    wa: pooled.wa,
    collapsed: pooled.collapsed,
    folds,
  };
}

/** Mean and spreads of a point's UAR or WA, with the interval that the bootstrap gave. */
export function estimate(
  runs: readonly RunResult[],
  score: 'uar' | 'wa',
  [low, high]: readonly [number, number],
): Estimate {
  const pooled = runs.map((run) => run[score]);
  const inRuns = runs.flatMap(({ folds }) => {
    const deviation = standardDeviation(folds.map((fold) => fold[score]));
    return deviation === undefined ? [] : [deviation];
  });
  return {
    mean: mean(pooled),
    low,
    high,
    deviationOverSeeds: standardDeviation(pooled) ?? null,
    meanOverFolds: mean(runs.flatMap(({ folds }) => folds.map((fold) => fold[score]))),
    deviationOverFolds: inRuns.length === 0 ? null : mean(inRuns),
  };
}

/** Standard error of the difference of two means over seeds; null where one has a single seed. */
export function errorOverSeeds(
  one: readonly RunResult[],
  other: readonly RunResult[],
): number | null {
  const [a, b] = [one, other].map((runs) => standardDeviation(runs.map(({ uar }) => uar)));
  if (a === undefined || b === undefined) return null;
  return Math.sqrt((a * a) / one.length + (b * b) / other.length);
}

/** The last batch of an epoch may be partial. */
function stepsOf({ batch, epochs }: Training, clips: number): number {
  return epochs * Math.ceil(clips / batch);
}

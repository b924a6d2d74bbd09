import type { ComparedScore } from '../../artifacts/comparison.ts';
import { sortedJson } from '../sorted-json.ts';
import type { Comparison } from './data.ts';

/** The rows of comparison.arrow: each fold of each run of each point, then all folds pooled. */
export function comparedScores({ points }: Comparison): ComparedScore[] {
  return points.flatMap(({ label, parameters, runs }) =>
    runs.flatMap(({ seed, train, evaluate, folds, clips, uar, wa, collapsed }) => {
      const run = { point: label, parameters: sortedJson(parameters), seed, train, evaluate };
      const pooled = {
        fold: 0,
        clips,
        wa,
        uar,
        collapsed,
        weights: folds.reduce((most, { weights }) => Math.max(most, weights), 0),
        epochs: folds.reduce((most, { epochs }) => Math.max(most, epochs), 0),
        steps: folds.reduce((sum, { steps }) => sum + steps, 0),
      };
      return [...folds, pooled].map((score) => ({ ...run, ...score }));
    }),
  );
}

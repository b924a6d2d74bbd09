import { canonicalJson, sha256 } from '../pipeline/canonical.ts';
import type { StageConfig } from '../pipeline/config.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Graph } from '../pipeline/graph.ts';
import { paramsTree, type Clones } from './clones.ts';
import type { Setting } from './spaces.ts';
import type { Parts } from './parts.ts';
import { stageIn, type SweepRun } from './run.ts';

/** Training and validation within an outer fold's training part take two folds at least. */
const LEAST_FOLDS = 3;

/**
 * Adds to a run, for each outer fold, trainings on the other folds alone, each of those the validation
 * fold once: what chooses a point without looking at the clips that it is tested on (nested
 * cross-validation; Varma and Simon, 2006).
 *
 * @throws UserError where there are too few folds
 */
export function addInner(run: SweepRun, clones: Clones, parts: Parts, outer: Graph): SweepRun {
  const train = outer.stages.find(({ name }) => name === stageIn(run, parts.train));
  const folds = train?.axis?.count ?? 1;
  if (folds < LEAST_FOLDS) {
    throw new UserError(
      'too-few-folds',
      `select: nested needs ${LEAST_FOLDS} folds at least, and ${parts.split} deals ${folds}: deal more, or say select: test.`,
    );
  }
  const split = stageIn(run, parts.split);
  const inner = Array.from({ length: folds }, (_, index) => {
    const fold = index + 1;
    const stage = innerFolds(split, fold, folds - 1, parts);
    clones.add(stage);
    const names = clones.vary(
      {
        settings: [...run.settings, ...withoutDraws(parts)],
        instead: new Map([[parts.split, stage.name]]),
      },
      [parts.evaluate],
    );
    return { fold, evaluate: names.get(parts.evaluate) ?? parts.evaluate };
  });
  return { ...run, inner };
}

function innerFolds(split: string, without: number, folds: number, { seed }: Parts): StageConfig {
  const { source } = seed;
  const digest = sha256(canonicalJson([split, without, folds])).slice(0, 12);
  return {
    name: `inner-folds@${digest}`,
    source,
    use: 'inner-folds',
    useSource: source,
    needs: { kind: 'list', source, stages: [{ name: split, source }] },
    foreach: undefined,
    params: paramsTree({ without, folds }, source),
    shownIn: null,
  };
}

/** The intervals of validation folds are looked at by nobody: one draw is the least there is. */
function withoutDraws({ draws, evaluate, seed }: Parts): readonly Setting[] {
  if (!draws) return [];
  const { source } = seed;
  return [{ stage: evaluate, key: 'draws', source, value: { kind: 'scalar', source, value: 1 } }];
}

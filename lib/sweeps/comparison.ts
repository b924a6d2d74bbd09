import type { Named, StageConfig } from '../pipeline/config.ts';
import { picked, varyingNames } from '../pipeline/parameter-names.ts';
import { paramsTree } from './clones.ts';
import type { SweepDefinition } from './definition.ts';
import type { Parts } from './parts.ts';
import type { Point } from './points.ts';
import { scorersOf, stageIn, type SweepRun } from './run.ts';

/** A run that came to no result. */
export interface Failed {
  readonly run: SweepRun;
  /** As the user named it. */
  readonly stage: string;
  readonly message: string;
  /** What several runs share failed: no run's own fault. */
  readonly shared: boolean;
  /** The command that runs it alone. */
  readonly rerun: string;
}

interface Compared {
  readonly definition: SweepDefinition;
  readonly points: readonly Point[];
  readonly runs: readonly SweepRun[];
  readonly baseline: Point;
  readonly parts: Parts;
}

/**
 * The stage that compares the runs, told in its parameters which stage is which point's. A point of
 * which a seed failed is compared by its other seeds; one of which all failed is listed alone. Where
 * the baseline failed, the first point that did not stands in for it.
 *
 * @throws Error unless a run is left
 */
export function comparisonStage(
  { definition, points, runs, baseline, parts }: Compared,
  failed: readonly Failed[],
): StageConfig {
  const { source, name, select } = definition;
  const done = runs.filter((run) => !failed.some((one) => one.run === run));
  const all = points.map(({ parameters }) => parameters);
  // What is the same at all points says nothing, unless there is one point.
  const names = all.length === 1 ? all.flatMap(Object.keys) : varyingNames(all);
  const compared = points.flatMap((point) => {
    const own = done.filter((run) => run.point === point);
    const { label } = point;
    if (own.length === 0) return [];
    return {
      label,
      parameters: picked(point.parameters, names),
      runs: own.map((run) => ({
        seed: run.seed,
        evaluate: stageIn(run, parts.evaluate),
        train: stageIn(run, parts.train),
        inner: run.inner,
      })),
    };
  });
  const [first] = compared;
  if (first === undefined) throw new Error('Internal error: a comparison of nothing');
  const params = {
    title: name,
    points: compared,
    failed: failed.map(({ run, stage, message, rerun }) => ({
      label: run.point.label,
      parameters: picked(run.point.parameters, names),
      seed: run.seed,
      stage,
      message,
      rerun,
    })),
    baseline: compared.some(({ label }) => label === baseline.label) ? baseline.label : first.label,
    select,
  };
  const role = (stages: readonly string[]): readonly Named[] =>
    [...new Set(stages)].map((stage) => ({ name: stage, source }));
  const evaluations = role(done.flatMap((run) => scorersOf(run, parts)));
  const trainings = role(done.map((run) => stageIn(run, parts.train)));
  return {
    name: 'compare',
    source,
    use: 'compare',
    useSource: source,
    needs: {
      kind: 'roles',
      source,
      roles: new Map([
        ['clips', role(done.map((run) => stageIn(run, parts.decode)))],
        ['scores', evaluations],
        ['predictions', evaluations],
        ['models', trainings],
        ['history', trainings],
      ]),
    },
    foreach: undefined,
    params: paramsTree(params, source),
    shownIn: `sweeps/${name}`,
  };
}

import { contentsOf } from '../../pipeline/store-contents.ts';
import { spokenName } from '../../pipeline/graph.ts';
import { producersOf, type PlanEntry, type Survey } from '../../pipeline/plan.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import { stagesOfRun } from '../../sweeps/run.ts';
import { countText } from '../style.ts';

/** How much work a sweep is, before it starts. The comparison itself is not counted. */
export interface SweepCounts {
  readonly points: number;
  readonly runs: number;
  /** Different computations of all runs together. */
  readonly instances: number;
  readonly cached: number;
  readonly fresh: number;
  /** New, unless a stage that runs before them gives what was there already. */
  readonly undecided: number;
  /** The stages that those wait for. */
  readonly after: readonly string[];
  /** Instances that more than one run uses. */
  readonly shared: number;
}

/** Counts what a plan says of a sweep's instances. */
export function countSweep(
  sweep: Sweep,
  entries: readonly PlanEntry[],
  survey: Survey,
): SweepCounts {
  const { points, runs } = sweep;
  const own = entries.filter(({ instance }) => instance.stage.use !== 'compare');
  const stateOf = new Map(own.map(({ instance, state }) => [instance.id, state.state]));
  const usedBy = new Map<string, number>();
  for (const run of runs) {
    for (const name of stagesOfRun(sweep, run)) usedBy.set(name, (usedBy.get(name) ?? 0) + 1);
  }
  // In a store that holds nothing, nothing can be found again.
  const empty = contentsOf.records(survey.workspace.store).length === 0;
  const after = new Set<string>();
  let undecided = 0;
  for (const { instance, state } of own) {
    if (state.state === 'fresh' || empty) continue;
    const waiting = producersOf(survey.graph, instance).filter(
      ({ producer }) => stateOf.get(producer.id) !== 'fresh',
    );
    if (waiting.length === 0) continue;
    undecided += 1;
    for (const { producer } of waiting) after.add(spokenName(producer.stage.name));
  }
  const cached = own.filter(({ state }) => state.state === 'fresh').length;
  return {
    points: points.length,
    runs: runs.length,
    instances: own.length,
    cached,
    fresh: own.length - cached - undecided,
    undecided,
    after: [...after],
    shared: own.filter(({ instance }) => (usedBy.get(instance.stage.name) ?? 0) > 1).length,
  };
}

/** `18 points x 3 seeds = 54 runs; 330 instances: 325 new, 5 cached; 5 shared by several runs` */
export function countsText(counts: SweepCounts): string {
  const { points, runs, instances, cached, fresh, undecided, after, shared } = counts;
  const seeds = runs / points;
  const runsText =
    seeds === 1
      ? countText(points, 'point')
      : `${countText(points, 'point')} x ${seeds} seeds = ${runs} runs`;
  const parts = [
    `${fresh} new`,
    ...(undecided === 0 ? [] : [`${undecided} new, or cached after ${after.join(' and ')}`]),
    `${cached} cached`,
  ];
  const common = shared === 0 ? 'none shared' : `${shared} shared by several runs`;
  return `${runsText}; ${countText(instances, 'instance')}: ${parts.join(', ')}; ${common}`;
}

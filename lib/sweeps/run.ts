import { upTo, type Graph } from '../pipeline/graph.ts';
import type { Parts } from './parts.ts';
import type { Setting } from './spaces.ts';
import type { Point } from './points.ts';

/** One point with one seed: its own stages, and which of them are compared. */
export interface SweepRun {
  readonly point: Point;
  readonly seed: number;
  readonly settings: readonly Setting[];
  /** Stage of the pipeline -> stage of the sweep that is it in this run. */
  readonly names: ReadonlyMap<string, string>;
  /** For nested selection, by outer fold: the stage that scored trainings without that fold. */
  readonly inner: readonly { readonly fold: number; readonly evaluate: string }[];
}

/** The stage of the sweep that a stage of the pipeline is in a run. */
export function stageIn({ names }: SweepRun, stage: string): string {
  return names.get(stage) ?? stage;
}

/** The stages whose scores are a run's: of the test folds, then of each validation. */
export function scorersOf(run: SweepRun, { evaluate }: Parts): readonly string[] {
  return [stageIn(run, evaluate), ...run.inner.map((one) => one.evaluate)];
}

/** All stages that a run's scores come from. */
export function stagesOfRun(
  { graph, parts }: { readonly graph: Graph; readonly parts: Parts },
  run: SweepRun,
): ReadonlySet<string> {
  return new Set(upTo(graph, scorersOf(run, parts)).map(({ name }) => name));
}

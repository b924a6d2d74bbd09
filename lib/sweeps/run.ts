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

/** The stages whose scores are a run's: of the test folds, then of each validation. */
export function scorersOf({ names, inner }: SweepRun, { evaluate }: Parts): readonly string[] {
  return [names.get(evaluate) ?? evaluate, ...inner.map((one) => one.evaluate)];
}

/** All stages that a run's scores come from. */
export function stagesOfRun(
  { graph, parts }: { readonly graph: Graph; readonly parts: Parts },
  run: SweepRun,
): ReadonlySet<string> {
  return new Set(upTo(graph, scorersOf(run, parts)).map(({ name }) => name));
}

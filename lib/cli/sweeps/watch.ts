import { readScores } from '../../artifacts/scores.ts';
import type { RunEvent } from '../../pipeline/events.ts';
import { stageOf } from '../../pipeline/graph.ts';
import type { Survey } from '../../pipeline/plan.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import { scorersOf, stageIn, stagesOfRun, type SweepRun } from '../../sweeps/run.ts';

/** What is known of a run while the sweep goes on. */
export interface WatchedRun {
  readonly run: SweepRun;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'interrupted';
  /** Pooled over the test folds, 0 to 1; undefined until it is done. */
  uar: number | undefined;
}

/** Follows a sweep's events and sees which runs they belong to. */
export class SweepWatch {
  readonly runs: readonly WatchedRun[];
  readonly #survey: Survey;
  readonly #evaluate: string;
  /** Stage -> the runs that it is part of. */
  readonly #users = new Map<string, WatchedRun[]>();
  /** Run -> the scoring stages that are still to settle. */
  readonly #open = new Map<WatchedRun, Set<string>>();
  readonly #onRun: (run: WatchedRun) => void;
  readonly #reading: Promise<void>[] = [];

  /** @param onRun told when a run has come to its end, well or not */
  constructor(sweep: Sweep, survey: Survey, onRun: (run: WatchedRun) => void) {
    const { evaluate } = sweep.parts;
    this.#survey = survey;
    this.#evaluate = evaluate;
    this.#onRun = onRun;
    this.runs = sweep.runs.map((run): WatchedRun => ({ run, state: 'waiting', uar: undefined }));
    for (const watched of this.runs) {
      this.#open.set(watched, new Set(scorersOf(watched.run, sweep.parts)));
      for (const name of stagesOfRun(sweep, watched.run)) {
        this.#users.set(name, [...(this.#users.get(name) ?? []), watched]);
      }
    }
  }

  listen(event: RunEvent): void {
    if (event.type !== 'started' && event.type !== 'settled') return;
    const stage = stageOf(event.instance);
    const users = this.#users.get(stage) ?? [];
    for (const watched of users) {
      if (watched.state !== 'waiting' && watched.state !== 'running') continue;
      // What many share runs for all of them: only what is a run's own says that the run goes on.
      if (event.type === 'started') {
        if (users.length === 1) watched.state = 'running';
        continue;
      }
      const { kind } = event.result;
      if (kind === 'failed' || kind === 'moved' || kind === 'blocked') this.#end(watched, 'failed');
      else if (kind === 'interrupted') this.#end(watched, 'interrupted');
      else this.#scored(watched, stage);
    }
  }

  /** Waits until what was scored has been read. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading);
  }

  #scored(watched: WatchedRun, stage: string): void {
    const open = this.#open.get(watched);
    if (open?.delete(stage) !== true || open.size > 0) return;
    this.#reading.push(
      this.#uarOf(watched.run).then((uar) => {
        watched.uar = uar;
        this.#end(watched, 'done');
      }),
    );
  }

  async #uarOf(run: SweepRun): Promise<number | undefined> {
    const { workspace, graph } = this.#survey;
    const id = stageIn(run, this.#evaluate);
    const stage = graph.stages.find(({ name }) => name === id);
    const output = Object.entries(stage?.declaration.writes ?? {}).find(
      ([, kind]) => kind === 'scores.arrow',
    );
    const record = workspace.store.record(workspace.latest.get(id) ?? '');
    const object = record?.outputs[output?.[0] ?? ''];
    if (object === undefined) return undefined;
    const { rows } = await readScores(workspace.store.objectPath(object.sha256));
    return rows.find(({ model, fold }) => model === 'network' && fold === 0)?.uar;
  }

  #end(watched: WatchedRun, state: 'done' | 'failed' | 'interrupted'): void {
    watched.state = state;
    this.#onRun(watched);
  }
}

/** The best point so far among those of which every seed is done: its mean UAR. */
export function bestSoFar(
  runs: readonly WatchedRun[],
): { readonly label: string; readonly uar: number } | undefined {
  const byPoint = new Map<string, WatchedRun[]>();
  for (const run of runs) {
    const { label } = run.run.point;
    byPoint.set(label, [...(byPoint.get(label) ?? []), run]);
  }
  let best: { label: string; uar: number } | undefined;
  for (const [label, list] of byPoint) {
    const scores = list.flatMap(({ uar }) => (uar === undefined ? [] : [uar]));
    if (scores.length < list.length) continue;
    const uar = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    if (best === undefined || uar > best.uar) best = { label, uar };
  }
  return best;
}

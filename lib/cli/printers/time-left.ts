import type { Result } from '../../pipeline/events.ts';
import { spokenName, stageOf } from '../../pipeline/graph.ts';
import type { PlanEntry } from '../../pipeline/plan.ts';
import { duration } from '../style.ts';

/**
 * How long many alike instances will still take: those of a stage take what those before them took,
 * `jobs` of them side by side.
 */
export class TimeLeft {
  readonly #jobs: number;
  readonly #open = new Map<string, Set<string>>();
  readonly #taken = new Map<string, { seconds: number; count: number }>();

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  expect(entries: readonly PlanEntry[]): void {
    for (const { instance, state } of entries) {
      if (state.state === 'fresh') continue;
      const kind = spokenName(instance.stage.name);
      this.#open.set(kind, (this.#open.get(kind) ?? new Set()).add(instance.id));
    }
  }

  settle(instance: string, result: Result): void {
    const kind = spokenName(stageOf(instance));
    this.#open.get(kind)?.delete(instance);
    if (result.kind !== 'ran') return;
    const { seconds, count } = this.#taken.get(kind) ?? { seconds: 0, count: 0 };
    this.#taken.set(kind, { seconds: seconds + result.seconds, count: count + 1 });
  }

  /** `3 min 20 s left`; nothing until something of what takes longest has ended. */
  words(): string {
    let seconds = 0;
    for (const [kind, open] of this.#open) {
      const taken = this.#taken.get(kind);
      if (taken !== undefined) seconds += (open.size * taken.seconds) / taken.count;
    }
    return seconds === 0 ? '' : `${duration(seconds / this.#jobs)} left`;
  }
}

import { duration } from '../style.ts';

interface Progress {
  /** Its first step: what came before was starting up, not its pace. */
  first: { readonly atMs: number; readonly done: number } | undefined;
  done: number;
  total: number;
}

/** How far each running instance is, and how long it will still take at its pace so far. */
export class Pace {
  readonly #progress = new Map<string, Progress>();

  start(instance: string): void {
    this.#progress.set(instance, { first: undefined, done: 0, total: 0 });
  }

  step(instance: string, done: number, total: number): void {
    const progress = this.#progress.get(instance);
    if (progress === undefined) return;
    progress.first ??= { atMs: Date.now(), done };
    progress.done = done;
    progress.total = total;
  }

  finish(instance: string): void {
    this.#progress.delete(instance);
  }

  /** Those that were started and have not finished. */
  running(): readonly string[] {
    return [...this.#progress.keys()];
  }

  /** From 0 to 1; undefined before the first step. */
  share(instance: string): number | undefined {
    const progress = this.#progress.get(instance);
    return progress === undefined || progress.total === 0
      ? undefined
      : progress.done / progress.total;
  }

  /** `120/200, 12 s left` */
  words(instance: string): string {
    const progress = this.#progress.get(instance);
    if (progress === undefined || progress.total === 0) return '';
    const { first, done, total } = progress;
    const elapsed = (Date.now() - (first?.atMs ?? 0)) / 1000;
    const since = done - (first?.done ?? 0);
    const left =
      since > 0 && done < total && elapsed > 1
        ? `, ${duration((elapsed / since) * (total - done))} left`
        : '';
    return `${done}/${total}${left}`;
  }
}

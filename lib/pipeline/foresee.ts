import type { Instance } from './graph.ts';

/** What is known of a run's instances while it runs. */
export interface Standing {
  readonly order: readonly Instance[];
  readonly settled: (instance: Instance) => boolean;
  readonly running: (instance: Instance) => boolean;
  /** Its results are there. */
  readonly done: (instance: Instance) => boolean;
  /** It is known to have to run, and waits for a place alone. */
  readonly due: (instance: Instance) => boolean;
  readonly producers: (instance: Instance) => readonly Instance[];
  /** How many instances may run side by side. */
  readonly jobs: number;
}

/**
 * The instances whose turn is likely to come next: all that they read is there, or being made. One job is
 * one process at a time, which none would wait beside.
 */
export function foreseen(standing: Standing): readonly Instance[] {
  const { order, settled, running, done, due, producers, jobs } = standing;
  if (jobs === 1) return [];
  const next = order.filter(
    (instance) =>
      !settled(instance) &&
      !running(instance) &&
      producers(instance).every((producer) => done(producer) || running(producer)),
  );
  const sorted = [...next.filter(due), ...next.filter((instance) => !due(instance))];
  // Places that are free will all be filled at once, the others one by one.
  const count = order.filter(running).length < jobs ? jobs : 1;
  return sorted.slice(0, count);
}

/**
 * Whether one more may run: there is a place, or the last ones that take turns would leave some places
 * empty in their last round, and share them instead.
 */
export function hasRoom(instance: Instance, { order, settled, running, jobs }: Standing): boolean {
  const beside = order.filter(running);
  if (beside.length < jobs) return true;
  const takesTurns = ({ stage }: Instance): boolean => stage.declaration.takesTurns === true;
  if (![instance, ...beside].every(takesTurns)) return false;
  const left = order.filter((other) => takesTurns(other) && !settled(other) && !running(other));
  return beside.length + left.length < 2 * jobs;
}

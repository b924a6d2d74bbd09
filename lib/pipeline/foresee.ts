import type { Instance } from './graph.ts';

/** What is known of a run's instances while it runs. A sweep has thousands: none looks at all for each. */
export interface Standing {
  /** Those that may run. */
  readonly order: readonly Instance[];
  /** Those that run. */
  readonly beside: readonly Instance[];
  readonly settled: (instance: Instance) => boolean;
  /** Its results are there. */
  readonly done: (instance: Instance) => boolean;
  /** It is known to have to run, and waits for a place alone. */
  readonly due: (instance: Instance) => boolean;
  readonly producers: (instance: Instance) => readonly Instance[];
  /** How many instances may run side by side. */
  readonly jobs: number;
}

/** The instances whose turn is likely to come next: all that they read is there, or being made. */
export function foreseen(standing: Standing): readonly Instance[] {
  const { order, beside, settled, done, due, producers, jobs } = standing;
  const open = (instance: Instance): boolean => !settled(instance) && !beside.includes(instance);
  // Places that are free will all be filled at once, the others one by one.
  const count = beside.length < jobs ? jobs : 1;
  const next = first(order, count, (instance) => due(instance) && open(instance));
  if (next.length === count) return next;
  const soon = (instance: Instance): boolean =>
    producers(instance).every((producer) => done(producer) || beside.includes(producer));
  const others = first(
    order,
    count - next.length,
    (instance) => !due(instance) && open(instance) && soon(instance),
  );
  return [...next, ...others];
}

/**
 * Whether one more may run: there is a place, or the last ones that take turns would leave some places
 * empty in their last round, and share them instead.
 */
export function hasRoom(
  instance: Instance,
  { order, beside, settled, jobs }: Pick<Standing, 'order' | 'beside' | 'settled' | 'jobs'>,
): boolean {
  if (beside.length < jobs) return true;
  if (![instance, ...beside].every(takesTurns)) return false;
  const room = 2 * jobs - beside.length;
  let left = 0;
  // Those that are not settled stand at the end, so that enough of them are soon found.
  order.findLast((other) => {
    if (takesTurns(other) && !settled(other) && !beside.includes(other)) left += 1;
    return left === room;
  });
  return left < room;
}

function takesTurns({ stage }: Instance): boolean {
  return stage.declaration.takesTurns === true;
}

/** The first so many that are meant. */
function first(
  instances: readonly Instance[],
  count: number,
  meant: (instance: Instance) => boolean,
): readonly Instance[] {
  const found: Instance[] = [];
  for (const instance of instances) {
    if (found.length === count) break;
    if (meant(instance)) found.push(instance);
  }
  return found;
}

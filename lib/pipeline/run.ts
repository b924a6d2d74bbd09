import type { Emit, Result } from './events.ts';
import { expectInstances } from './execute.ts';
import type { Executor } from './job.ts';
import { plan, type Survey } from './plan.ts';
import { Scheduler, type ScheduleOptions } from './scheduler.ts';
import type { StoreRecord } from './store.ts';

export interface RunOutcome {
  readonly results: ReadonlyMap<string, Result>;
  readonly records: ReadonlyMap<string, StoreRecord>;
}

/**
 * Runs what is not fresh. Instances whose inputs are settled run side by side; one that fails blocks
 * those below it and nobody else; one whose output equals what was there leaves those below it fresh;
 * one that another process computes is waited for, and taken from there.
 */
export async function run(
  survey: Survey,
  options: ScheduleOptions,
  executor: Executor,
  emit: Emit,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { store, presence, leases, memory } = survey.workspace;
  leases.sweep();
  presence.sweep((token) => {
    store.removeTemporary(token);
  });
  const entries = await plan(survey, options);
  emit({ type: 'plan', entries });
  const active = new Scheduler(survey, options, executor, emit, signal);
  try {
    // Their processes start while the work before them is looked at and written down.
    const first = entries.filter(({ state }) => state.state === 'will-run').slice(0, options.jobs);
    const instances = first.map(({ instance }) => instance);
    await expectInstances(survey, instances, executor);
    await active.all();
  } finally {
    executor.close();
    store.removeTemporary(presence.token);
    await presence.end();
    memory.save();
  }
  return { results: active.results, records: active.records };
}

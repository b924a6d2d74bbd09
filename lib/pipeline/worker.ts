import fs from 'node:fs';
import type { Sha256 } from './canonical.ts';
import { hashFile } from './content.ts';
import { InterruptedError } from './errors.ts';
import type { Job, JobOutcome, WorkerMessage } from './job.ts';
import { loadModule } from './load.ts';
import { reach } from './points.ts';
import { spreadHere, type Spread } from './spread.ts';
import { storeError, type StoredObject } from './store.ts';
import type { Helper } from './worker-helper.ts';
import { checkInputs } from './worker-inputs.ts';
import type { HandedJob } from './worker-orders.ts';
import { followOutputs } from './worker-outputs.ts';
import { serveThread, spreadOverThreads } from './worker-threads.ts';
import { WorkerTurns } from './worker-turns.ts';
import { visible, visibleLines } from './words.ts';

/**
 * Runs one instance in this process, started as `node BUNDLE job.json`, or one that waited for the job:
 * checks its inputs against their names, runs the stage's bundle, syncs and hashes what it wrote, and says
 * so over IPC.
 *
 * @param main the file that this process was started with, which its threads start with too
 * @param helper the thread beside it
 */
export async function work(main: URL, helper: Helper, handed: HandedJob): Promise<void> {
  const interruption = new AbortController();
  const { signal } = interruption;
  const turns = new WorkerTurns(signal, () => {
    send({ type: 'paused' });
  });
  handed.listen((order) => {
    if (order.type === 'stop') interruption.abort(new InterruptedError());
    else if (order.type === 'pause') turns.pause();
    else turns.goOn();
  });
  const job = readJob(handed.file);
  // One that takes turns comes to its safe points often enough to see its parent's end itself.
  if (!job.takesTurns) helper.begin();
  const spread = job.jobs > 1 ? spreadOverThreads(main, handed.file, job.jobs, signal) : spreadHere;
  const around = { spread, signal, safePoint: turns.safePoint };
  const outcome = await checked(helper, job, () => attempt(helper, job, around));
  // Once it has this, the parent closes the pipe that the helper watches, which ends us; or it hands over
  // another job, after one that leaves nothing behind.
  send({ type: 'outcome', outcome });
}

/** A thread of that process: the same `run`, up to its call of `spread`. */
export async function workInThread(jobFile: string): Promise<void> {
  const run = await loadRun(readJob(jobFile));
  const silent = { progress: () => undefined, log: () => undefined };
  await serveThread((around) => {
    const { safePoint } = new WorkerTurns(around.signal, () => undefined);
    return run({ ...around, safePoint, ...silent });
  });
}

/** What comes of an input that is not whole counts for nothing, be it a failure. */
async function checked(
  helper: Helper,
  job: Job,
  attempt: () => Promise<JobOutcome>,
): Promise<JobOutcome> {
  try {
    const inputs = await checkInputs(helper, Object.values(job.inputs).flat());
    if (inputs.small !== undefined) return { kind: 'damaged', sha256: inputs.small };
    const outcome = await attempt();
    const damaged = outcome.kind === 'interrupted' ? undefined : await inputs.all;
    return damaged === undefined ? outcome : { kind: 'damaged', sha256: damaged };
  } catch (error) {
    return failed(error, job);
  }
}

async function attempt(
  helper: Helper,
  job: Job,
  around: Pick<Around, 'spread' | 'signal' | 'safePoint'>,
): Promise<JobOutcome> {
  const { signal } = around;
  const following = job.appends ? followOutputs(helper, Object.values(job.outputs)) : undefined;
  try {
    const run = await loadRun(job);
    const log = (line: string): void => {
      // A line may hold names of files: what would act on a terminal is written out.
      send({ type: 'log', line: visible(line) });
    };
    await run({ ...around, progress: paced(), log });
    if (signal.aborted) return { kind: 'interrupted' };
    const hashes = await following?.end();
    const outputs: Record<string, StoredObject> = {};
    reach('output-written');
    for (const [name, file] of Object.entries(job.outputs)) {
      outputs[name] = await settle(file, name, hashes?.get(file));
    }
    reach('outputs-synced');
    return { kind: 'done', outputs };
  } catch (error) {
    if (signal.aborted || (error instanceof Error && error.name === 'InterruptedError')) {
      return { kind: 'interrupted' };
    }
    return failed(error, job);
  }
}

function readJob(jobFile: string): Job {
  return JSON.parse(fs.readFileSync(jobFile, 'utf8')) as Job;
}

/** What differs between a process and its threads. */
interface Around {
  readonly spread: Spread;
  readonly signal: AbortSignal;
  readonly safePoint: () => Promise<void>;
  readonly progress: (done: number, total: number, note?: string) => void;
  readonly log: (line: string) => void;
}

/** The stage's `run`, which is left to be told what is around it. */
async function loadRun(job: Job): Promise<(around: Around) => Promise<void>> {
  const { run } = await loadModule(job.bundle);
  if (typeof run !== 'function') throw new Error(`${job.bundle} exports no run`);
  const parts: Record<string, unknown> = {};
  for (const [name, file] of Object.entries(job.parts)) parts[name] = await loadModule(file);
  return async (around) => {
    await (run as (context: unknown) => Promise<void>)({ ...job, parts, ...around });
  };
}

/**
 * Makes an output durable and names it by its bytes, which are read while the disk works.
 *
 * @param known its SHA-256, where it was read while it was written
 */
async function settle(file: string, name: string, known?: Sha256): Promise<StoredObject> {
  if (!fs.existsSync(file)) throw new Error(`the stage wrote no ${name}`);
  const handle = await fs.promises.open(file, 'r+');
  try {
    reach('output-half-synced');
    const synced = handle.sync();
    // Its failure is met below; until then it is not unhandled.
    synced.catch(() => undefined);
    const sha256 = known ?? hashFile(file, 'artifact');
    await synced;
    return { sha256, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

function failed(thrown: unknown, job: Job): JobOutcome {
  const error = storeError(Object.values(job.outputs)[0] ?? job.instance, thrown);
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  // By name: the stage's bundle holds a copy of the class of its own.
  const user = name === 'UserError';
  const code = user ? String((error as { code?: unknown }).code) : 'internal';
  return { kind: 'failed', failure: { user, code, message: visibleLines(message), stack } };
}

/** Progress at a pace that a person can read; the last step always. */
function paced(): (done: number, total: number, note?: string) => void {
  let lastMs = 0;
  return (done, total, note) => {
    const nowMs = Date.now();
    if (nowMs - lastMs < 100 && done < total) return;
    lastMs = nowMs;
    send({ type: 'progress', done, total, ...(note === undefined ? {} : { note }) });
  };
}

function send(message: WorkerMessage): void {
  process.send?.(message);
}

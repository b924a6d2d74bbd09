import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import type { Executor, Job, JobHooks, JobOutcome, WorkerMessage, WorkerOrder } from './job.ts';
import { Turns, type TurnTaker } from './turns.ts';
import { visibleLines } from './words.ts';
import { killGroup, SpareWorkers, startWorker, workerFile } from './worker-spares.ts';

/** How long a stopped instance may take to reach its next safe point. */
const GRACE_MS = 10_000;

/**
 * Runs jobs in processes of this machine, each in one that is fresh or has run only jobs that leave
 * nothing behind: so no instance sees anything of another, and one that dies fails alone. Children stand in
 * process groups of their own, which only the engine stops: Ctrl+C on a terminal does not reach them.
 *
 * An expected job finds a process that waits, since starting one takes a tenth of a second. Jobs that take
 * turns may be more than there are places.
 *
 * @param places how many processes work at the same time
 * @param usual packages that most jobs import: with more than one place, a process that has loaded them
 *   waits for the first job, whatever it is
 */
export function localExecutor(
  root: string,
  places: number,
  usual: readonly string[] = [],
): Executor {
  const starting = workerFile(root);
  // Its failure is met by the first job; until then it is not unhandled.
  starting.catch(() => undefined);
  let spares: SpareWorkers | undefined;
  let closed = false;
  /** How many jobs run whose processes go on to others. */
  let returning = 0;
  if (usual.length > 0 && places > 1) {
    const begin = (file: string): void => {
      spares ??= new SpareWorkers(root, file);
      if (!closed) spares.expectAny(usual);
    };
    starting.then(begin).catch(() => undefined);
  }
  const turns = new Turns(places);
  return {
    async execute(jobFile, hooks, signal) {
      const file = await starting;
      if (signal.aborted) return { kind: 'interrupted' };
      const job = JSON.parse(fs.readFileSync(jobFile, 'utf8')) as Job;
      const spare = spares?.take(job);
      if (spare !== undefined) order(spare, { type: 'job', file: jobFile });
      const child = spare ?? startWorker(root, file, [jobFile]);
      if (child.pid !== undefined) hooks.started(child.pid);
      const leave = job.takesTurns ? takeTurns(child, turns) : undefined;
      if (job.leavesNothing) returning += 1;
      const { outcome, alive } = await ending(child, job.leavesNothing, hooks, signal);
      if (job.leavesNothing) returning -= 1;
      leave?.();
      if (alive && closed) killGroup(child);
      else if (alive) (spares ??= new SpareWorkers(root, file)).keep(child);
      return outcome;
    },
    async expect(jobs) {
      const file = await starting;
      spares ??= new SpareWorkers(root, file);
      // One job is one process at a time, which none would wait beside.
      spares.expect(jobs, places > 1 ? returning : jobs.length);
    },
    close() {
      closed = true;
      spares?.close();
    },
  };
}

function order(child: ChildProcess, what: WorkerOrder): void {
  if (child.connected) child.send(what, () => undefined);
}

/** @returns gives its place back for good */
function takeTurns(child: ChildProcess, turns: Turns): () => void {
  const taker = {
    done: 0,
    pause: () => {
      order(child, { type: 'pause' });
    },
    goOn: () => {
      order(child, { type: 'go-on' });
    },
  } satisfies TurnTaker;
  const listen = (message: WorkerMessage): void => {
    if (message.type === 'paused') turns.paused(taker);
    else if (message.type === 'progress') taker.done = message.done / Math.max(1, message.total);
  };
  child.on('message', listen);
  turns.join(taker);
  return () => {
    child.off('message', listen);
    turns.leave(taker);
  };
}

interface Ending {
  readonly outcome: JobOutcome;
  /** The process waits for another job. */
  readonly alive: boolean;
}

/** @param keeps the process is not to be ended after a job that is done */
function ending(
  child: ChildProcess,
  keeps: boolean,
  hooks: JobHooks,
  signal: AbortSignal,
): Promise<Ending> {
  return new Promise((resolve) => {
    let outcome: JobOutcome | undefined;
    let killed = false;
    let tail = '';
    const keepTail = (text: Buffer): void => {
      tail = (tail + text.toString('utf8')).slice(-4000);
    };
    child.stdout?.on('data', keepTail);
    child.stderr?.on('data', keepTail);
    const letGo = (): void => {
      clearTimeout(grace);
      signal.removeEventListener('abort', stop);
      child.stdout?.off('data', keepTail);
      child.stderr?.off('data', keepTail);
      for (const event of ['message', 'error', 'close']) child.removeAllListeners(event);
    };
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'progress') hooks.progress(message.done, message.total, message.note);
      else if (message.type === 'log') hooks.log(message.line);
      else if (message.type === 'outcome') {
        outcome = message.outcome;
        if (keeps && outcome.kind === 'done' && !signal.aborted) {
          letGo();
          resolve({ outcome, alive: true });
        } else {
          order(child, { type: 'end' });
          // Its helping thread, where there is one, ends it when this pipe closes, were it busy still.
          child.stdio[4]?.destroy();
        }
      }
    });
    let grace: NodeJS.Timeout | undefined;
    const stop = (): void => {
      order(child, { type: 'stop' });
      grace = setTimeout(() => {
        killed = true;
        killGroup(child);
      }, GRACE_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.on('error', (error) => {
      outcome ??= shortOf(error) ?? died(`it could not be started: ${error.message}`, tail);
      if (child.pid === undefined) resolve({ outcome, alive: false });
    });
    child.on('close', (code, by) => {
      letGo();
      killGroup(child);
      if (outcome === undefined && (killed || signal.aborted)) outcome = { kind: 'interrupted' };
      outcome ??= died(
        by === null ? `it ended with status ${code}` : `it was ended by ${by}`,
        tail,
      );
      resolve({ outcome, alive: false });
    });
  });
}

/** The machine's limits are no fault of the program. */
function shortOf({ code }: NodeJS.ErrnoException): JobOutcome | undefined {
  const words = code === undefined ? undefined : SHORTAGES[code];
  if (words === undefined) return undefined;
  const message = `A worker process could not be started: ${words} (${code ?? ''}). Nothing that was there was touched; run again when there is room.`;
  return { kind: 'failed', failure: { user: true, code: 'worker-start', message, stack: '' } };
}

const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE: 'too many files are open, raise the limit (`ulimit -n` on Linux and macOS)',
  ENFILE: 'too many files are open on this machine',
  EAGAIN: 'too many processes are running',
  ENOMEM: 'there is too little memory',
};

function died(how: string, tail: string): JobOutcome {
  const message = `the worker process died: ${how}${tail === '' ? '' : `\n${visibleLines(tail.trimEnd())}`}`;
  return { kind: 'failed', failure: { user: false, code: 'worker-died', message, stack: '' } };
}

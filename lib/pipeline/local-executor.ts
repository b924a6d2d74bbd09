import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import type { Executor, Job, JobHooks, JobOutcome, WorkerMessage, WorkerOrder } from './job.ts';
import { Turns, type TurnTaker } from './turns.ts';
import { visibleLines } from './words.ts';
import { killGroup, SpareWorkers, startWorker, workerFile } from './worker-spares.ts';

/** How long a stopped instance may take to reach its next safe point. */
const GRACE_MS = 10_000;

/**
 * Runs each job in a process of its own on this machine: a fresh one, so that no instance sees what
 * another left behind, and one that dies fails alone. Children stand in process groups of their own,
 * which only the engine stops: Ctrl+C on a terminal does not reach them.
 *
 * An expected job finds a process that waits for it and has loaded its code, and done nothing else:
 * starting one takes a tenth of a second. Jobs that take turns may be more than there are places.
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
      const outcome = outcomeOf(child, hooks, signal);
      if (!job.takesTurns) return await outcome;
      const leave = takeTurns(child, turns);
      return await outcome.finally(leave);
    },
    async expect(jobs) {
      spares ??= new SpareWorkers(root, await starting);
      spares.expect(jobs);
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
  const taker: TurnTaker = {
    pause: () => {
      order(child, { type: 'pause' });
    },
    goOn: () => {
      order(child, { type: 'go-on' });
    },
  };
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'paused') turns.paused(taker);
  });
  turns.join(taker);
  return () => {
    turns.leave(taker);
  };
}

function outcomeOf(child: ChildProcess, hooks: JobHooks, signal: AbortSignal): Promise<JobOutcome> {
  return new Promise((resolve) => {
    let outcome: JobOutcome | undefined;
    let killed = false;
    let tail = '';
    const keepTail = (text: Buffer): void => {
      tail = (tail + text.toString('utf8')).slice(-4000);
    };
    child.stdout?.on('data', keepTail);
    child.stderr?.on('data', keepTail);
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'progress') hooks.progress(message.done, message.total, message.note);
      else if (message.type === 'log') hooks.log(message.line);
      else if (message.type === 'outcome') {
        outcome = message.outcome;
        // The worker's helping thread watches this pipe, and ends its process when it closes.
        child.stdio[4]?.destroy();
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
      if (child.pid === undefined) resolve(outcome);
    });
    child.on('close', (code, by) => {
      clearTimeout(grace);
      signal.removeEventListener('abort', stop);
      killGroup(child);
      if (outcome === undefined && (killed || signal.aborted)) outcome = { kind: 'interrupted' };
      resolve(
        outcome ??
          died(by === null ? `it ended with status ${code}` : `it was ended by ${by}`, tail),
      );
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

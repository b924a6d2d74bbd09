import { fork, type ChildProcess } from 'node:child_process';
import { bundle } from './bundle.mjs';
import type { ExpectedJob, JobCode } from './job.ts';

/** The file that a worker process is started with. */
export async function workerFile(root: string): Promise<string> {
  return (await bundle({ root, entry: 'lib/pipeline/worker-main.ts', part: 'all' })).file;
}

/**
 * @param file see {@link workerFile}
 * @param words a job's file, or what `loadExpected` takes
 */
export function startWorker(root: string, file: string, words: readonly string[]): ChildProcess {
  return fork(file, [...words], {
    cwd: root,
    env: environment(),
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
  });
}

/**
 * Without the certificates that Node is to trust besides its own: reading them takes a process longer than
 * all else at its start (48 of 75 ms for Debian's), and a stage, whose result depends on its inputs alone,
 * asks nobody on a network.
 */
function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...others } = process.env;
  return others;
}

/** The child and what it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It is gone already, which is what was wanted.
  }
}

interface Spare {
  /** Says whose code it has loaded. */
  readonly key: Key;
  readonly child: ChildProcess;
  expected: boolean;
}

/**
 * Worker processes that wait to be told of a job: begun for an expected one, with its code loaded, or for
 * any; or done with an earlier one, and as good for any.
 */
export class SpareWorkers {
  readonly #root: string;
  readonly #file: string;
  #spares: Spare[] = [];

  constructor(root: string, file: string) {
    this.#root = root;
    this.#file = file;
  }

  /**
   * Sees to it that there is a worker for each of these. One that nobody expects any more is ended the
   * second time, since its job may be on its way.
   *
   * @param returning how many of them find one that is still at work
   */
  expect(jobs: readonly ExpectedJob[], returning: number): void {
    const spares: Spare[] = [];
    const missing: ExpectedJob[] = [];
    for (const job of jobs) {
      const spare = this.#takeFor([keyOf(job), DONE, ANY]);
      if (spare === undefined) missing.push(job);
      else spares.push(Object.assign(spare, { expected: true }));
    }
    for (const spare of this.#spares) {
      if (spare.expected) spares.push(Object.assign(spare, { expected: false }));
      else killGroup(spare.child);
    }
    this.#spares = spares;
    for (const job of missing.slice(returning))
      this.#start(keyOf(job), job.packages, modulesOf(job));
  }

  /** The same for the first job, before anything is known of it. @param packages that most jobs import */
  expectAny(packages: readonly string[]): void {
    this.#start(ANY, packages);
  }

  /** Takes back a worker that is done with a job. */
  keep(child: ChildProcess): void {
    this.#add(DONE, child);
  }

  close(): void {
    for (const { child } of this.#spares) killGroup(child);
    this.#spares = [];
  }

  /** A worker for a job of this code, if one waits; the caller's from now on. */
  take(code: JobCode): ChildProcess | undefined {
    const child = this.#takeFor([keyOf(code), DONE, ANY])?.child;
    if (child?.connected !== true) return undefined;
    return child.removeAllListeners('exit').removeAllListeners('error');
  }

  /** @param keys the best first */
  #takeFor(keys: readonly Key[]): Spare | undefined {
    for (const wanted of keys) {
      const index = this.#spares.findIndex(({ key }) => key === wanted);
      if (index >= 0) return this.#spares.splice(index, 1)[0];
    }
    return undefined;
  }

  #start(key: Key, packages: readonly string[], modules: readonly string[] = []): void {
    try {
      const words = ['--await', ...modules, '--packages', ...packages];
      this.#add(key, startWorker(this.#root, this.#file, words));
    } catch {
      // The job itself will meet what stands in the way.
    }
  }

  #add(key: Key, child: ChildProcess): void {
    const spare: Spare = { key, child, expected: true };
    const forget = (): void => {
      this.#spares = this.#spares.filter((other) => other !== spare);
    };
    this.#spares.push(spare);
    child.once('exit', forget);
    child.once('error', forget);
  }
}

type Key = string | typeof ANY | typeof DONE;

/** Of a process that has loaded no job's code, begun for the first job: it serves any. */
const ANY = Symbol('any');

/** Of one that is done with an earlier job, and serves any. */
const DONE = Symbol('done');

function keyOf(code: JobCode): string {
  return modulesOf(code).join('\n');
}

function modulesOf({ bundle: file, parts }: JobCode): readonly string[] {
  return [file, ...Object.values(parts)];
}

import { fork, type ChildProcess } from 'node:child_process';
import { bundle } from './bundle.mjs';
import type { ExpectedJob, JobCode } from './job.ts';

/** The file that a worker process is started with. */
export async function workerFile(root: string): Promise<string> {
  return (await bundle({ root, entry: 'lib/pipeline/worker-main.ts', part: 'all' })).file;
}

/**
 * @param file see {@link workerFile}
 * @param words a job's file, or what `awaitJob` takes
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
  readonly key: string;
  readonly child: ChildProcess;
  expected: boolean;
}

/** Worker processes that have loaded the code of an expected job, and wait to be told of it. */
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
   */
  expect(jobs: readonly ExpectedJob[]): void {
    const others = this.#spares;
    this.#spares = [];
    for (const job of jobs) {
      const index = others.findIndex(({ key }) => key === keyOf(job));
      const found =
        index < 0 ? this.#started(modulesOf(job), job.packages) : others.splice(index, 1);
      for (const spare of found) this.#spares.push(Object.assign(spare, { expected: true }));
    }
    for (const spare of others) {
      if (spare.expected) this.#spares.push(Object.assign(spare, { expected: false }));
      else killGroup(spare.child);
    }
  }

  /** The same for the first job, before anything is known of it. @param packages that most jobs import */
  expectAny(packages: readonly string[]): void {
    this.#spares.push(...this.#started([], packages));
  }

  close(): void {
    for (const { child } of this.#spares) killGroup(child);
    this.#spares = [];
  }

  /** A worker for a job of this code, if one waits; the caller's from now on. */
  take(code: JobCode): ChildProcess | undefined {
    const own = this.#spares.findIndex(({ key }) => key === keyOf(code));
    const index = own < 0 ? this.#spares.findIndex(({ key }) => key === ANY) : own;
    const [spare] = index < 0 ? [] : this.#spares.splice(index, 1);
    if (spare?.child.connected !== true) return undefined;
    spare.child.removeAllListeners('exit').removeAllListeners('error');
    return spare.child;
  }

  /** At most one: where it cannot be started, the job itself will meet what stands in the way. */
  #started(modules: readonly string[], packages: readonly string[]): Spare[] {
    try {
      const words = ['--await', ...modules, '--packages', ...packages];
      const child = startWorker(this.#root, this.#file, words);
      const spare = { key: modules.join('\n'), child, expected: true };
      const forget = (): void => {
        this.#spares = this.#spares.filter((other) => other !== spare);
      };
      child.once('exit', forget);
      child.once('error', forget);
      return [spare];
    } catch {
      return [];
    }
  }
}

/** The key of a process that has loaded no job's modules, and serves any. */
const ANY = '';

function keyOf(code: JobCode): string {
  return modulesOf(code).join('\n');
}

function modulesOf({ bundle: file, parts }: JobCode): readonly string[] {
  return [file, ...Object.values(parts)];
}

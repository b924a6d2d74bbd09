import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import type { Random } from '../../lib/math/random.ts';
import { caseStream } from './mutate.ts';

/** What no reader may need for one small input, on a busy machine. */
const DEADLINE_MS = 5_000;
/** Without a step for so long, a reader hangs: the process is ended, since nothing else can. */
const HANG_MS = 20_000;
/** How much more memory a whole series may hold than before it. */
const MEMORY_BYTES = 500e6;

/** How often each case ended how. */
export interface Tally {
  readonly read: number;
  readonly refused: number;
}

/**
 * Gives a reader many damaged inputs. Each must end in a right answer, which `attempt` checks, or in a
 * refusal in the user's words: one paragraph, no stack, no control characters. It never takes long, never
 * fills the memory, and leaves the prototypes of the language alone.
 *
 * @param attempt makes an input out of the random numbers, reads it and checks the answer
 */
export async function fuzz(
  reader: string,
  cases: number,
  attempt: (random: Random, number: number) => unknown,
): Promise<Tally> {
  const watch = new Watch(reader);
  const before = process.memoryUsage().rss;
  const wrong: string[] = [];
  let refused = 0;
  let slowestMs = 0;
  try {
    for (let number = 0; number < cases; number += 1) {
      watch.step(number);
      const begunMs = performance.now();
      try {
        await attempt(caseStream(reader, number), number);
      } catch (error) {
        const complaint = complaintAbout(error);
        if (complaint === undefined) refused += 1;
        else wrong.push(`case ${number}: ${complaint}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - begunMs);
    }
  } finally {
    await watch.end();
  }
  expect(wrong.slice(0, 5), `${wrong.length} of ${cases} cases`).toEqual([]);
  expect(slowestMs).toBeLessThan(DEADLINE_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(MEMORY_BYTES);
  expect(pollution()).toEqual([]);
  return { read: cases - refused, refused };
}

/** What is wrong with an error as an answer to a user; nothing where it is one. */
export function complaintAbout(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (error.name !== 'UserError') return error.stack ?? error.message;
  const { message } = error;
  if (/Internal error|\n\s+at |\[object |undefined|function /.test(message)) return `says ${message}`;
  // A place in a YAML file shows its line and a marker below the paragraph.
  if (message.replace(/\n +\d+ \| .*\n +\| +\^+$/, '').includes('\n')) return `is no paragraph: ${message}`;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(message)) return `holds controls: ${JSON.stringify(message)}`;
  if (message.length > 2_000) return `is ${message.length} characters long: ${message.slice(0, 200)}`;
  return undefined;
}

/** Names that somebody put on the prototypes of the language. */
export function pollution(): readonly string[] {
  const names = (of: object): readonly string[] =>
    Reflect.ownKeys(of).map((key) => `${of.constructor.name}.${String(key)}`);
  const now = [Object.prototype, Array.prototype, Function.prototype, Map.prototype].flatMap(names);
  return now.filter((name) => !whole.has(name));
}

const whole = new Set(
  [Object.prototype, Array.prototype, Function.prototype, Map.prototype].flatMap((of) =>
    Reflect.ownKeys(of).map((key) => `${of.constructor.name}.${String(key)}`),
  ),
);

/** A thread that sees when the thread of the test stands still, and says at which case. */
class Watch {
  readonly #steps = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  constructor(reader: string) {
    this.#worker = new Worker(WATCH, {
      eval: true,
      workerData: { reader, steps: this.#steps, limitMs: HANG_MS },
    });
  }

  step(number: number): void {
    Atomics.store(this.#steps, 0, number + 1);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

const WATCH = `
  const { reader, steps, limitMs } = require('node:worker_threads').workerData;
  const fs = require('node:fs');
  let last = -1;
  setInterval(() => {
    const now = Atomics.load(steps, 0);
    if (now === last) {
      fs.writeSync(2, 'the reader of ' + reader + ' hangs at case ' + (now - 1) + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
    last = now;
  }, limitMs);
`;

import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Random } from '../../lib/math/random.ts';
import { randomOf } from './mutate.ts';

/** A reader, and what it is given. */
export interface Fuzzed<Input, Value> {
  readonly name: string;
  readonly seed: number;
  readonly count: number;
  readonly make: (random: Random) => Input;
  readonly read: (input: Input) => Value | Promise<Value>;
  /** Says what is wrong with what was read from that input; nothing where it could be right. */
  readonly wrong?: (value: Value, input: Input) => string | undefined;
}

export interface Outcomes {
  /** How many mutations there were. */
  readonly asked: number;
  /** How many gave a value. */
  readonly read: number;
  /** How many were refused, by the code of the refusal. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * Gives a reader as many mutations as asked for, and ends at the first that it answers neither with a value
 * that could be right nor with a refusal that a person can read. `FUZZ_SEED=7 FUZZ_COUNT=100000` tries others.
 *
 * @throws Error naming the seed and the mutation, which together give the same input again
 */
export async function fuzz<Input, Value>(fuzzed: Fuzzed<Input, Value>): Promise<Outcomes> {
  const seed = Number(process.env['FUZZ_SEED'] ?? fuzzed.seed);
  const count = Number(process.env['FUZZ_COUNT'] ?? fuzzed.count);
  const watchdog = new Watchdog(`${fuzzed.name}, FUZZ_SEED=${seed}`);
  const refused: Record<string, number> = {};
  let read = 0;
  try {
    for (let mutation = 0; mutation < count; mutation += 1) {
      watchdog.begin(mutation);
      const input = fuzzed.make(randomOf(seed, mutation));
      const fail = (what: string, cause?: unknown): never => {
        const where = `${fuzzed.name}, FUZZ_SEED=${seed}, mutation ${mutation}`;
        throw new Error(`${where}: ${what}\nwith ${told(input)}`, { cause });
      };
      let value: Value;
      try {
        value = await fuzzed.read(input);
      } catch (error) {
        const trouble = troubleWith(error);
        if (trouble !== undefined) fail(trouble, error);
        const { code } = error as { code: string };
        refused[code] = (refused[code] ?? 0) + 1;
        continue;
      }
      const trouble = fuzzed.wrong?.(value, input);
      if (trouble !== undefined) fail(trouble);
      read += 1;
    }
  } finally {
    await watchdog.end();
  }
  return { asked: count, read, refused };
}

/** How many mutations were answered, one way or the other. */
export function answered({ read, refused }: Outcomes): number {
  return Object.values(refused).reduce((sum, count) => sum + count, read);
}

/** Why what was thrown is no refusal that a person can read; undefined where it is one. */
export function troubleWith(thrown: unknown): string | undefined {
  // By name: a stage's bundle holds a copy of the class of its own.
  if (!(thrown instanceof Error) || thrown.name !== 'UserError') {
    return `not a UserError: ${String(thrown instanceof Error ? thrown.stack : thrown)}`;
  }
  const { message } = thrown;
  const [paragraph = '', ...excerpt] = message.split('\n');
  if (paragraph.trim() === '') return 'a refusal without words';
  if (!('code' in thrown) || !/^[a-z][a-z-]+$/.test(String(thrown.code)))
    return 'a refusal without code';
  if (
    /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(
      message.replaceAll('\n', ''),
    )
  ) {
    return `a message that acts on a terminal: ${JSON.stringify(message)}`;
  }
  if (excerpt.length !== 0 && excerpt.length !== 2) return `not one paragraph: ${message}`;
  if (message.length > 21_000) return `a message of ${message.length} characters`;
  if (/undefined|\[object|\n\s+at |TypeError|RangeError|Internal error/.test(paragraph)) {
    return `words of the machine, not for a person: ${message}`;
  }
  return undefined;
}

function told(input: unknown): string {
  const text = Buffer.isBuffer(input) ? input.toString('base64') : JSON.stringify(input);
  return text.length > 2000 ? `${text.slice(0, 2000)}... (${text.length} characters)` : text;
}

/** A reader that hangs keeps its own process from noticing: so a thread watches, says which, and ends it. */
class Watchdog {
  readonly #current = new Int32Array(new SharedArrayBuffer(4));
  readonly #thread: Worker;

  constructor(name: string) {
    const workerData = { name, current: this.#current, patienceMs: 30_000 };
    this.#thread = new Worker(WATCH, { eval: true, workerData });
    this.#thread.unref();
  }

  begin(mutation: number): void {
    Atomics.store(this.#current, 0, mutation);
  }

  async end(): Promise<void> {
    await this.#thread.terminate();
  }
}

const WATCH = `
  const fs = require('node:fs');
  const { name, current, patienceMs } = require('node:worker_threads').workerData;
  for (;;) {
    const mutation = Atomics.load(current, 0);
    if (Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patienceMs) !== 'timed-out') continue;
    if (Atomics.load(current, 0) !== mutation) continue;
    fs.writeSync(2, '\\n' + name + ', mutation ' + mutation + ': hangs\\n');
    process.kill(process.pid, 'SIGKILL');
  }
`;

/** Everything below a folder with its bytes, links not followed: to see that nothing was touched. */
export function treeOf(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return treeOf(file).map((below) => `${entry.name}/${below}`);
      return [`${entry.name} ${entry.isFile() ? fs.readFileSync(file, 'hex') : 'no file'}`];
    });
}

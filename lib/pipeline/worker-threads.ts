import { setImmediate } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { InterruptedError } from './errors.ts';
import { inOrder } from './in-order.ts';
import type { Recycle, Spread } from './spread.ts';
import { buffersOf, handedOver, Recycled } from './thread-memory.ts';

/**
 * The threads of a worker process. Each runs the stage's own bundle: `run` is called in it as in the
 * process itself, up to its call of `spread`, where it stays and does the work on what it is sent. So
 * the code that is hashed is the code that runs, in threads too.
 */

/** Sent to a thread. */
type Order =
  | {
      readonly type: 'item';
      readonly item: unknown;
      /** Memory of an earlier result, which nobody looks at any more. */
      readonly done: readonly ArrayBuffer[];
    }
  | { readonly type: 'stop' };

/** Sent by a thread, one for each item. */
type Answer =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: Told };

/** An error on its way between threads, which would otherwise lose its name and its code. */
interface Told {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: unknown;
}

/** How many results may wait to be taken: threads go on while a batch of artifacts is being written. */
const AHEAD = 16;

/**
 * Items that a thread is given at a time: the next one is there when it is done with one, while the first
 * thread is in the middle of an item of its own.
 */
const ITEMS_IN_HAND = 2;

/** Works on what it is given, one item after the other. */
interface Hand {
  /** How many items it is given at most. */
  readonly room: number;
  /** How many it has. */
  readonly load: number;
  /** How many results' memory it keeps for those to come. */
  kept: number;
  /** @param done memory that may serve again */
  work(item: unknown, done: readonly ArrayBuffer[]): Promise<unknown>;
  /** Its work is interrupted, and ends at its next safe point. */
  stop(): void;
  end(): Promise<void>;
}

/**
 * Spreads work over this process's first thread and as many more as make `hands`. They are begun at once:
 * a stage finds its items in the time that they take.
 *
 * @param main the file that a thread starts with, and comes to {@link serveThread} from
 * @param job handed to each thread
 */
export function spreadOverThreads(
  main: URL,
  job: string,
  hands: number,
  signal: AbortSignal,
): Spread {
  return <Item, Result>(own: (item: Item, recycle: Recycle) => Result | Promise<Result>) => {
    const begin = (): Hand[] => [
      new FirstThread(own, signal),
      ...Array.from({ length: hands - 1 }, () => new Thread(main, job)),
    ];
    let begun: Hand[] | undefined = begin();
    return async function* (items: Iterable<Item> | AsyncIterable<Item>) {
      const all = begun ?? begin();
      begun = undefined;
      const done: ArrayBuffer[][] = [];
      const stop = (): void => {
        for (const hand of all) hand.stop();
      };
      const work = async (item: Item): Promise<Result> => {
        signal.throwIfAborted();
        const hand = leastLoaded(all);
        // Not more than it has use for: in one hand it would pile up, and others would take fresh memory.
        const memory = hand.kept <= hand.load ? (done.pop() ?? []) : [];
        if (memory.length > 0) hand.kept += 1;
        const result = await hand.work(item, memory);
        if (hand.kept > 0 && buffersOf(result).length > 0) hand.kept -= 1;
        return result as Result;
      };
      signal.addEventListener('abort', stop, { once: true });
      try {
        const jobs = all.reduce((sum, { room }) => sum + room, 0);
        for await (const result of inOrder(items, { jobs, ahead: AHEAD }, work)) {
          yield result;
          const buffers = buffersOf(result);
          if (buffers.length > 0) done.push(buffers);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        await Promise.all(all.map((hand) => hand.end()));
      }
    };
  };
}

/** Among equals a thread rather than the first one, which has other things to do as well. */
function leastLoaded(hands: readonly Hand[]): Hand {
  const free = hands.filter(({ load, room }) => load < room);
  return free.reduce((one, other) => (other.load <= one.load ? other : one));
}

/** The process's first thread, which takes what the others made, and has time to spare. */
class FirstThread<Item> implements Hand {
  readonly room = 1;
  load = 0;
  kept = 0;
  readonly #own: (item: Item, recycle: Recycle) => unknown;
  readonly #signal: AbortSignal;
  readonly #recycled = new Recycled(ITEMS_IN_HAND);

  constructor(own: (item: Item, recycle: Recycle) => unknown, signal: AbortSignal) {
    this.#own = own;
    this.#signal = signal;
  }

  async work(item: unknown, done: readonly ArrayBuffer[]): Promise<unknown> {
    this.load += 1;
    try {
      this.#recycled.add(done);
      // What the others sent comes first.
      await setImmediate();
      // Work that waits for an interruption would not hear of one that came meanwhile.
      this.#signal.throwIfAborted();
      return await this.#own(item as Item, this.#recycled.take);
    } finally {
      this.load -= 1;
    }
  }

  stop(): void {
    // It sees the signal itself.
  }

  async end(): Promise<void> {
    // It goes on.
  }
}

class Thread implements Hand {
  readonly room = ITEMS_IN_HAND;
  kept = 0;
  readonly #worker: Worker;
  /** Who waits for the items that it has, in their order. */
  readonly #waiting: { resolve: (result: unknown) => void; reject: (error: Error) => void }[] = [];
  #dead: Error | undefined;

  constructor(main: URL, job: string) {
    this.#worker = new Worker(main, { workerData: { job } satisfies ThreadData });
    this.#worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.shift();
      if (answer.type === 'result') waiting?.resolve(answer.result);
      else waiting?.reject(retold(answer.error));
    });
    this.#worker.on('error', (error) => {
      this.#die(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on('exit', (code) => {
      this.#die(new Error(`Internal error: a thread ended with status ${code}`));
    });
  }

  get load(): number {
    return this.#waiting.length;
  }

  work(item: unknown, done: readonly ArrayBuffer[]): Promise<unknown> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#post({ type: 'item', item, done });
    });
  }

  stop(): void {
    this.#worker.postMessage({ type: 'stop' } satisfies Order);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(order: Order & { type: 'item' }): void {
    const { value, buffers } = handedOver(order.item);
    this.#worker.postMessage({ ...order, item: value } satisfies Order, [
      ...buffers,
      ...order.done,
    ]);
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#dead);
  }
}

/** What a thread is there for: its share of a job's work, by the job's file, or to help beside it. */
export type ThreadData =
  { readonly job: string } | { readonly helper: { readonly endWithParent: boolean } };

/** What the thread that this is is there for; undefined in a process's first thread. */
export function threadData(): ThreadData | undefined {
  return isMainThread ? undefined : (workerData as ThreadData);
}

/**
 * Makes this thread one of a spread.
 *
 * @param run calls the stage's `run` with what it is given
 */
export async function serveThread(
  run: (around: { readonly spread: Spread; readonly signal: AbortSignal }) => Promise<unknown>,
): Promise<void> {
  const interruption = new AbortController();
  const spread: Spread = (work) => {
    const recycled = new Recycled(ITEMS_IN_HAND);
    const begin = (item: unknown): unknown => {
      interruption.signal.throwIfAborted();
      return work(item as never, recycled.take);
    };
    let before = Promise.resolve();
    parentPort?.on('message', (order: Order) => {
      if (order.type === 'stop') interruption.abort(new InterruptedError());
      else {
        recycled.add(order.done);
        before = before.then(() => answer(() => begin(order.item)));
      }
    });
    throw new Serving();
  };
  try {
    await run({ spread, signal: interruption.signal });
  } catch (error) {
    if (error instanceof Serving) return;
    throw error;
  }
  throw new Error('Internal error: in a thread, run did not come to its spread');
}

/** Thrown to leave `run` where its work is known. */
class Serving extends Error {}

async function answer(work: () => unknown): Promise<void> {
  try {
    const { value, buffers } = handedOver(await work());
    parentPort?.postMessage({ type: 'result', result: value } satisfies Answer, buffers);
  } catch (error) {
    parentPort?.postMessage({ type: 'failed', error: told(error) } satisfies Answer);
  }
}

function told(thrown: unknown): Told {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack = '' } = error;
  return { name, message, stack, code: 'code' in error ? error.code : undefined };
}

/** Engine and stage know errors by name and code. */
function retold({ name, message, stack, code }: Told): Error {
  const error = Object.assign(new Error(message), { name, stack });
  return code === undefined ? error : Object.assign(error, { code });
}

import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { parentPort, Worker } from 'node:worker_threads';
import type { Sha256 } from './canonical.ts';
import type { ThreadData } from './worker-threads.ts';

/** Outputs of more bytes are read while they grow; a thread for less would take longer than it saves. */
const LARGE_BYTES = 1 << 24;
const LOOK_MS = 50;
/** So many bytes at a time are asked to be on the disk, which would else get all of them at the end. */
const SYNCED_BYTES = 1 << 26;
const PIECE_BYTES = 1 << 20;
const HEAD_BYTES = 1 << 16;

/** What was read of outputs while they were written. */
export interface Following {
  /** No more is written. @returns by file, the SHA-256 of those that were followed to their end */
  end(): Promise<ReadonlyMap<string, Sha256>>;
}

/**
 * Hashes files that a stage writes from front to back while it does so, in a thread beside it, and has
 * them on their way to the disk.
 *
 * @param main the file that this process was started with, which its threads start with too
 */
export function followOutputs(main: URL, files: readonly string[]): Following {
  const ended = new Int32Array(new SharedArrayBuffer(4));
  let hashes: Promise<ReadonlyMap<string, Sha256>> | undefined;
  const look = setInterval(() => {
    if (files.every((file) => sizeOf(file) < LARGE_BYTES)) return;
    clearInterval(look);
    hashes = inThread(main, files, ended);
    // Its failure is met at the end; until then it is not unhandled.
    hashes.catch(() => undefined);
  }, LOOK_MS);
  look.unref();
  return {
    async end() {
      clearInterval(look);
      Atomics.store(ended, 0, 1);
      Atomics.notify(ended, 0);
      // Where the thread cannot, the files are hashed as they are.
      return (await hashes?.catch(() => undefined)) ?? new Map<string, Sha256>();
    },
  };
}

/** Follows files in the thread that this is. @param ended one number, not 0 once they are complete */
export function followInThread(files: readonly string[], ended: Int32Array): void {
  const followed = files.map((path) => new FollowedFile(path));
  for (let last = false; !last;) {
    last = Atomics.load(ended, 0) !== 0;
    const moved = followed.map((file) => file.readOn()).includes(true);
    if (!moved && !last) Atomics.wait(ended, 0, 0, LOOK_MS);
  }
  const hashes = followed.flatMap((file) => file.end() ?? []);
  parentPort?.postMessage(new Map(hashes));
}

function inThread(
  main: URL,
  files: readonly string[],
  ended: Int32Array,
): Promise<ReadonlyMap<string, Sha256>> {
  const thread = new Worker(main, { workerData: { follow: files, ended } satisfies ThreadData });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => {
      reject(new Error('Internal error: the thread that follows outputs ended early'));
    });
  });
}

class FollowedFile {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #handle: number | undefined;
  #head = Buffer.alloc(0);
  #bytes = 0;
  #synced = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what is new. @returns whether there was anything */
  readOn(): boolean {
    if (this.#handle === undefined && !fs.existsSync(this.#path)) return false;
    // Windows syncs only what may be written.
    this.#handle ??= fs.openSync(this.#path, 'r+');
    const before = this.#bytes;
    for (;;) {
      const count = fs.readSync(this.#handle, this.#piece, 0, PIECE_BYTES, this.#bytes);
      if (count === 0) return this.#bytes > before;
      const read = this.#piece.subarray(0, count);
      this.#hash.update(read);
      if (this.#bytes < HEAD_BYTES) {
        this.#head = Buffer.concat([this.#head, read.subarray(0, HEAD_BYTES - this.#bytes)]);
      }
      this.#bytes += count;
      if (this.#bytes - this.#synced < SYNCED_BYTES) continue;
      fs.fdatasyncSync(this.#handle);
      this.#synced = this.#bytes;
    }
  }

  /** Nothing where the file is shorter than what was read of it, or begins with something else by now. */
  end(): readonly [string, Sha256][] | undefined {
    if (this.#handle === undefined) return undefined;
    try {
      const head = Buffer.alloc(this.#head.length);
      fs.readSync(this.#handle, head, 0, head.length, 0);
      const asRead = fs.fstatSync(this.#handle).size === this.#bytes && head.equals(this.#head);
      return asRead ? [[this.#path, this.#hash.digest('hex')]] : undefined;
    } finally {
      fs.closeSync(this.#handle);
    }
  }
}

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

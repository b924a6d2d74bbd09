import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Sha256 } from './canonical.ts';
import type { Helper } from './worker-helper.ts';

/** Outputs of more bytes are read while they grow; less is hashed in no time when it is complete. */
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
 * Hashes files that a stage writes from front to back while it does so, in the helping thread, and has
 * them on their way to the disk.
 */
export function followOutputs(helper: Helper, files: readonly string[]): Following {
  let hashes: Promise<ReadonlyMap<string, Sha256>> | undefined;
  const look = setInterval(() => {
    if (files.every((file) => sizeOf(file) < LARGE_BYTES)) return;
    clearInterval(look);
    hashes = helper.follow(files);
    // Its failure is met at the end; until then it is not unhandled.
    hashes.catch(() => undefined);
  }, LOOK_MS);
  look.unref();
  return {
    async end() {
      clearInterval(look);
      helper.written();
      // Where the thread cannot, the files are hashed as they are.
      return (await hashes?.catch(() => undefined)) ?? new Map<string, Sha256>();
    },
  };
}

/** Files that are followed in the thread that this is, a piece at a time. */
export class Followed {
  readonly #files: readonly FollowedFile[];
  #complete = false;
  #goOn: (() => void) | undefined;

  constructor(files: readonly string[]) {
    this.#files = files.map((path) => new FollowedFile(path));
  }

  /** No more is written. */
  complete(): void {
    this.#complete = true;
    this.#goOn?.();
  }

  /** @returns by file, the SHA-256 of those that were followed to their end */
  async toTheEnd(): Promise<ReadonlyMap<string, Sha256>> {
    for (;;) {
      const last = this.#complete;
      const moved = this.#files.map((file) => file.readOn()).includes(true);
      if (!moved && last) break;
      await (moved ? setImmediate() : this.#pause());
    }
    const ends = await Promise.all(this.#files.map((file) => file.end()));
    return new Map(ends.flat());
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

class FollowedFile {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #handle: number | undefined;
  #head = Buffer.alloc(0);
  #bytes = 0;
  #asked = 0;
  #syncing = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads a piece of what is new. @returns whether there was anything */
  readOn(): boolean {
    if (this.#handle === undefined && !fs.existsSync(this.#path)) return false;
    // Windows syncs only what may be written.
    this.#handle ??= fs.openSync(this.#path, 'r+');
    const count = fs.readSync(this.#handle, this.#piece, 0, PIECE_BYTES, this.#bytes);
    if (count === 0) return false;
    const read = this.#piece.subarray(0, count);
    this.#hash.update(read);
    if (this.#bytes < HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, read.subarray(0, HEAD_BYTES - this.#bytes)]);
    }
    this.#bytes += count;
    if (this.#bytes - this.#asked >= SYNCED_BYTES) {
      this.#asked = this.#bytes;
      this.#syncing = this.#sync(this.#handle);
    }
    return true;
  }

  /** Nothing where the file is shorter than what was read of it, or begins with something else by now. */
  async end(): Promise<readonly [string, Sha256][]> {
    if (this.#handle === undefined) return [];
    await this.#syncing;
    try {
      const head = Buffer.alloc(this.#head.length);
      fs.readSync(this.#handle, head, 0, head.length, 0);
      const asRead = fs.fstatSync(this.#handle).size === this.#bytes && head.equals(this.#head);
      return asRead ? [[this.#path, this.#hash.digest('hex')]] : [];
    } finally {
      fs.closeSync(this.#handle);
    }
  }

  async #sync(handle: number): Promise<void> {
    await this.#syncing;
    // What the disk refuses it says again when the whole file is synced.
    await new Promise((resolve) => {
      fs.fdatasync(handle, resolve);
    });
  }
}

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

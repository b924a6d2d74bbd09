import fs from 'node:fs';
import { parentPort, Worker } from 'node:worker_threads';
import type { Sha256 } from './canonical.ts';
import { hashFile } from './content.ts';
import type { ThreadData } from './worker-threads.ts';

/** An object that a stage reads. */
export interface CheckedFile {
  readonly path: string;
  readonly sha256: Sha256;
}

/** Files of more bytes are hashed beside the stage's work, which would else wait for it. */
const SMALL_BYTES = 1 << 24;

/**
 * Holds inputs against their names before they count for anything.
 *
 * @param main the file that this process was started with, which its threads start with too
 * @returns the small ones' verdict at once, and that of all of them when the large ones are read too: the
 *   first that is not whole
 */
export function checkInputs(
  main: URL,
  files: readonly CheckedFile[],
): { readonly small: Sha256 | undefined; readonly all: Promise<Sha256 | undefined> } {
  const large = files.filter(({ path }) => sizeOf(path) > SMALL_BYTES);
  const small = firstDamaged(files.filter((file) => !large.includes(file)));
  const none = small !== undefined || large.length === 0;
  if (none) return { small, all: Promise.resolve(small) };
  // Where the thread cannot, it is told here what stands in the way.
  const all = inThread(main, large).catch(() => firstDamaged(large));
  all.catch(() => undefined);
  return { small, all };
}

/** Checks files in the thread that this is. */
export function checkInThread(files: readonly CheckedFile[]): void {
  parentPort?.postMessage(firstDamaged(files));
}

function firstDamaged(files: readonly CheckedFile[]): Sha256 | undefined {
  // Gone: another reader found it damaged a moment ago, and set it aside.
  return files.find(
    ({ path, sha256 }) => !fs.existsSync(path) || hashFile(path, 'artifact') !== sha256,
  )?.sha256;
}

function inThread(main: URL, files: readonly CheckedFile[]): Promise<Sha256 | undefined> {
  const thread = new Worker(main, { workerData: { check: files } satisfies ThreadData });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

import fs from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Sha256 } from './canonical.ts';
import { hashInPieces } from './content.ts';
import type { CheckedFile, Helper } from './worker-helper.ts';

/** Files of more bytes are hashed beside the stage's work, which would else wait for it. */
const SMALL_BYTES = 1 << 24;

/**
 * Holds inputs against their names before they count for anything.
 *
 * @returns the small ones' verdict at once, and that of all of them when the large ones are read too: the
 *   first that is not whole
 */
export async function checkInputs(
  helper: Helper,
  files: readonly CheckedFile[],
): Promise<{ readonly small: Sha256 | undefined; readonly all: Promise<Sha256 | undefined> }> {
  const large = files.filter(({ path }) => sizeOf(path) > SMALL_BYTES);
  const small = await checkInPieces(files.filter((file) => !large.includes(file)));
  const none = small !== undefined || large.length === 0;
  if (none) return { small, all: Promise.resolve(small) };
  // Where the thread cannot, it is told here what stands in the way.
  const all = helper.check(large).catch(() => checkInPieces(large));
  all.catch(() => undefined);
  return { small, all };
}

/** Checks files, doing little at a time. @returns the first that is not whole */
export async function checkInPieces(files: readonly CheckedFile[]): Promise<Sha256 | undefined> {
  for (const { path, sha256 } of files) {
    // Gone: another reader found it damaged a moment ago, and set it aside.
    if (!fs.existsSync(path)) return sha256;
    const hashing = hashInPieces(path, 'artifact');
    let step = hashing.next();
    for (; step.done !== true; step = hashing.next()) await setImmediate();
    if (step.value !== sha256) return sha256;
  }
  return undefined;
}

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

// Plain JavaScript, because what makes the command line's own bundle needs it.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { sameStamp, stampOf } from './stamp.cjs';

/** Files of a cache: lost without harm, never half-written, never believed when they are damaged. */

/** Where bundles lie: below node_modules, where packages are found from. @param {string} root the project */
export function cacheFolder(root) {
  return path.join(root, 'node_modules', '.cache', 'emotion-in-motion');
}

/**
 * Whether the files that something was made of are what they were. One whose stamp alone moved is read
 * again, and gets its new stamp.
 *
 * @param {string} root @param {readonly { path: string, sha256: string, stamp: import('./stamp.cjs').Stamp }[]} sources
 *   paths relative to root; stamps are refreshed in place
 * @returns {'unmoved' | 'refreshed' | 'moved'}
 */
export function unmovedSources(root, sources) {
  let refreshed = false;
  for (const source of sources) {
    const file = path.join(root, source.path);
    const readAtMs = Date.now();
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return 'moved';
    if (sameStamp(stat, source.stamp)) continue;
    if (sha256(fs.readFileSync(file)) !== source.sha256) return 'moved';
    source.stamp = stampOf(stat, readAtMs);
    refreshed = true;
  }
  return refreshed ? 'refreshed' : 'unmoved';
}

/** @param {string} file @param {string} hash */
export function isWhole(file, hash) {
  try {
    return sha256(fs.readFileSync(file)) === hash;
  } catch {
    return false;
  }
}

/** @param {string} file @param {string | Uint8Array} content */
export function writeAtomically(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, content);
  fs.renameSync(temporary, file);
}

/** @param {string | Uint8Array} data */
export function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

'use strict';
// CommonJS for the sake of bin/emotion.cjs, which says why.

/**
 * What a file looked like when its bytes were read.
 *
 * @typedef {object} Stamp
 * @property {number} size
 * @property {number} mtimeMs
 * @property {number} ctimeMs
 * @property {number} ino
 * @property {number} readAtMs the clock just before it was read
 */

/**
 * Whether a file can be taken for unchanged without reading it. A file changed within the clock's
 * granularity of the moment it was read could have changed again unseen, so it is not trusted.
 * @param {import('node:fs').Stats | undefined} now @param {Stamp} then
 */
function sameStamp(now, then) {
  if (now === undefined) return false;
  const youngestMs = Math.max(then.mtimeMs, then.ctimeMs);
  const granularityMs = Number.isInteger(then.mtimeMs / 1000) ? 2000 : 50;
  return (
    now.size === then.size &&
    now.mtimeMs === then.mtimeMs &&
    now.ctimeMs === then.ctimeMs &&
    now.ino === then.ino &&
    youngestMs + granularityMs < then.readAtMs
  );
}

/** @param {import('node:fs').Stats} stat @param {number} readAtMs @returns {Stamp} */
function stampOf(stat, readAtMs) {
  const { size, mtimeMs, ctimeMs, ino } = stat;
  return { size, mtimeMs, ctimeMs, ino, readAtMs };
}

module.exports = { sameStamp, stampOf };

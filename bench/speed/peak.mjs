// @ts-check

/**
 * What WebAssembly SIMD reaches here at most: the inner loop of a matrix product, a block of `rows` x
 * (4 x `vectors`) sums kept in registers, its operands packed and in the first-level cache. No memory is
 * written, no edge is handled, nothing is packed: a real kernel can only come near.
 *
 * The module is assembled here, byte by byte, so that it depends on no compiler's taste.
 */

/** Multiply-adds of each sum in one pass: two panels of this depth fit the first-level cache. */
const DEPTH = 256;

/** Passes in one call: V8 swaps in its optimising compiler's code between calls only. */
export const PASSES = 64;

const I32 = 0x7f;
const V128 = 0x7b;
const B_OFFSET = 32_768;

/** @param {number} rows @param {number} vectors @returns {number} floating-point operations in a step */
export function peakFlop(rows, vectors) {
  return 2 * rows * vectors * 4 * DEPTH * PASSES;
}

/** @param {number} rows @param {number} vectors @returns {Uint8Array<ArrayBuffer>} a module with `run(passes)` and `memory` */
export function peakModule(rows, vectors) {
  const [passes, a, b, left] = [0, 1, 2, 3];
  const sum = (/** @type {number} */ row, /** @type {number} */ vector) =>
    4 + row * vectors + vector;
  const panel = (/** @type {number} */ vector) => 4 + rows * vectors + vector;
  const splat = 4 + rows * vectors + vectors;
  const rowsOf = Array.from({ length: rows }, (_, row) => row);
  const vectorsOf = Array.from({ length: vectors }, (_, vector) => vector);
  const get = (/** @type {number} */ local) => [0x20, ...unsigned(local)];
  const set = (/** @type {number} */ local) => [0x21, ...unsigned(local)];
  const constant = (/** @type {number} */ value) => [0x41, ...signed(value)];
  const advance = (/** @type {number} */ local, /** @type {number} */ by) => [
    ...get(local),
    ...constant(by),
    0x6a,
    ...set(local),
  ];
  const load = (/** @type {number} */ from, /** @type {number} */ offset) => [
    ...[...get(from), 0xfd, ...unsigned(0x00)],
    ...[...unsigned(0), ...unsigned(offset)],
  ];
  const loadSplat = (/** @type {number} */ from, /** @type {number} */ offset) => [
    ...[...get(from), 0xfd, ...unsigned(0x09)],
    ...[...unsigned(0), ...unsigned(offset)],
  ];
  const multiplyAdd = (/** @type {number} */ row, /** @type {number} */ vector) => [
    ...get(sum(row, vector)),
    ...[...get(splat), ...get(panel(vector)), 0xfd, ...unsigned(0xe6)],
    ...[0xfd, ...unsigned(0xe4)],
    ...set(sum(row, vector)),
  ];
  const body = [
    // The other locals: two pointers and a counter, then the sums, the panel and the splat.
    ...vector([
      [...unsigned(3), I32],
      [...unsigned(rows * vectors + vectors + 1), V128],
    ]),
    ...[0x03, 0x40], // loop over passes
    ...[...constant(0), ...set(a), ...constant(B_OFFSET), ...set(b)],
    ...[...constant(DEPTH), ...set(left)],
    ...[0x03, 0x40], // loop over depth
    ...vectorsOf.flatMap((v) => [...load(b, 16 * v), ...set(panel(v))]),
    ...rowsOf.flatMap((row) => [
      ...[...loadSplat(a, 4 * row), ...set(splat)],
      ...vectorsOf.flatMap((v) => multiplyAdd(row, v)),
    ]),
    ...[...advance(a, 4 * rows), ...advance(b, 16 * vectors)],
    ...[...advance(left, -1), ...get(left), 0x0d, 0x00, 0x0b],
    ...[...advance(passes, -1), ...get(passes), 0x0d, 0x00, 0x0b],
    // Stored at the end, or the compiler could leave all of it out.
    ...rowsOf.flatMap((row) =>
      vectorsOf.flatMap((v) => [
        ...[...constant(0), ...get(sum(row, v)), 0xfd, ...unsigned(0x0b)],
        ...[...unsigned(0), ...unsigned(60_000 + 16 * (row * vectors + v))],
      ]),
    ),
    0x0b,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, ...vector([[I32]]), ...vector([])]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0x00, ...unsigned(1)]])),
    ...section(
      7,
      vector([
        [...name('run'), 0x00, 0],
        [...name('memory'), 0x02, 0],
      ]),
    ),
    ...section(10, vector([[...unsigned(body.length), ...body]])),
  ]);
}

/** @param {number} id @param {readonly number[]} content */
function section(id, content) {
  return [id, ...unsigned(content.length), ...content];
}

/** @param {readonly (readonly number[])[]} items */
function vector(items) {
  return [...unsigned(items.length), ...items.flat()];
}

/** @param {string} text */
function name(text) {
  return [...unsigned(text.length), ...Buffer.from(text)];
}

/** LEB128. @param {number} value @returns {number[]} */
function unsigned(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128. @param {number} value @returns {number[]} */
function signed(value) {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

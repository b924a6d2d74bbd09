// What must stand in the caller's own code, for the kernels of tiles.ts; not formatted and with `@ts-ignore`
// for the reasons that inline.ts gives.

/** Turns the columns of two rows' difference, or of their sum. */
// @ts-ignore: decorator
@inline
export function turnRows(a: usize, b: usize, less: bool, column: i32, to: usize, plane: i32): void {
  const x0 = together(a, b, less);
  const x1 = together(a + column, b + column, less);
  const x2 = together(a + 2 * column, b + 2 * column, less);
  const x3 = together(a + 3 * column, b + 3 * column, less);
  v128.store(to, f32x4.sub(x0, x2));
  v128.store(to + plane, f32x4.add(x1, x2));
  v128.store(to + 2 * plane, f32x4.sub(x2, x1));
  v128.store(to + 3 * plane, f32x4.sub(x1, x3));
}

// @ts-ignore: decorator
@inline
function together(a: usize, b: usize, less: bool): v128 {
  return less ? f32x4.sub(v128.load(a), v128.load(b)) : f32x4.add(v128.load(a), v128.load(b));
}

/** What a column of products gives to the first of two rows of results. */
// @ts-ignore: decorator
@inline
export function firstOf(from: usize, plane: i32): v128 {
  const two = f32x4.add(v128.load(from), v128.load(from + 4 * plane));
  return f32x4.add(two, v128.load(from + 8 * plane));
}

/** And to the second. */
// @ts-ignore: decorator
@inline
export function secondOf(from: usize, plane: i32): v128 {
  const two = f32x4.sub(v128.load(from + 4 * plane), v128.load(from + 8 * plane));
  return f32x4.sub(two, v128.load(from + 12 * plane));
}

// @ts-ignore: decorator
@inline
export function spread(a: v128, b: v128, to: usize, plane: i32): void {
  v128.store(to, a);
  v128.store(to + plane, f32x4.add(a, b));
  v128.store(to + 2 * plane, f32x4.sub(a, b));
  v128.store(to + 3 * plane, f32x4.neg(b));
}

// @ts-ignore: decorator
@inline
export function widen(a: v128, b: v128, c: v128, to: usize, plane: i32): void {
  const even = f32x4.add(a, c);
  v128.store(to, a);
  v128.store(to + plane, half(f32x4.add(even, b)));
  v128.store(to + 2 * plane, half(f32x4.sub(even, b)));
  v128.store(to + 3 * plane, c);
}

// @ts-ignore: decorator
@inline
export function half(x: v128): v128 {
  return f32x4.mul(x, f32x4.splat(0.5));
}

/** What the column `n` of a turned 4 x 4 gives to the columns of 3 x 3. */
// @ts-ignore: decorator
@inline
export function narrow(from: usize, plane: i32, to: usize, tap: i32, n: i32): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + 4 * plane);
  const g2 = v128.load(from + 8 * plane);
  const g3 = v128.load(from + 12 * plane);
  const even = half(f32x4.add(g1, g2));
  give(f32x4.add(g0, even), to, tap, n);
  give(half(f32x4.sub(g1, g2)), to + 3 * tap, tap, n);
  give(f32x4.add(even, g3), to + 6 * tap, tap, n);
}

// @ts-ignore: decorator
@inline
function give(g: v128, to: usize, tap: i32, n: i32): void {
  const halved = n == 1 || n == 2 ? half(g) : g;
  if (n < 3) v128.store(to, f32x4.add(v128.load(to), halved));
  if (n == 1) v128.store(to + tap, f32x4.add(v128.load(to + tap), halved));
  if (n == 2) v128.store(to + tap, f32x4.sub(v128.load(to + tap), halved));
  if (n > 0) v128.store(to + 2 * tap, f32x4.add(v128.load(to + 2 * tap), halved));
}

// What must stand in its caller's own code, or every block would end in a dozen calls. Prettier does not
// read decorators of functions, so this file is not formatted by it; and TypeScript has none of functions,
// only AssemblyScript has: hence each `@ts-ignore`, which AssemblyScript's own sources carry too.

/** Stores the first `count` lanes: all of them from four on, none from zero down. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, value);
  } else if (count == 3) {
    v128.store64_lane(address, value, 0);
    v128.store32_lane(address, value, 2, 8);
  } else if (count == 2) {
    v128.store64_lane(address, value, 0);
  } else if (count == 1) {
    v128.store32_lane(address, value, 0);
  }
}

/** Ones in the first `count` lanes, zeros in the others. */
// @ts-ignore: decorator
@inline
export function laneMask(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3));
}

/** The end of a block: rectified and added as `mode` says, and stored as far as there are channels. */
// @ts-ignore: decorator
@inline
export function finish(address: usize, sum: v128, left: i32, mode: i32): void {
  if (mode & 2) sum = f32x4.add(sum, v128.load(address));
  // pmax is one instruction, max seven; NaN stays NaN in this order
  if (mode & 1) sum = f32x4.pmax(sum, f32x4.splat(0));
  storeLanes(address, sum, left);
}

/** Adds four float32 to four float64. */
// @ts-ignore: decorator
@inline
export function addTo(sums: usize, four: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(four)));
  const high = i64x2.shuffle(four, four, 1, 0);
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** What a class's weights in a clip come to. */
// @ts-ignore: decorator
@inline
export function column(alpha: usize, clip: i32, classes: i32, j: i32): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < classes; i++) {
    sum += load<f32>(alpha + (((clip * classes + i) * classes + j) << 2));
  }
  return sum;
}

/**
 * Numbers that tanh is made of, in memory: V8 puts a constant vector together anew in each round of a
 * loop, in three instructions, and loads one from memory in one.
 */
const numbers: usize = memory.data<f32>([
  // tanhf's polynomial in x^2
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
  // where it ends; beyond 20 tanh is 1 in float32
  0.625, 20,
  // expf's reduction: log2(e), 1.5 x 2^23, and log(2) in two parts
  1.44269504088896341, 12582912, 0.693359375, -2.1219444e-4,
  // expf's polynomial
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  1, 2,
]);

// @ts-ignore: decorator
@inline
function number(place: usize): v128 {
  return v128.load32_splat(numbers + (place << 2));
}

/**
 * exp of four numbers from 0 to 88. Coefficients and reduction are those of expf in the Cephes
 * library (Moshier, 1992).
 */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  // adding 1.5 x 2^23 rounds to a whole number, which then stands in the lowest bits
  const shifted = f32x4.add(f32x4.mul(x, number(7)), number(8));
  const n = f32x4.sub(shifted, number(8));
  let r = f32x4.sub(x, f32x4.mul(n, number(9)));
  r = f32x4.sub(r, f32x4.mul(n, number(10)));
  let p = number(11);
  p = f32x4.add(f32x4.mul(p, r), number(12));
  p = f32x4.add(f32x4.mul(p, r), number(13));
  p = f32x4.add(f32x4.mul(p, r), number(14));
  p = f32x4.add(f32x4.mul(p, r), number(15));
  p = f32x4.add(f32x4.mul(p, r), number(16));
  const value = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), number(17));
  return f32x4.mul(value, i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23));
}

/** tanh of four numbers, as tanhf of the Cephes library: a polynomial near zero, else 1 - 2 / (exp(2|x|) + 1). */
// @ts-ignore: decorator
@inline
export function tanhOf(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = number(0);
  p = f32x4.add(f32x4.mul(p, z), number(1));
  p = f32x4.add(f32x4.mul(p, z), number(2));
  p = f32x4.add(f32x4.mul(p, z), number(3));
  p = f32x4.add(f32x4.mul(p, z), number(4));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);

  // NaN stays NaN in this order
  const bounded = f32x4.pmin(size, number(6));
  const e = exponential(f32x4.add(bounded, bounded));
  const far = f32x4.sub(number(17), f32x4.div(number(18), f32x4.add(e, number(17))));
  const sign = v128.andnot(x, i32x4.splat(0x7fffffff));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, number(5)));
}

/** Outputs of a phase that are made at once: their sums stay in registers, their samples in the cache. */
const COLUMNS: usize = 24;
/** Bytes of as many float32. */
const ROW: usize = COLUMNS * 4;

/**
 * Interpolation where the ratio of the rates is one of small numbers, `phases` / `period`: every
 * `phases`-th output stands at the same place between two samples, `period` samples further on. Such
 * outputs have the same weights, and samples that are laid beside each other once. Each is the sum that
 * sumUp of interpolate.ts gives, to the bit.
 *
 * @param samples sample 0, float32; `taps` zeros before it, and zeros behind the last as far as the
 *   outputs reach and `taps` + 3 more
 * @param weights for each phase as `weigh` writes them, float32
 * @param taps of a wing
 * @param phases see above
 * @param period see above
 * @param columns room for (`period` + 2 x `taps` + 3) x 24 of float32
 * @param sums room for (`phases` + 3) x 24 of float32
 * @param resampled float32, written; room for 3 more
 * @param blocks how many are made, in 24 x `phases`
 */
export function interpolateCycles(
  samples: usize,
  weights: usize,
  taps: usize,
  phases: usize,
  period: usize,
  columns: usize,
  sums: usize,
  resampled: usize,
  blocks: usize,
): void {
  for (; blocks > 0; blocks -= 1) {
    const before = samples - (taps << 2);
    transpose(before, period << 2, COLUMNS, period + 2 * taps, columns, ROW);
    for (let phase: usize = 0; phase < phases; phase += 1) {
      const n = (phase * period) / phases;
      const column = columns + (n + taps) * ROW;
      sumUpAlike(weights + phase * (taps << 3), taps, column, sums + phase * ROW);
    }
    transpose(sums, ROW, phases, COLUMNS, resampled, phases << 2);
    samples += period * ROW;
    resampled += phases * ROW;
  }
}

/**
 * Rows become columns, four by four: up to three rows and columns more than there are. What is written
 * too far in a row is written over by the row behind it, since the last columns come first.
 *
 * @param apart bytes from one row to the next
 * @param toApart from one row of the outcome to the next
 */
function transpose(
  from: usize,
  apart: usize,
  rows: usize,
  length: usize,
  to: usize,
  toApart: usize,
): void {
  for (let row = <isize>((rows - 1) & ~3); row >= 0; row -= 4) {
    let at = from + row * apart;
    let out = to + (row << 2);
    for (const end = at + (length << 2); at < end; at += 16) {
      const a = v128.load(at);
      const b = v128.load(at + apart);
      const c = v128.load(at + 2 * apart);
      const d = v128.load(at + 3 * apart);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const abEnd = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cdEnd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f64>(ab, cd, 0, 2));
      v128.store(out + toApart, v128.shuffle<f64>(ab, cd, 1, 3));
      v128.store(out + 2 * toApart, v128.shuffle<f64>(abEnd, cdEnd, 0, 2));
      v128.store(out + 3 * toApart, v128.shuffle<f64>(abEnd, cdEnd, 1, 3));
      out += 4 * toApart;
    }
  }
}

/** Outputs with the same weights. @param column the samples n of all of them */
function sumUpAlike(weights: usize, taps: usize, column: usize, sums: usize): void {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  let sum4 = f32x4.splat(0);
  let sum5 = f32x4.splat(0);
  // The left wing, from sample n backwards.
  let x = column;
  let end = weights + (taps << 2);
  for (; weights < end; weights += 4) {
    const weight = v128.load_splat<f32>(weights);
    sum0 = f32x4.add(sum0, f32x4.mul(weight, v128.load(x)));
    sum1 = f32x4.add(sum1, f32x4.mul(weight, v128.load(x, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(weight, v128.load(x, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(weight, v128.load(x, 48)));
    sum4 = f32x4.add(sum4, f32x4.mul(weight, v128.load(x, 64)));
    sum5 = f32x4.add(sum5, f32x4.mul(weight, v128.load(x, 80)));
    x -= ROW;
  }
  // The right wing, from sample n + 1 onwards.
  x = column + ROW;
  end += taps << 2;
  for (; weights < end; weights += 4) {
    const weight = v128.load_splat<f32>(weights);
    sum0 = f32x4.add(sum0, f32x4.mul(weight, v128.load(x)));
    sum1 = f32x4.add(sum1, f32x4.mul(weight, v128.load(x, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(weight, v128.load(x, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(weight, v128.load(x, 48)));
    sum4 = f32x4.add(sum4, f32x4.mul(weight, v128.load(x, 64)));
    sum5 = f32x4.add(sum5, f32x4.mul(weight, v128.load(x, 80)));
    x += ROW;
  }
  v128.store(sums, sum0);
  v128.store(sums, sum1, 16);
  v128.store(sums, sum2, 32);
  v128.store(sums, sum3, 48);
  v128.store(sums, sum4, 64);
  v128.store(sums, sum5, 80);
}

import { goOn, interpolateEach, OUTPUTS, rounded, ROW, storeFour } from './interpolate';

/**
 * Interpolation where the ratio of the rates is one of small numbers, `phases` / `period`: every
 * `phases`-th output stands at the same place between two samples, `period` samples further on. Sixteen
 * such outputs take the same values of the filter, and samples that are laid beside each other once. The
 * operations and their order are those of interpolate.ts.
 *
 * The time of an output is a sum of rounded steps and drifts away by a small part of a sample. So the
 * sixteen stand at slightly different places between two values of the filter; and where the drift
 * takes only some of them past a value, each looks up its own.
 */

/**
 * Blocks of `phases` groups of sixteen outputs: the first group begins with the first output, the second
 * with the second, and those of a group are `phases` apart. The parameters that interpolate has too are
 * the same.
 *
 * @param length of the filter
 * @param phases see above
 * @param period see above
 * @param times room for 2 x 16 x `phases` of float64
 * @param columns room for (`period` + 2 x `taps` + 2) x 16 of float64
 * @param blocks how many are made
 * @returns the time of the output behind the last
 */
export function interpolateCycles(
  samples: usize,
  rows: usize,
  taps: usize,
  length: i32,
  points: f64,
  scale: f64,
  timeStep: f64,
  phases: usize,
  period: i32,
  times: usize,
  products: usize,
  columns: usize,
  resampled: usize,
  blocks: i32,
): f64 {
  const rowBytes = taps << 4;
  const apart = phases << 3;
  const outApart = phases << 2;
  const tableStep = <i32>(scale * points);
  let now = times;
  let next = times + phases * ROW;
  let time: f64 = 0;
  for (let at: usize = 0; at < phases * ROW; at += ROW) time = goOn(time, timeStep, now + at);
  let first = 0;
  for (let block = 0; block < blocks; block += 1) {
    layOut(samples + ((first - <i32>taps) << 2), period, taps, columns);
    for (let phase: usize = 0; phase < phases; phase += 1) {
      // The times of the next block, which take long one after the other, pass beside other work.
      time = goOn(time, timeStep, next + phase * ROW);
      const from = now + (phase << 3);
      const to = resampled + (phase << 2);
      const n = <i32>load<f64>(from);
      const part = scale * (load<f64>(from) - <f64>n);
      const left = <i32>(part * points);
      const right = <i32>((scale - part) * points);
      const row = n - first;
      if (
        row >= -1 &&
        row <= period &&
        alike(from, apart, period, points, scale, n, left, right, products)
      ) {
        const leftRow = rows + <usize>left * rowBytes;
        const leftTaps = (length - left) / tableStep;
        const rightRow = rows + <usize>right * rowBytes;
        const rightTaps = (length - right) / tableStep;
        const column = columns + (<usize>row + taps) * ROW;
        for (let half: usize = 0; half < 2; half += 1) {
          addUpAlike(
            leftRow,
            leftTaps,
            rightRow,
            rightTaps,
            taps,
            products + (half << 6),
            column + (half << 6),
            to + (half << 3) * outApart,
            outApart,
          );
        }
      } else {
        interpolateEach(samples, rows, taps, points, scale, from, apart, products, to, outApart);
      }
    }
    first += <i32>OUTPUTS * period;
    resampled += phases * OUTPUTS * 4;
    const done = now;
    now = next;
    next = done;
  }
  return load<f64>(now);
}

/** Row r: the samples r, r + `period`, r + 2 x `period` ... from a place on. */
function layOut(samples: usize, period: i32, taps: usize, columns: usize): void {
  const step = <usize>period << 2;
  const end = samples + ((<usize>period + 2 * taps + 1) << 2);
  for (let from = samples; from < end; from += 8) {
    for (let at = from; at < from + OUTPUTS * step; at += 2 * step) {
      const twoA = f64x2.promote_low_f32x4(v128.load_zero<f64>(at));
      const twoB = f64x2.promote_low_f32x4(v128.load_zero<f64>(at + step));
      v128.store(columns, v128.shuffle<f64>(twoA, twoB, 0, 2));
      v128.store(columns, v128.shuffle<f64>(twoA, twoB, 1, 3), ROW);
      columns += 16;
    }
    columns += ROW;
  }
}

/**
 * @param n the sample before the first output
 * @param left the offset into the filter of its left wing
 * @param right that of its right wing
 * @param etas written: how far behind these offsets sixteen outputs stand, left wings and then right ones
 * @returns whether these are the offsets of all, and `n`, `n` + `period` ... the samples before them
 */
function alike(
  times: usize,
  apart: usize,
  period: i32,
  points: f64,
  scale: f64,
  n: i32,
  left: i32,
  right: i32,
  etas: usize,
): bool {
  const scales = f64x2.splat(scale);
  const allPoints = f64x2.splat(points);
  const lefts = f64x2.splat(<f64>left);
  const rights = f64x2.splat(<f64>right);
  const twoPeriods = f64x2.splat(<f64>(2 * period));
  let whole = f64x2(<f64>n, <f64>(n + period));
  let least = f64x2.splat(0);
  let most = least;
  for (const end = etas + ROW; etas < end; etas += 16) {
    const two = v128.load_lane<f64>(times + apart, v128.load_zero<f64>(times), 1);
    const fractions = f64x2.sub(two, whole);
    const parts = f64x2.mul(scales, fractions);
    const leftEtas = f64x2.sub(f64x2.mul(parts, allPoints), lefts);
    const rightEtas = f64x2.sub(f64x2.mul(f64x2.sub(scales, parts), allPoints), rights);
    v128.store(etas, leftEtas);
    v128.store(etas, rightEtas, ROW);
    least = f64x2.pmin(least, f64x2.pmin(fractions, f64x2.pmin(leftEtas, rightEtas)));
    most = f64x2.pmax(most, f64x2.pmax(fractions, f64x2.pmax(leftEtas, rightEtas)));
    whole = f64x2.add(whole, twoPeriods);
    times += 2 * apart;
  }
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  return i64x2.all_true(v128.and(f64x2.ge(least, zero), f64x2.lt(most, one)));
}

/**
 * The sums of eight outputs with the same values of the filter: no more, so that all of them stay in
 * registers.
 */
function addUpAlike(
  left: usize,
  leftTaps: i32,
  right: usize,
  rightTaps: i32,
  taps: usize,
  etas: usize,
  column: usize,
  resampled: usize,
  apart: usize,
): void {
  const steps = taps << 3;
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  // The left wing, from sample n backwards.
  let values = left;
  let end = left + (<usize>leftTaps << 3);
  let x = column;
  let further = -<isize>ROW;
  for (let wing = 0; wing < 2; wing += 1) {
    const eta0 = v128.load(etas);
    const eta1 = v128.load(etas, 16);
    const eta2 = v128.load(etas, 32);
    const eta3 = v128.load(etas, 48);
    do {
      const value = v128.load_splat<f64>(values);
      const step = v128.load_splat<f64>(values + steps);
      sum0 = rounded(f64x2.add(sum0, product(value, step, eta0, v128.load(x))));
      sum1 = rounded(f64x2.add(sum1, product(value, step, eta1, v128.load(x, 16))));
      sum2 = rounded(f64x2.add(sum2, product(value, step, eta2, v128.load(x, 32))));
      sum3 = rounded(f64x2.add(sum3, product(value, step, eta3, v128.load(x, 48))));
      x += further;
      values += 8;
    } while (values < end);
    // The right wing, from sample n + 1 onwards.
    values = right;
    end = right + (<usize>rightTaps << 3);
    etas += ROW;
    x = column + ROW;
    further = ROW;
  }
  storeFour(sum0, sum1, sum2, sum3, resampled, apart);
}

@inline
function product(value: v128, step: v128, eta: v128, x: v128): v128 {
  return f64x2.mul(f64x2.add(value, f64x2.mul(eta, step)), x);
}

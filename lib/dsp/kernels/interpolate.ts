/**
 * The inner loop of resampy 0.2.2's interpn.py, for sixteen outputs at once. Its sums are rounded to
 * float32 after every term, so each is a chain of dependent steps: first all products are computed, then
 * sixteen chains run beside each other. Every number comes from the same operations in the same order
 * as if it stood alone; what stands beyond the ends of samples and filter is a product of zero.
 */
export const OUTPUTS: usize = 16;
/** Bytes of as many float64. */
export const ROW: usize = OUTPUTS * 8;

/**
 * Outputs one after the other.
 *
 * @param samples sample 0, float32; `taps` zeros before the first, and zeros behind the last as far as
 *   the outputs reach and `taps` more
 * @param rows for each offset into the filter `taps` values, then as many steps to the values at the next
 *   offset, float64; zeros beyond the filter
 * @param taps of a wing, an even number
 * @param points of the filter between two zero crossings
 * @param scale the smaller of 1 and the ratio
 * @param timeStep 1 / ratio
 * @param time of the first output
 * @param times room for 16 of float64
 * @param products room for 2 x `taps` x 16 of float64
 * @param resampled float32; written
 * @param made how many of them, a multiple of 16
 */
export function interpolate(
  samples: usize,
  rows: usize,
  taps: usize,
  points: f64,
  scale: f64,
  timeStep: f64,
  time: f64,
  times: usize,
  products: usize,
  resampled: usize,
  made: usize,
): void {
  for (const end = resampled + (made << 2); resampled < end; resampled += OUTPUTS * 4) {
    time = goOn(time, timeStep, times);
    interpolateEach(samples, rows, taps, points, scale, times, 8, products, resampled, 4);
  }
}

/** Sixteen times one after the other; @returns the next one. */
@inline
export function goOn(time: f64, timeStep: f64, times: usize): f64 {
  for (let at = times; at < times + ROW; at += 8) {
    store<f64>(at, time);
    time += timeStep;
  }
  return time;
}

/**
 * Sixteen outputs, each with its own values of the filter.
 *
 * @param times theirs, float64
 * @param apart bytes from one time to the next
 * @param outApart bytes from one output to the next
 */
export function interpolateEach(
  samples: usize,
  rows: usize,
  taps: usize,
  points: f64,
  scale: f64,
  times: usize,
  apart: usize,
  products: usize,
  resampled: usize,
  outApart: usize,
): void {
  multiply(samples, rows, taps, points, scale, times, apart, products);
  addUp(products, 2 * taps, resampled, outApart);
}

/** Their products, a row for each tap. */
function multiply(
  samples: usize,
  rows: usize,
  taps: usize,
  points: f64,
  scale: f64,
  times: usize,
  apart: usize,
  products: usize,
): void {
  const rowBytes = taps << 4;
  for (let pair: usize = 0; pair < ROW; pair += 16) {
    const timeA = load<f64>(times);
    const timeB = load<f64>(times + apart);
    const nA = <i32>timeA;
    const nB = <i32>timeB;
    const partA = scale * (timeA - <f64>nA);
    const partB = scale * (timeB - <f64>nB);
    const a = samples + (<usize>nA << 2);
    const b = samples + (<usize>nB << 2);
    let atA = partA * points;
    let atB = partB * points;
    let etaA = f64x2.splat(atA - Math.floor(atA));
    let etaB = f64x2.splat(atB - Math.floor(atB));
    let rowA = rows + <usize>atA * rowBytes;
    let rowB = rows + <usize>atB * rowBytes;
    let to = products + pair;
    let i: usize = 0;
    // The left wing, from sample n backwards.
    do {
      const twoA = f64x2.promote_low_f32x4(v128.load_zero<f64>(a - (i >> 1) - 4));
      const twoB = f64x2.promote_low_f32x4(v128.load_zero<f64>(b - (i >> 1) - 4));
      const backA = v128.shuffle<f64>(twoA, twoA, 1, 0);
      const backB = v128.shuffle<f64>(twoB, twoB, 1, 0);
      storeProducts(
        f64x2.mul(weights(rowA + i, taps, etaA), backA),
        f64x2.mul(weights(rowB + i, taps, etaB), backB),
        to,
      );
      to += 2 * ROW;
      i += 16;
    } while (i < taps << 3);
    atA = (scale - partA) * points;
    atB = (scale - partB) * points;
    etaA = f64x2.splat(atA - Math.floor(atA));
    etaB = f64x2.splat(atB - Math.floor(atB));
    rowA = rows + <usize>atA * rowBytes;
    rowB = rows + <usize>atB * rowBytes;
    i = 0;
    // The right wing, from sample n + 1 onwards.
    do {
      const twoA = f64x2.promote_low_f32x4(v128.load_zero<f64>(a + (i >> 1) + 4));
      const twoB = f64x2.promote_low_f32x4(v128.load_zero<f64>(b + (i >> 1) + 4));
      storeProducts(
        f64x2.mul(weights(rowA + i, taps, etaA), twoA),
        f64x2.mul(weights(rowB + i, taps, etaB), twoB),
        to,
      );
      to += 2 * ROW;
      i += 16;
    } while (i < taps << 3);
    times += 2 * apart;
  }
}

@inline
function weights(row: usize, taps: usize, eta: v128): v128 {
  return f64x2.add(v128.load(row), f64x2.mul(eta, v128.load(row + (taps << 3))));
}

/** Those of two outputs and two taps. */
@inline
function storeProducts(productsA: v128, productsB: v128, to: usize): void {
  v128.store(to, v128.shuffle<f64>(productsA, productsB, 0, 2));
  v128.store(to, v128.shuffle<f64>(productsA, productsB, 1, 3), ROW);
}

/** The sums of sixteen outputs out of their products. */
function addUp(products: usize, terms: usize, resampled: usize, apart: usize): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  let sum4 = f64x2.splat(0);
  let sum5 = f64x2.splat(0);
  let sum6 = f64x2.splat(0);
  let sum7 = f64x2.splat(0);
  for (const end = products + terms * ROW; products < end; products += ROW) {
    sum0 = rounded(f64x2.add(sum0, v128.load(products)));
    sum1 = rounded(f64x2.add(sum1, v128.load(products, 16)));
    sum2 = rounded(f64x2.add(sum2, v128.load(products, 32)));
    sum3 = rounded(f64x2.add(sum3, v128.load(products, 48)));
    sum4 = rounded(f64x2.add(sum4, v128.load(products, 64)));
    sum5 = rounded(f64x2.add(sum5, v128.load(products, 80)));
    sum6 = rounded(f64x2.add(sum6, v128.load(products, 96)));
    sum7 = rounded(f64x2.add(sum7, v128.load(products, 112)));
  }
  storeFour(sum0, sum1, sum2, sum3, resampled, apart);
  storeFour(sum4, sum5, sum6, sum7, resampled + 8 * apart, apart);
}

@inline
export function rounded(sum: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(sum));
}

/** The sums of eight outputs, so many bytes from one to the next. */
@inline
export function storeFour(a: v128, b: v128, c: v128, d: v128, to: usize, apart: usize): void {
  storeTwo(a, to, apart);
  storeTwo(b, to + 2 * apart, apart);
  storeTwo(c, to + 4 * apart, apart);
  storeTwo(d, to + 6 * apart, apart);
}

@inline
function storeTwo(sums: v128, to: usize, apart: usize): void {
  const two = f32x4.demote_f64x2_zero(sums);
  v128.store_lane<f32>(to, two, 0);
  v128.store_lane<f32>(to + apart, two, 1);
}

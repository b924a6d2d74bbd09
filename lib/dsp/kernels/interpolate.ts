/**
 * The inner loop of resampy 0.2.2's interpn.py, for sixteen outputs at once. Its sums are rounded to
 * float32 after every term, so each is a chain of dependent steps: first all products are computed, then
 * sixteen chains run beside each other. Every number comes from the same operations in the same order
 * as if it stood alone; what stands beyond the ends of samples and filter is a product of zero.
 */
const OUTPUTS: usize = 16;

/**
 * @param samples sample 0, float32; `taps` zeros before the first and behind the last
 * @param mirrored the last sample: they run backwards, with as many zeros
 * @param count how many samples there are
 * @param rows for each offset into the filter, every second tap with its neighbour: two values, and two
 *   steps to the values at the next offset, float64; zeros beyond the filter
 * @param taps of a wing, an even number
 * @param points of the filter between two zero crossings
 * @param scale the smaller of 1 and the ratio
 * @param timeStep 1 / ratio
 * @param products room for 2 x taps x 16 of float64
 * @param resampled float32; written
 * @param made how many of them, a multiple of 16
 */
export function interpolate(
  samples: usize,
  mirrored: usize,
  count: i32,
  rows: usize,
  taps: i32,
  points: f64,
  scale: f64,
  timeStep: f64,
  products: usize,
  resampled: usize,
  made: usize,
): void {
  const rowBytes = <usize>taps << 4;
  const wingBytes = <usize>taps * OUTPUTS * 8;
  let time: f64 = 0;
  for (let t: usize = 0; t < made; t += OUTPUTS) {
    for (let pair: usize = 0; pair < OUTPUTS / 2; pair += 1) {
      const nA = <i32>time;
      const partA = scale * (time - <f64>nA);
      time += timeStep;
      const nB = <i32>time;
      const partB = scale * (time - <f64>nB);
      time += timeStep;
      // The left wing, from sample n backwards; the right wing, from sample n + 1 onwards.
      wing(
        mirrored + (<usize>(count - 1 - nA) << 2),
        mirrored + (<usize>(count - 1 - nB) << 2),
        partA * points,
        partB * points,
        rows,
        rowBytes,
        products + (pair << 4),
      );
      wing(
        samples + (<usize>(nA + 1) << 2),
        samples + (<usize>(nB + 1) << 2),
        (scale - partA) * points,
        (scale - partB) * points,
        rows,
        rowBytes,
        products + wingBytes + (pair << 4),
      );
    }
    addUp(products, 2 * taps, resampled + (t << 2));
  }
}

/** The products of a wing of two outputs, a pair of float64 for each tap. */
@inline
function wing(
  samplesA: usize,
  samplesB: usize,
  atA: f64,
  atB: f64,
  rows: usize,
  rowBytes: usize,
  products: usize,
): void {
  const offsetA = <i32>atA;
  const offsetB = <i32>atB;
  const etaA = f64x2.splat(atA - <f64>offsetA);
  const etaB = f64x2.splat(atB - <f64>offsetB);
  const rowA = rows + <usize>offsetA * rowBytes;
  const rowB = rows + <usize>offsetB * rowBytes;
  for (let i: usize = 0; i < rowBytes; i += 32) {
    const weightsA = f64x2.add(v128.load(rowA + i), f64x2.mul(etaA, v128.load(rowA + i, 16)));
    const weightsB = f64x2.add(v128.load(rowB + i), f64x2.mul(etaB, v128.load(rowB + i, 16)));
    const twoA = f64x2.promote_low_f32x4(v128.load_zero<f64>(samplesA + (i >> 2)));
    const twoB = f64x2.promote_low_f32x4(v128.load_zero<f64>(samplesB + (i >> 2)));
    const productsA = f64x2.mul(weightsA, twoA);
    const productsB = f64x2.mul(weightsB, twoB);
    const to = products + (i >> 4) * OUTPUTS * 8;
    v128.store(to, v128.shuffle<f64>(productsA, productsB, 0, 2));
    v128.store(to, v128.shuffle<f64>(productsA, productsB, 1, 3), OUTPUTS * 8);
  }
}

/** Sixteen sums, rounded to float32 after every term. */
@inline
function addUp(products: usize, terms: i32, resampled: usize): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  let sum4 = f64x2.splat(0);
  let sum5 = f64x2.splat(0);
  let sum6 = f64x2.splat(0);
  let sum7 = f64x2.splat(0);
  for (let i = 0; i < terms; i += 1) {
    sum0 = rounded(f64x2.add(sum0, v128.load(products)));
    sum1 = rounded(f64x2.add(sum1, v128.load(products, 16)));
    sum2 = rounded(f64x2.add(sum2, v128.load(products, 32)));
    sum3 = rounded(f64x2.add(sum3, v128.load(products, 48)));
    sum4 = rounded(f64x2.add(sum4, v128.load(products, 64)));
    sum5 = rounded(f64x2.add(sum5, v128.load(products, 80)));
    sum6 = rounded(f64x2.add(sum6, v128.load(products, 96)));
    sum7 = rounded(f64x2.add(sum7, v128.load(products, 112)));
    products += OUTPUTS * 8;
  }
  store(sum0, resampled);
  store(sum1, resampled + 8);
  store(sum2, resampled + 16);
  store(sum3, resampled + 24);
  store(sum4, resampled + 32);
  store(sum5, resampled + 40);
  store(sum6, resampled + 48);
  store(sum7, resampled + 56);
}

@inline
function rounded(sum: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(sum));
}

@inline
function store(sums: v128, to: usize): void {
  v128.store_lane<f64>(to, f32x4.demote_f64x2_zero(sums), 0);
}

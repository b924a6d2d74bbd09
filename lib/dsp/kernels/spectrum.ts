/**
 * The power spectra of two real frames at once: one in each lane, so that every number comes from the
 * same operations in the same order as if it stood alone. A real frame of N samples is taken as N/2
 * complex ones (Press et al., Numerical Recipes, 12.3), these by decimation in time (Cooley and Tukey
 * 1965), two steps of radix 2 in each pass. Complex arrays: 16 bytes a real part, then as many for the
 * imaginary parts.
 */

/**
 * @param half N / 2
 * @param first the samples of one frame, float32
 * @param second those of the other
 * @param weights N, float64
 * @param reversed half places in bit-reversed order, uint32
 * @param re half x 2 lanes, float64; overwritten
 * @param im likewise
 */
export function loadFrames(
  half: i32,
  first: usize,
  second: usize,
  weights: usize,
  reversed: usize,
  re: usize,
  im: usize,
): void {
  for (let n = 0; n < half; n += 1) {
    const from = <usize>load<u32>(reversed + (<usize>n << 2)) << 3;
    const a = f64x2.promote_low_f32x4(v128.load_zero<f64>(first + from));
    const b = f64x2.promote_low_f32x4(v128.load_zero<f64>(second + from));
    const weight = v128.load(weights + (from << 1));
    const weightedA = f64x2.mul(weight, a);
    const weightedB = f64x2.mul(weight, b);
    const to = <usize>n << 4;
    v128.store(re + to, v128.shuffle<f64>(weightedA, weightedB, 0, 2));
    v128.store(im + to, v128.shuffle<f64>(weightedA, weightedB, 1, 3));
  }
}

/** Transforms of 2 out of neighbours. */
export function combinePairs(half: i32, re: usize, im: usize): void {
  for (let at: usize = 0; at < <usize>half << 4; at += 32) {
    const aRe = v128.load(re + at);
    const aIm = v128.load(im + at);
    const bRe = v128.load(re + at, 16);
    const bIm = v128.load(im + at, 16);
    v128.store(re + at, f64x2.add(aRe, bRe));
    v128.store(im + at, f64x2.add(aIm, bIm));
    v128.store(re + at, f64x2.sub(aRe, bRe), 16);
    v128.store(im + at, f64x2.sub(aIm, bIm), 16);
  }
}

/**
 * Transforms of 4 x span out of each four of span.
 *
 * @param twiddles for each j < span the real and imaginary parts of w^(2j), w^j and w^(3j), float64
 */
export function combineFours(half: i32, span: i32, twiddles: usize, re: usize, im: usize): void {
  const step = <usize>span << 4;
  for (let start: usize = 0; start < <usize>half << 4; start += step << 2) {
    let w = twiddles;
    for (let a = start; a < start + step; a += 16) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const bRe0 = v128.load(re + b);
      const bIm0 = v128.load(im + b);
      const wbRe = v128.load_splat<f64>(w);
      const wbIm = v128.load_splat<f64>(w, 8);
      const bRe = f64x2.sub(f64x2.mul(bRe0, wbRe), f64x2.mul(bIm0, wbIm));
      const bIm = f64x2.add(f64x2.mul(bRe0, wbIm), f64x2.mul(bIm0, wbRe));
      const cRe0 = v128.load(re + c);
      const cIm0 = v128.load(im + c);
      const wcRe = v128.load_splat<f64>(w, 16);
      const wcIm = v128.load_splat<f64>(w, 24);
      const cRe = f64x2.sub(f64x2.mul(cRe0, wcRe), f64x2.mul(cIm0, wcIm));
      const cIm = f64x2.add(f64x2.mul(cRe0, wcIm), f64x2.mul(cIm0, wcRe));
      const dRe0 = v128.load(re + d);
      const dIm0 = v128.load(im + d);
      const wdRe = v128.load_splat<f64>(w, 32);
      const wdIm = v128.load_splat<f64>(w, 40);
      const dRe = f64x2.sub(f64x2.mul(dRe0, wdRe), f64x2.mul(dIm0, wdIm));
      const dIm = f64x2.add(f64x2.mul(dRe0, wdIm), f64x2.mul(dIm0, wdRe));
      const aRe = v128.load(re + a);
      const aIm = v128.load(im + a);
      const sumRe = f64x2.add(aRe, bRe);
      const sumIm = f64x2.add(aIm, bIm);
      const differenceRe = f64x2.sub(aRe, bRe);
      const differenceIm = f64x2.sub(aIm, bIm);
      const otherRe = f64x2.add(cRe, dRe);
      const otherIm = f64x2.add(cIm, dIm);
      v128.store(re + a, f64x2.add(sumRe, otherRe));
      v128.store(im + a, f64x2.add(sumIm, otherIm));
      v128.store(re + c, f64x2.sub(sumRe, otherRe));
      v128.store(im + c, f64x2.sub(sumIm, otherIm));
      // -i (c - d)
      const turnedRe = f64x2.sub(cIm, dIm);
      const turnedIm = f64x2.sub(cRe, dRe);
      v128.store(re + b, f64x2.add(differenceRe, turnedRe));
      v128.store(im + b, f64x2.sub(differenceIm, turnedIm));
      v128.store(re + d, f64x2.sub(differenceRe, turnedRe));
      v128.store(im + d, f64x2.add(differenceIm, turnedIm));
      w += 48;
    }
  }
}

/**
 * X[k] = E[k] + w O[k] and X[half - k] = conj(E[k] - w O[k]), w = e^(-2 pi i k / N), with E and O the
 * transforms of the even and the odd samples; of each the square of its size.
 *
 * @param turns half / 2 + 1 pairs: the real and the imaginary part of w, float64
 * @param first half + 1 powers of one frame, float32; written
 * @param second those of the other
 */
export function splitPower(
  half: i32,
  turns: usize,
  re: usize,
  im: usize,
  first: usize,
  second: usize,
): void {
  const re0 = v128.load(re);
  const im0 = v128.load(im);
  const sum = f64x2.add(re0, im0);
  const difference = f64x2.sub(re0, im0);
  storePower(f64x2.mul(sum, sum), first, second);
  const last = <usize>half << 2;
  storePower(f64x2.mul(difference, difference), first + last, second + last);
  const oneHalf = f64x2.splat(0.5);
  for (let k = 1; k <= half >> 1; k += 1) {
    const at = <usize>k << 4;
    const mirror = <usize>(half - k) << 4;
    const atRe = v128.load(re + at);
    const atIm = v128.load(im + at);
    const mirrorRe = v128.load(re + mirror);
    const mirrorIm = v128.load(im + mirror);
    const evenRe = f64x2.mul(oneHalf, f64x2.add(atRe, mirrorRe));
    const evenIm = f64x2.mul(oneHalf, f64x2.sub(atIm, mirrorIm));
    const oddRe = f64x2.mul(oneHalf, f64x2.add(atIm, mirrorIm));
    const oddIm = f64x2.mul(oneHalf, f64x2.sub(mirrorRe, atRe));
    const cosine = v128.load_splat<f64>(turns + at);
    const sine = v128.load_splat<f64>(turns + at, 8);
    const turnedRe = f64x2.sub(f64x2.mul(oddRe, cosine), f64x2.mul(oddIm, sine));
    const turnedIm = f64x2.add(f64x2.mul(oddRe, sine), f64x2.mul(oddIm, cosine));
    const low = square(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm));
    const high = square(f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm));
    const toLow = <usize>k << 2;
    const toHigh = <usize>(half - k) << 2;
    storePower(low, first + toLow, second + toLow);
    storePower(high, first + toHigh, second + toHigh);
  }
}

@inline
function square(re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
}

@inline
function storePower(power: v128, first: usize, second: usize): void {
  const rounded = f32x4.demote_f64x2_zero(power);
  v128.store_lane<f32>(first, rounded, 0);
  v128.store_lane<f32>(second, rounded, 1);
}

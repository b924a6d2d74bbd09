/**
 * The power spectra of two real frames at once: one in each lane, so that every number comes from the
 * same operations in the same order as if it stood alone. A real frame of N samples is taken as N/2
 * complex ones (Press et al., Numerical Recipes, 12.3), these by decimation in time (Cooley and Tukey
 * 1965), two steps of radix 2 in each pass. A complex number is two lanes of float64 for its real part,
 * then two for its imaginary part.
 */
const COMPLEX: usize = 32;

/**
 * So many weighted samples in bit-reversed order, made into transforms of 4, which need no products.
 *
 * @param half N / 2, a power of four
 * @param count how many of the half complex numbers: all, or a quarter of them
 * @param first the samples of one frame, float32
 * @param second those of the other
 * @param reversed count places in bit-reversed order, uint32
 * @param weights of the two samples of each of these places, float64
 * @param z count complex numbers; written
 */
export function loadFours(
  half: usize,
  count: usize,
  first: usize,
  second: usize,
  reversed: usize,
  weights: usize,
  z: usize,
): void {
  const quarter = half >> 2;
  for (const end = reversed + (count << 2); reversed < end; reversed += 16) {
    const a = <usize>load<u32>(reversed);
    const c = a + quarter;
    const b = c + quarter;
    const d = b + quarter;
    const a0 = weighted(first, a, weights, 0);
    const a1 = weighted(second, a, weights, 0);
    const b0 = weighted(first, b, weights, 16);
    const b1 = weighted(second, b, weights, 16);
    const c0 = weighted(first, c, weights, 32);
    const c1 = weighted(second, c, weights, 32);
    const d0 = weighted(first, d, weights, 48);
    const d1 = weighted(second, d, weights, 48);
    storeFour(
      v128.shuffle<f64>(a0, a1, 0, 2),
      v128.shuffle<f64>(a0, a1, 1, 3),
      v128.shuffle<f64>(b0, b1, 0, 2),
      v128.shuffle<f64>(b0, b1, 1, 3),
      v128.shuffle<f64>(c0, c1, 0, 2),
      v128.shuffle<f64>(c0, c1, 1, 3),
      v128.shuffle<f64>(d0, d1, 0, 2),
      v128.shuffle<f64>(d0, d1, 1, 3),
      z,
      COMPLEX,
    );
    weights += 64;
    z += 4 * COMPLEX;
  }
}

/** The same for a half that is twice a power of four, made into transforms of 2. */
export function loadPairs(
  half: usize,
  count: usize,
  first: usize,
  second: usize,
  reversed: usize,
  weights: usize,
  z: usize,
): void {
  for (const end = reversed + (count << 2); reversed < end; reversed += 8) {
    const a = <usize>load<u32>(reversed);
    const b = a + (half >> 1);
    const a0 = weighted(first, a, weights, 0);
    const a1 = weighted(second, a, weights, 0);
    const b0 = weighted(first, b, weights, 16);
    const b1 = weighted(second, b, weights, 16);
    const aRe = v128.shuffle<f64>(a0, a1, 0, 2);
    const aIm = v128.shuffle<f64>(a0, a1, 1, 3);
    const bRe = v128.shuffle<f64>(b0, b1, 0, 2);
    const bIm = v128.shuffle<f64>(b0, b1, 1, 3);
    v128.store(z, f64x2.add(aRe, bRe));
    v128.store(z, f64x2.add(aIm, bIm), 16);
    v128.store(z, f64x2.sub(aRe, bRe), 32);
    v128.store(z, f64x2.sub(aIm, bIm), 48);
    weights += 32;
    z += 2 * COMPLEX;
  }
}

/** Samples 2 n and 2 n + 1. */
@inline
function weighted(samples: usize, n: usize, weights: usize, offset: usize): v128 {
  const two = f64x2.promote_low_f32x4(v128.load_zero<f64>(samples + (n << 3)));
  return f64x2.mul(v128.load(weights + offset), two);
}

/**
 * Transforms of 4 x span out of each four of span.
 *
 * @param twiddles for each j < span the real and imaginary parts of w^(2j), w^j and w^(3j), float64
 */
export function combineFours(half: usize, span: usize, twiddles: usize, z: usize): void {
  const step = span * COMPLEX;
  const end = z + half * COMPLEX;
  do {
    let w = twiddles;
    const last = z + step;
    do {
      const b = z + step;
      const c = b + step;
      const d = c + step;
      const bRe = v128.load(b);
      const bIm = v128.load(b, 16);
      const wb = v128.load(w);
      const wbRe = v128.shuffle<f64>(wb, wb, 0, 0);
      const wbIm = v128.shuffle<f64>(wb, wb, 1, 1);
      const cRe = v128.load(c);
      const cIm = v128.load(c, 16);
      const wc = v128.load(w, 16);
      const wcRe = v128.shuffle<f64>(wc, wc, 0, 0);
      const wcIm = v128.shuffle<f64>(wc, wc, 1, 1);
      const dRe = v128.load(d);
      const dIm = v128.load(d, 16);
      const wd = v128.load(w, 32);
      const wdRe = v128.shuffle<f64>(wd, wd, 0, 0);
      const wdIm = v128.shuffle<f64>(wd, wd, 1, 1);
      storeFour(
        v128.load(z),
        v128.load(z, 16),
        f64x2.sub(f64x2.mul(bRe, wbRe), f64x2.mul(bIm, wbIm)),
        f64x2.add(f64x2.mul(bRe, wbIm), f64x2.mul(bIm, wbRe)),
        f64x2.sub(f64x2.mul(cRe, wcRe), f64x2.mul(cIm, wcIm)),
        f64x2.add(f64x2.mul(cRe, wcIm), f64x2.mul(cIm, wcRe)),
        f64x2.sub(f64x2.mul(dRe, wdRe), f64x2.mul(dIm, wdIm)),
        f64x2.add(f64x2.mul(dRe, wdIm), f64x2.mul(dIm, wdRe)),
        z,
        step,
      );
      w += 48;
      z += COMPLEX;
    } while (z < last);
    z += 3 * step;
  } while (z < end);
}

/** The transform of four numbers, stored so many bytes from each other. */
@inline
function storeFour(
  aRe: v128,
  aIm: v128,
  bRe: v128,
  bIm: v128,
  cRe: v128,
  cIm: v128,
  dRe: v128,
  dIm: v128,
  to: usize,
  step: usize,
): void {
  const sumRe = f64x2.add(aRe, bRe);
  const sumIm = f64x2.add(aIm, bIm);
  const otherRe = f64x2.add(cRe, dRe);
  const otherIm = f64x2.add(cIm, dIm);
  v128.store(to, f64x2.add(sumRe, otherRe));
  v128.store(to, f64x2.add(sumIm, otherIm), 16);
  v128.store(to + 2 * step, f64x2.sub(sumRe, otherRe));
  v128.store(to + 2 * step, f64x2.sub(sumIm, otherIm), 16);
  const differenceRe = f64x2.sub(aRe, bRe);
  const differenceIm = f64x2.sub(aIm, bIm);
  // -i (c - d)
  const turnedRe = f64x2.sub(cIm, dIm);
  const turnedIm = f64x2.sub(cRe, dRe);
  v128.store(to + step, f64x2.add(differenceRe, turnedRe));
  v128.store(to + step, f64x2.sub(differenceIm, turnedIm), 16);
  v128.store(to + 3 * step, f64x2.sub(differenceRe, turnedRe));
  v128.store(to + 3 * step, f64x2.add(differenceIm, turnedIm), 16);
}

/**
 * X[k] = E[k] + w O[k] and X[half - k] = conj(E[k] - w O[k]), w = e^(-2 pi i k / N), with E and O the
 * transforms of the even and the odd samples; of each the square of its size.
 *
 * @param turns half / 2 + 1 pairs: the real and the imaginary part of w, float64
 * @param bins how many powers are wanted, from k = 0 on: 1 to half + 1
 * @param first `bins` powers of one frame, float32; written
 * @param second those of the other
 */
export function splitPower(
  half: usize,
  turns: usize,
  z: usize,
  bins: usize,
  first: usize,
  second: usize,
): void {
  const re0 = v128.load(z);
  const im0 = v128.load(z, 16);
  const sum = f64x2.add(re0, im0);
  const difference = f64x2.sub(re0, im0);
  storePower(f64x2.mul(sum, sum), first, second);
  const last = half << 2;
  const end = bins << 2;
  if (last < end) storePower(f64x2.mul(difference, difference), first + last, second + last);
  const oneHalf = f64x2.splat(0.5);
  let mirror = z + half * COMPLEX;
  let toHigh = last;
  let toLow: usize = 0;
  while (toLow < toHigh && toLow + 4 < end) {
    z += COMPLEX;
    mirror -= COMPLEX;
    turns += 16;
    toLow += 4;
    toHigh -= 4;
    const atRe = v128.load(z);
    const atIm = v128.load(z, 16);
    const mirrorRe = v128.load(mirror);
    const mirrorIm = v128.load(mirror, 16);
    const evenRe = f64x2.mul(oneHalf, f64x2.add(atRe, mirrorRe));
    const evenIm = f64x2.mul(oneHalf, f64x2.sub(atIm, mirrorIm));
    const oddRe = f64x2.mul(oneHalf, f64x2.add(atIm, mirrorIm));
    const oddIm = f64x2.mul(oneHalf, f64x2.sub(mirrorRe, atRe));
    const cosine = v128.load_splat<f64>(turns);
    const sine = v128.load_splat<f64>(turns, 8);
    const turnedRe = f64x2.sub(f64x2.mul(oddRe, cosine), f64x2.mul(oddIm, sine));
    const turnedIm = f64x2.add(f64x2.mul(oddRe, sine), f64x2.mul(oddIm, cosine));
    const low = square(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm));
    storePower(low, first + toLow, second + toLow);
    if (toHigh >= end) continue;
    const high = square(f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm));
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

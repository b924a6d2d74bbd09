import { cos, sin } from '../math/portable.ts';

/** The power spectrum of real frames of one size, planned once. */
export interface RealFft {
  readonly size: number;
  /** size / 2 + 1 */
  readonly bins: number;
  /**
   * |X[k]|^2 for k = 0 ... size / 2, with X[k] = sum over n of x[n] e^(-2 pi i k n / size).
   *
   * @param frame size samples; not changed
   * @param power where the bins are written, from `at` on
   */
  power(frame: Float64Array, power: Float32Array, at: number): void;
}

/**
 * Plans the transform: a real frame of N samples as N/2 complex ones (the split of a real sequence as
 * in Press et al., Numerical Recipes, 12.3), these by decimation in time (Cooley and Tukey 1965). All
 * in float64; tables from portable functions, so that every bit is the same on every machine.
 *
 * @param size a power of two, at least 4
 * @throws RangeError for any other size
 */
export function planRealFft(size: number): RealFft {
  if (!isPowerOfTwo(size) || size < 4) {
    throw new RangeError(`a frame has a power of two of samples, at least 4, not ${size}`);
  }
  const half = size / 2;
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const reversed = bitReversal(half);
  const passes = planPasses(half);
  // e^(-2 pi i k / size)
  const cosines = Float64Array.from({ length: half / 2 + 1 }, (_, k) => cos(angle(k, size)));
  const sines = Float64Array.from({ length: half / 2 + 1 }, (_, k) => -sin(angle(k, size)));

  return {
    size,
    bins: half + 1,
    power(frame, power, at) {
      for (let n = 0; n < half; n += 1) {
        const from = 2 * reversed[n]!;
        re[n] = frame[from]!;
        im[n] = frame[from + 1]!;
      }
      if (passes[0]?.span !== 1) combinePairs(re, im);
      for (const pass of passes) combineFours(re, im, pass);

      // X[k] = E[k] + w O[k] and X[half - k] = conj(E[k] - w O[k]), w = e^(-2 pi i k / size), with E
      // and O the transforms of the even and the odd samples.
      power[at] = (re[0]! + im[0]!) * (re[0]! + im[0]!);
      power[at + half] = (re[0]! - im[0]!) * (re[0]! - im[0]!);
      for (let k = 1; k <= half / 2; k += 1) {
        const mirror = half - k;
        const evenRe = 0.5 * (re[k]! + re[mirror]!);
        const evenIm = 0.5 * (im[k]! - im[mirror]!);
        const oddRe = 0.5 * (im[k]! + im[mirror]!);
        const oddIm = 0.5 * (re[mirror]! - re[k]!);
        const turnedRe = oddRe * cosines[k]! - oddIm * sines[k]!;
        const turnedIm = oddRe * sines[k]! + oddIm * cosines[k]!;
        power[at + k] = square(evenRe + turnedRe, evenIm + turnedIm);
        power[at + mirror] = square(evenRe - turnedRe, evenIm - turnedIm);
      }
    },
  };
}

export function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(size) && size > 0 && (size & (size - 1)) === 0;
}

/** What makes one transform of 4 x span out of each four of span. */
interface Pass {
  readonly span: number;
  /** For each j < span, the real and imaginary parts of w^(2j), w^j and w^(3j), w = e^(-2 pi i / (4 span)). */
  readonly twiddles: Float64Array;
}

/** Each pass does the work of two of radix 2, at half the traffic and three quarters of the products. */
function planPasses(count: number): readonly Pass[] {
  const passes: Pass[] = [];
  // An odd power of two leaves one pass of radix 2, which comes first, where it needs no twiddles.
  const odd = Math.clz32(count) % 2 === 0;
  for (let span = odd ? 2 : 1; span < count; span *= 4) {
    const twiddles = Float64Array.from({ length: 6 * span }, (_, i) => {
      const turn = angle(Math.floor(i / 6) * [2, 1, 3][Math.floor((i % 6) / 2)]!, 4 * span);
      return i % 2 === 0 ? cos(turn) : -sin(turn);
    });
    passes.push({ span, twiddles });
  }
  return passes;
}

/** Transforms of 2 out of neighbours. */
function combinePairs(re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < re.length; a += 2) {
    const [aRe, aIm, bRe, bIm] = [re[a]!, im[a]!, re[a + 1]!, im[a + 1]!];
    re[a] = aRe + bRe;
    im[a] = aIm + bIm;
    re[a + 1] = aRe - bRe;
    im[a + 1] = aIm - bIm;
  }
}

function combineFours(re: Float64Array, im: Float64Array, { span, twiddles }: Pass): void {
  for (let start = 0; start < re.length; start += 4 * span) {
    for (let j = 0; j < span; j += 1) {
      const a = start + j;
      const b = a + span;
      const c = b + span;
      const d = c + span;
      const w = 6 * j;
      const bRe = re[b]! * twiddles[w]! - im[b]! * twiddles[w + 1]!;
      const bIm = re[b]! * twiddles[w + 1]! + im[b]! * twiddles[w]!;
      const cRe = re[c]! * twiddles[w + 2]! - im[c]! * twiddles[w + 3]!;
      const cIm = re[c]! * twiddles[w + 3]! + im[c]! * twiddles[w + 2]!;
      const dRe = re[d]! * twiddles[w + 4]! - im[d]! * twiddles[w + 5]!;
      const dIm = re[d]! * twiddles[w + 5]! + im[d]! * twiddles[w + 4]!;
      const sumRe = re[a]! + bRe;
      const sumIm = im[a]! + bIm;
      const differenceRe = re[a]! - bRe;
      const differenceIm = im[a]! - bIm;
      re[a] = sumRe + (cRe + dRe);
      im[a] = sumIm + (cIm + dIm);
      re[c] = sumRe - (cRe + dRe);
      im[c] = sumIm - (cIm + dIm);
      // -i (c - d)
      re[b] = differenceRe + (cIm - dIm);
      im[b] = differenceIm - (cRe - dRe);
      re[d] = differenceRe - (cIm - dIm);
      im[d] = differenceIm + (cRe - dRe);
    }
  }
}

function square(re: number, im: number): number {
  return re * re + im * im;
}

function angle(k: number, size: number): number {
  return (2 * Math.PI * k) / size;
}

function bitReversal(size: number): Uint32Array {
  const reversed = new Uint32Array(size);
  for (let n = 1; n < size; n += 1) {
    reversed[n] = reversed[n >> 1]! / 2 + (n & 1 ? size / 2 : 0);
  }
  return reversed;
}

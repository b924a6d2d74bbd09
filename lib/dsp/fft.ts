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
 * Plans the transform: a real frame of N samples as N/2 complex ones, radix 2, decimation in time
 * (Cooley and Tukey 1965; the split of a real sequence as in Press et al., Numerical Recipes, 12.3).
 * All in float64; tables from portable functions, so that every bit is the same on every machine.
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
  // e^(-2 pi i k / size) for k < half: every second one serves the complex transform of half the size.
  const cosines = Float64Array.from({ length: half }, (_, k) => cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: half }, (_, k) => -sin((2 * Math.PI * k) / size));

  const transform = (): void => {
    for (let span = 1; span < half; span *= 2) {
      const step = half / span;
      for (let start = 0; start < half; start += 2 * span) {
        for (let j = 0; j < span; j += 1) {
          const wr = cosines[j * step]!;
          const wi = sines[j * step]!;
          const a = start + j;
          const b = a + span;
          const tr = re[b]! * wr - im[b]! * wi;
          const ti = re[b]! * wi + im[b]! * wr;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a]! += tr;
          im[a]! += ti;
        }
      }
    }
  };

  return {
    size,
    bins: half + 1,
    power(frame, power, at) {
      for (let n = 0; n < half; n += 1) {
        const from = 2 * reversed[n]!;
        re[n] = frame[from]!;
        im[n] = frame[from + 1]!;
      }
      transform();
      // X[k] = E[k] + e^(-2 pi i k / size) O[k], E and O the transforms of the even and odd samples.
      power[at] = (re[0]! + im[0]!) * (re[0]! + im[0]!);
      power[at + half] = (re[0]! - im[0]!) * (re[0]! - im[0]!);
      for (let k = 1; k < half; k += 1) {
        const evenRe = 0.5 * (re[k]! + re[half - k]!);
        const evenIm = 0.5 * (im[k]! - im[half - k]!);
        const oddRe = 0.5 * (im[k]! + im[half - k]!);
        const oddIm = 0.5 * (re[half - k]! - re[k]!);
        const xr = evenRe + oddRe * cosines[k]! - oddIm * sines[k]!;
        const xi = evenIm + oddRe * sines[k]! + oddIm * cosines[k]!;
        power[at + k] = xr * xr + xi * xi;
      }
    },
  };
}

export function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(size) && size > 0 && (size & (size - 1)) === 0;
}

function bitReversal(size: number): Uint32Array {
  const reversed = new Uint32Array(size);
  for (let n = 1; n < size; n += 1) {
    reversed[n] = reversed[n >> 1]! / 2 + (n & 1 ? size / 2 : 0);
  }
  return reversed;
}

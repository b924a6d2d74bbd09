import { cos, sin } from '../../lib/math/portable.ts';

/*
 * Resampling and the real FFT as plain loops, one number after the other: what the kernels compute side
 * by side must have the same bits.
 */

const POINTS_PER_CROSSING = 512;
const ZERO_CROSSINGS = 16;
const ROLL_OFF = 0.85;
const KAISER_BETA = 8.555504641634386;

/** resampy 0.2.2's `kaiser_fast`, from exact places, with weights, products and sums of float32. */
export function resampled(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const ratio = toHz / fromHz;
  const made = new Float32Array(Math.ceil(samples.length * ratio));
  const count = Math.trunc(samples.length * ratio);
  interpolate(samples, fromHz, toHz, makeFilter(ratio), made.subarray(0, count));
  return made;
}

interface Filter {
  readonly values: Float64Array;
  readonly steps: Float64Array;
}

function makeFilter(ratio: number): Filter {
  const last = POINTS_PER_CROSSING * ZERO_CROSSINGS;
  // Below 1 the cut-off moves down with the new rate: the table is multiplied by the ratio.
  const scale = ratio < 1 ? ratio : 1;
  const values = Float64Array.from({ length: last + 1 }, (_, i) => {
    const crossings = (i * ZERO_CROSSINGS) / last;
    return ROLL_OFF * sinc(ROLL_OFF * crossings) * kaiser(i / last) * scale;
  });
  const steps = Float64Array.from(values, (value, i) => (i < last ? values[i + 1]! - value : 0));
  return { values, steps };
}

/** The inner loop of resampy 0.2.2's interpn.py, its names in words. */
function interpolate(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
  { values, steps }: Filter,
  resampled: Float32Array,
): void {
  const scale = Math.min(1, toHz / fromHz);
  const tableStep = Math.trunc(scale * POINTS_PER_CROSSING);
  const count = samples.length;
  let time = 0;
  for (let t = 0; t < resampled.length; t += 1) {
    let rest = (t * fromHz) % toHz;
    let n = (t * fromHz - rest) / toHz;
    // On a sample, but by the sum of the steps before it.
    if (rest === 0 && time < n) {
      n -= 1;
      rest = toHz;
    }
    let sum = 0;
    // The left wing, from sample n backwards.
    let part = scale * (rest / toHz);
    let at = part * POINTS_PER_CROSSING;
    let offset = Math.trunc(at);
    let eta = at - offset;
    let taps = Math.min(n + 1, Math.trunc((values.length - offset) / tableStep));
    for (let i = 0; i < taps; i += 1) {
      const index = offset + i * tableStep;
      const weight = Math.fround(values[index]! + eta * steps[index]!);
      sum = Math.fround(sum + Math.fround(weight * samples[n - i]!));
    }
    // The right wing, from sample n + 1 onwards.
    part = scale - part;
    at = part * POINTS_PER_CROSSING;
    offset = Math.trunc(at);
    eta = at - offset;
    taps = Math.min(count - n - 1, Math.trunc((values.length - offset) / tableStep));
    for (let i = 0; i < taps; i += 1) {
      const index = offset + i * tableStep;
      const weight = Math.fround(values[index]! + eta * steps[index]!);
      sum = Math.fround(sum + Math.fround(weight * samples[n + i + 1]!));
    }
    resampled[t] = sum;
    time += 1 / (toHz / fromHz);
  }
}

/** sin(pi x) / (pi x) */
function sinc(x: number): number {
  return x === 0 ? 1 : sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window at a place from 0 (its centre) to 1 (its end). */
function kaiser(place: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - place * place)) / besselI0(KAISER_BETA);
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-18; k += 1) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** |X[k]|^2 of one frame, in the order of operations of the kernels. */
export function framePower(frame: Float64Array): Float32Array {
  const size = frame.length;
  const half = size / 2;
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const power = new Float32Array(half + 1);
  const reversed = bitReversal(half);
  for (let n = 0; n < half; n += 1) {
    const from = 2 * reversed[n]!;
    re[n] = frame[from]!;
    im[n] = frame[from + 1]!;
  }
  const passes = planPasses(half);
  if (passes[0]?.span !== 1) combinePairs(re, im);
  for (const pass of passes) combineFours(re, im, pass);

  // X[k] = E[k] + w O[k] and X[half - k] = conj(E[k] - w O[k]), w = e^(-2 pi i k / size), with E
  // and O the transforms of the even and the odd samples.
  power[0] = (re[0]! + im[0]!) * (re[0]! + im[0]!);
  power[half] = (re[0]! - im[0]!) * (re[0]! - im[0]!);
  for (let k = 1; k <= half / 2; k += 1) {
    const mirror = half - k;
    const evenRe = 0.5 * (re[k]! + re[mirror]!);
    const evenIm = 0.5 * (im[k]! - im[mirror]!);
    const oddRe = 0.5 * (im[k]! + im[mirror]!);
    const oddIm = 0.5 * (re[mirror]! - re[k]!);
    const turnedRe = oddRe * cos(angle(k, size)) - oddIm * -sin(angle(k, size));
    const turnedIm = oddRe * -sin(angle(k, size)) + oddIm * cos(angle(k, size));
    power[k] = square(evenRe + turnedRe, evenIm + turnedIm);
    power[mirror] = square(evenRe - turnedRe, evenIm - turnedIm);
  }
  return power;
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

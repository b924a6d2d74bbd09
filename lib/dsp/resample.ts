import { sin } from '../math/portable.ts';

/** Of resampy 0.2.2's `kaiser_fast` filter, which librosa used in 2020. */
const POINTS_PER_CROSSING = 512;
const ZERO_CROSSINGS = 16;
const ROLL_OFF = 0.85;
const KAISER_BETA = 8.555504641634386;

/**
 * Band-limited interpolation (Smith 2002, "Digital Audio Resampling") exactly as resampy 0.2.2 did it
 * with `kaiser_fast`, inside librosa's resample: table look-up with linear interpolation, float32 sums,
 * then padded with zeros or cut to ceil(n x ratio).
 *
 * @param samples one channel
 * @param fromHz the rate they have
 * @param toHz the rate that is wanted
 * @returns ceil(n x toHz / fromHz) samples; a copy when the rates are equal
 */
export function resampleKaiserFast(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
): Float32Array {
  if (!(fromHz > 0 && toHz > 0))
    throw new RangeError(`cannot resample from ${fromHz} to ${toHz} Hz`);
  if (fromHz === toHz) return samples.slice();
  const ratio = toHz / fromHz;
  const table = filterFor(ratio);
  const made = Math.trunc(samples.length * ratio);
  const resampled = new Float32Array(Math.ceil(samples.length * ratio));
  interpolate(samples, ratio, table, resampled.subarray(0, made));
  return resampled;
}

interface Filter {
  /** The right half of the filter, centre first. */
  readonly values: Float64Array;
  /** From each value to the next; 0 at the end. */
  readonly steps: Float64Array;
}

let cached: { ratio: number; filter: Filter } | undefined;

/** The table for a ratio; a corpus has one ratio, so the latest one is kept. */
function filterFor(ratio: number): Filter {
  if (cached?.ratio !== ratio) cached = { ratio, filter: makeFilter(ratio) };
  return cached.filter;
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
  ratio: number,
  { values, steps }: Filter,
  resampled: Float32Array,
): void {
  const scale = Math.min(1, ratio);
  const timeStep = 1 / ratio;
  const tableStep = Math.trunc(scale * POINTS_PER_CROSSING);
  const count = samples.length;
  let time = 0;
  for (let t = 0; t < resampled.length; t += 1) {
    const n = Math.trunc(time);
    let sum = 0;
    // The left wing, from sample n backwards.
    let part = scale * (time - n);
    let at = part * POINTS_PER_CROSSING;
    let offset = Math.trunc(at);
    let eta = at - offset;
    let taps = Math.min(n + 1, Math.trunc((values.length - offset) / tableStep));
    for (let i = 0; i < taps; i += 1) {
      const index = offset + i * tableStep;
      sum = Math.fround(sum + (values[index]! + eta * steps[index]!) * samples[n - i]!);
    }
    // The right wing, from sample n + 1 onwards.
    part = scale - part;
    at = part * POINTS_PER_CROSSING;
    offset = Math.trunc(at);
    eta = at - offset;
    taps = Math.min(count - n - 1, Math.trunc((values.length - offset) / tableStep));
    for (let i = 0; i < taps; i += 1) {
      const index = offset + i * tableStep;
      sum = Math.fround(sum + (values[index]! + eta * steps[index]!) * samples[n + i + 1]!);
    }
    resampled[t] = sum;
    time += timeStep;
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

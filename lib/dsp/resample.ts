import { sin } from '../math/portable.ts';
import { Kernels } from './kernels.ts';

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
  // Below one part of the table the filter would not move on.
  if (!(fromHz > 0 && toHz > 0 && toHz * POINTS_PER_CROSSING >= fromHz))
    throw new RangeError(`cannot resample from ${fromHz} to ${toHz} Hz`);
  if (fromHz === toHz) return samples.slice();
  const ratio = toHz / fromHz;
  const resampled = new Float32Array(Math.ceil(samples.length * ratio));
  const made = Math.trunc(samples.length * ratio);
  resampled.set(interpolatorFor(ratio)(samples, made));
  return resampled;
}

/** @returns so many resampled values; good until the next call */
type Interpolator = (samples: Float32Array, made: number) => Float32Array;

let latest: { readonly ratio: number; readonly interpolate: Interpolator } | undefined;

/** A corpus has one ratio, so the latest one is kept. */
function interpolatorFor(ratio: number): Interpolator {
  if (latest?.ratio !== ratio) latest = { ratio, interpolate: planInterpolator(ratio) };
  return latest.interpolate;
}

/** How many values the kernel makes at once. */
const AT_ONCE = 16;

function planInterpolator(ratio: number): Interpolator {
  const scale = Math.min(1, ratio);
  const tableStep = Math.trunc(scale * POINTS_PER_CROSSING);
  const filter = filterRows(makeFilter(ratio), tableStep);
  const { taps } = filter;
  const kernels = new Kernels();
  const rows = kernels.put(filter.rows);
  const products = kernels.reserve(2 * taps * AT_ONCE * 8);
  const free = kernels.reserve(0);
  // The last values that are made at once may be more than are wanted, and reach further.
  const margin = taps + Math.ceil(AT_ONCE / ratio) + 2;

  return (samples, made) => {
    const count = samples.length;
    const rounded = Math.ceil(made / AT_ONCE) * AT_ONCE;
    kernels.releaseFrom(free);
    const forwards = kernels.reserve(4 * (count + 2 * margin));
    const mirrored = kernels.reserve(4 * (count + 2 * margin));
    const resampled = kernels.reserve(4 * rounded);
    for (const place of [forwards, mirrored]) {
      kernels.floats(place, margin).fill(0);
      kernels.floats(place + 4 * (margin + count), margin).fill(0);
    }
    kernels.floats(forwards + 4 * margin, count).set(samples);
    kernels.floats(mirrored + 4 * margin, count).set(samples);
    kernels.floats(mirrored + 4 * margin, count).reverse();
    kernels.run.interpolate(
      forwards + 4 * margin,
      mirrored + 4 * margin,
      count,
      rows,
      taps,
      POINTS_PER_CROSSING,
      scale,
      1 / ratio,
      products,
      resampled,
      rounded,
    );
    return kernels.floats(resampled, made);
  };
}

interface FilterRows {
  /** For each offset up to the step, `taps` / 2 times: two values, and the steps from them to the next. */
  readonly rows: Float64Array;
  /** Of a wing: an even number. */
  readonly taps: number;
}

/** The filter as it is walked through from each offset, in steps of `tableStep`; zeros beyond its end. */
function filterRows(values: Float64Array, tableStep: number): FilterRows {
  const taps = 2 * Math.ceil(Math.trunc(values.length / tableStep) / 2);
  const rows = new Float64Array((tableStep + 1) * taps * 2);
  for (let offset = 0; offset <= tableStep; offset += 1) {
    const used = Math.trunc((values.length - offset) / tableStep);
    for (let i = 0; i < used; i += 1) {
      const index = offset + i * tableStep;
      const at = (offset * taps + i - (i % 2)) * 2 + (i % 2);
      rows[at] = values[index]!;
      rows[at + 2] = index + 1 < values.length ? values[index + 1]! - values[index]! : 0;
    }
  }
  return { rows, taps };
}

/** The right half of the filter, centre first. */
function makeFilter(ratio: number): Float64Array {
  const last = POINTS_PER_CROSSING * ZERO_CROSSINGS;
  // Below 1 the cut-off moves down with the new rate: the table is multiplied by the ratio.
  const scale = ratio < 1 ? ratio : 1;
  return Float64Array.from({ length: last + 1 }, (_, i) => {
    const crossings = (i * ZERO_CROSSINGS) / last;
    return ROLL_OFF * sinc(ROLL_OFF * crossings) * kaiser(i / last) * scale;
  });
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

import { sin } from '../math/portable.ts';
import { Kernels } from './kernels.ts';

/** Of resampy 0.2.2's `kaiser_fast` filter, which librosa used in 2020. */
const POINTS_PER_CROSSING = 512;
const ZERO_CROSSINGS = 16;
const FILTER_LENGTH = ZERO_CROSSINGS * POINTS_PER_CROSSING + 1;
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
  resampled.set(interpolatorFor(fromHz, toHz)(samples, made));
  return resampled;
}

/** @returns so many resampled values; good until the next call */
type Interpolator = (samples: Float32Array, made: number) => Float32Array;

let latest: { readonly ratio: number; readonly interpolate: Interpolator } | undefined;

/** A corpus has one ratio, so the latest one is kept. */
function interpolatorFor(fromHz: number, toHz: number): Interpolator {
  const ratio = toHz / fromHz;
  if (latest?.ratio !== ratio) {
    latest = { ratio, interpolate: planInterpolator(ratio, findCycle(fromHz, toHz)) };
  }
  return latest.interpolate;
}

/** How many values the kernel makes at once. */
const AT_ONCE = 16;

function planInterpolator(ratio: number, cycle: Cycle | undefined): Interpolator {
  const scale = Math.min(1, ratio);
  const timeStep = 1 / ratio;
  const tableStep = Math.trunc(scale * POINTS_PER_CROSSING);
  const filter = filterRows(makeFilter(ratio), tableStep);
  const { taps } = filter;
  const kernels = new Kernels();
  const { run } = kernels;
  const rows = kernels.put(filter.rows);
  const times = kernels.reserve(2 * (cycle?.phases ?? 1) * AT_ONCE * 8);
  const products = kernels.reserve(2 * taps * AT_ONCE * 8);
  const columns = kernels.reserve(((cycle?.period ?? 0) + 2 * taps + 2) * AT_ONCE * 8);
  const free = kernels.reserve(0);

  return (samples, made) => {
    const count = samples.length;
    const rounded = Math.ceil(made / AT_ONCE) * AT_ONCE;
    // The last values that are made at once may be more than are wanted, and reach further.
    const behind = Math.ceil(rounded * timeStep) + taps + 4 - count;
    kernels.releaseFrom(free);
    const zeros = kernels.reserve(4 * (taps + count + behind));
    const own = zeros + 4 * taps;
    const resampled = kernels.reserve(4 * rounded);
    kernels.floats(zeros, taps).fill(0);
    kernels.floats(own, count).set(samples);
    kernels.floats(own + 4 * count, behind).fill(0);
    let time = 0;
    let done = 0;
    if (cycle !== undefined) {
      const { phases, period } = cycle;
      const blocks = Math.floor(made / (AT_ONCE * phases));
      time = run.interpolateCycles(
        own,
        rows,
        taps,
        FILTER_LENGTH,
        POINTS_PER_CROSSING,
        scale,
        timeStep,
        phases,
        period,
        times,
        products,
        columns,
        resampled,
        blocks,
      );
      done = blocks * AT_ONCE * phases;
    }
    run.interpolate(
      own,
      rows,
      taps,
      POINTS_PER_CROSSING,
      scale,
      timeStep,
      time,
      times,
      products,
      resampled + 4 * done,
      rounded - done,
    );
    return kernels.floats(resampled, made);
  };
}

/** After so many outputs, and so many samples meanwhile, the outputs stand between samples as before. */
interface Cycle {
  readonly phases: number;
  readonly period: number;
}

/** Below, much would be laid out for what is computed with it. */
const LEAST_PHASES = 64;
/** Above, what is laid out would not stay in the cache. */
const MOST_OF_A_CYCLE = 2048;

/** @returns nothing where the ratio is none of small numbers */
function findCycle(fromHz: number, toHz: number): Cycle | undefined {
  let [divisor, rest] = [fromHz, toHz];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  const [phases, period] = [toHz / divisor, fromHz / divisor];
  const most = Math.floor(MOST_OF_A_CYCLE / Math.max(phases, period));
  if (most === 0) return undefined;
  const times = Math.min(most, Math.ceil(LEAST_PHASES / phases));
  return { phases: phases * times, period: period * times };
}

interface FilterRows {
  /** For each offset up to the step, `taps` values, then as many steps from them to the next. */
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
      const at = offset * taps * 2 + i;
      rows[at] = values[index]!;
      rows[at + taps] = index + 1 < values.length ? values[index + 1]! - values[index]! : 0;
    }
  }
  return { rows, taps };
}

/** The right half of the filter, centre first. */
function makeFilter(ratio: number): Float64Array {
  const last = FILTER_LENGTH - 1;
  // Below 1 the cut-off moves down with the new rate: the table is multiplied by the ratio.
  const scale = ratio < 1 ? ratio : 1;
  const centre = kaiser(0);
  return Float64Array.from({ length: FILTER_LENGTH }, (_, i) => {
    const crossings = (i * ZERO_CROSSINGS) / last;
    return ROLL_OFF * sinc(ROLL_OFF * crossings) * (kaiser(i / last) / centre) * scale;
  });
}

/** sin(pi x) / (pi x) */
function sinc(x: number): number {
  return x === 0 ? 1 : sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window, times its value in the centre, at a place from 0 (its centre) to 1 (its end). */
function kaiser(place: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - place * place));
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

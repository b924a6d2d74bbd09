import { sin } from '../math/portable.ts';
import { Kernels } from './kernels.ts';

/** Of resampy 0.2.2's `kaiser_fast` filter, which librosa used in 2020. */
const POINTS_PER_CROSSING = 512;
const ZERO_CROSSINGS = 16;
const FILTER_LENGTH = ZERO_CROSSINGS * POINTS_PER_CROSSING + 1;
const ROLL_OFF = 0.85;
const KAISER_BETA = 8.555504641634386;

/**
 * Band-limited interpolation (Smith 2002, "Digital Audio Resampling") with the filter of resampy 0.2.2's
 * `kaiser_fast`, which is what librosa's resample did in 2020: linear interpolation between the entries
 * of a table, the terms of a sum in resampy's order, the outcome padded with zeros or cut to
 * ceil(n x ratio). Unlike resampy's, weights and products are float32 as the sums are, and output t
 * stands at t x fromHz / toHz exactly, but for what {@link planEarly} says.
 *
 * @param samples one channel of finite numbers
 * @param fromHz the rate they have, a whole number
 * @param toHz the rate that is wanted, a whole number
 * @param allocate gives the array for the outcome, its numbers anything
 * @returns ceil(n x toHz / fromHz) samples; a copy when the rates are equal
 * @throws RangeError for rates that are not whole numbers from 1 to 2^30, or the new one below a 512th
 */
export function resampleKaiserFast(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
  allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
): Float32Array {
  // Below one part of the table the filter would not move on.
  if (!(isRate(fromHz) && isRate(toHz) && toHz * POINTS_PER_CROSSING >= fromHz))
    throw new RangeError(`cannot resample from ${fromHz} to ${toHz} Hz`);
  const ratio = toHz / fromHz;
  const resampled = allocate(Math.ceil(samples.length * ratio));
  if (fromHz === toHz) {
    resampled.set(samples);
    return resampled;
  }
  const made = Math.trunc(samples.length * ratio);
  resampled.fill(0, made);
  interpolatorFor(fromHz, toHz)(samples, resampled.subarray(0, made));
  return resampled;
}

/** The kernels count in int32, which has to hold the sum of two. */
function isRate(hz: number): boolean {
  return Number.isInteger(hz) && hz >= 1 && hz <= 1 << 30;
}

/** Writes all of `resampled`. */
type Interpolator = (samples: Float32Array, resampled: Float32Array) => void;

let latest: { readonly ratio: number; readonly interpolate: Interpolator } | undefined;

/** A corpus has one ratio, so the latest one is kept. */
function interpolatorFor(fromHz: number, toHz: number): Interpolator {
  const ratio = toHz / fromHz;
  if (latest?.ratio !== ratio) latest = { ratio, interpolate: planInterpolator(fromHz, toHz) };
  return latest.interpolate;
}

function planInterpolator(fromHz: number, toHz: number): Interpolator {
  const ratio = toHz / fromHz;
  const cycle = cycleOf(fromHz, toHz);
  const { phases, period } = cycle;
  const kernels = new Kernels();
  const { run } = kernels;
  const filter = planFilter(kernels, ratio);
  const { entries, taps, step } = filter;
  const weights = kernels.reserve(8 * taps);
  const each = (sample: number, part: number, to: number, count: number): void => {
    run.interpolateEach(sample, part, phases, period, entries, taps, step, weights, to, count);
  };
  const { outputs, inputs, interpolate } = planBlocks(kernels, filter, cycle) ?? {
    outputs: 1,
    inputs: 0,
    interpolate: (own, made, count) => {
      each(own, 0, made, count);
    },
  };
  const earlyOf = planEarly(cycle, ratio);
  const free = kernels.reserve(0);

  return (samples, resampled) => {
    const count = samples.length;
    const blocks = Math.ceil(resampled.length / outputs);
    // The last block may hold more outputs than are wanted, which reach further.
    const behind = Math.max(0, blocks * inputs - count) + taps + 3;
    kernels.releaseFrom(free);
    const zeros = kernels.reserve(4 * (taps + count + behind));
    const own = zeros + 4 * taps;
    const made = kernels.reserve(4 * (blocks * outputs + 3));
    kernels.floats(zeros, taps).fill(0);
    kernels.floats(own, count).set(samples);
    kernels.floats(own + 4 * count, behind).fill(0);
    interpolate(own, made, blocks);
    for (const t of earlyOf(resampled.length)) {
      const before = (t / phases) * period - 1;
      each(own + 4 * before, phases, made + 4 * t, 1);
    }
    resampled.set(kernels.floats(made, resampled.length));
  };
}

/** After so many outputs, and so many samples meanwhile, the outputs stand between samples as before. */
interface Cycle {
  readonly phases: number;
  readonly period: number;
}

function cycleOf(fromHz: number, toHz: number): Cycle {
  let [divisor, rest] = [fromHz, toHz];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return { phases: toHz / divisor, period: fromHz / divisor };
}

interface Blocks {
  /** Of a block. */
  readonly outputs: number;
  /** Samples from one block to the next. */
  readonly inputs: number;
  /** @param own the place of sample 0, zeros around all of them @param made where the outputs go */
  readonly interpolate: (own: number, made: number, blocks: number) => void;
}

/** How many outputs of a phase the kernel makes at once. */
const AT_ONCE = 24;
/** Below, more would be laid out than is computed with it: shorter cycles are taken together. */
const LEAST_OF_A_CYCLE = 64;
/** Above, what is laid out would not stay in the cache. */
const MOST_OF_A_CYCLE = 4096;

/** @returns nothing where the ratio is none of small numbers */
function planBlocks(kernels: Kernels, filter: Filter, cycle: Cycle): Blocks | undefined {
  const { run } = kernels;
  const { entries, taps, step } = filter;
  const length = Math.max(cycle.phases, cycle.period);
  if (length > MOST_OF_A_CYCLE) return undefined;
  const times = Math.ceil(LEAST_OF_A_CYCLE / length);
  const phases = cycle.phases * times;
  const period = cycle.period * times;
  const weights = kernels.reserve(phases * 8 * taps);
  for (let phase = 0; phase < phases; phase += 1) {
    const part = ((phase * period) % phases) / phases;
    run.weigh(entries, taps, step, part, weights + phase * 8 * taps);
  }
  const columns = kernels.reserve((period + 2 * taps + 3) * AT_ONCE * 4);
  const sums = kernels.reserve((phases + 3) * AT_ONCE * 4);
  return {
    outputs: AT_ONCE * phases,
    inputs: AT_ONCE * period,
    interpolate(own, made, blocks) {
      run.interpolateCycles(own, weights, taps, phases, period, columns, sums, made, blocks);
    },
  };
}

/**
 * resampy sums up the times of its outputs, so that one which should stand on a sample stands a rounding
 * error behind it or before. The filter's wings are not alike, since the step through its table is cut to
 * whole entries, and which of them has the sample moves features by 6e-4 dB. So an output that resampy
 * puts before its sample counts as the end of the way from the sample before that.
 *
 * @returns which they are, among so many outputs
 */
function planEarly({ phases, period }: Cycle, ratio: number): (outputs: number) => number[] {
  const timeStep = 1 / ratio;
  let known = 0;
  let early: number[] = [];
  return (outputs) => {
    if (outputs === known) return early;
    known = outputs;
    early = [];
    let time = 0;
    for (let t = 0, sample = 0; t < outputs; t += phases, sample += period) {
      if (time < sample) early.push(t);
      for (let i = 0; i < phases; i += 1) time += timeStep;
    }
    return early;
  };
}

interface Filter {
  /** Where its entries are, as the kernel `weigh` takes them. */
  readonly entries: number;
  /** Of a wing. */
  readonly taps: number;
  /** From one sample to the next, in entries. */
  readonly step: number;
}

function planFilter(kernels: Kernels, ratio: number): Filter {
  // Below 1 the cut-off moves down with the new rate: the filter is as much lower and wider.
  const scale = Math.min(1, ratio);
  const step = scale * POINTS_PER_CROSSING;
  const tableStep = Math.trunc(step);
  const taps = Math.trunc(FILTER_LENGTH / tableStep);
  return { entries: kernels.put(filterEntries(scale, tableStep)), taps, step };
}

/** For each entry of the filter's right half, centre first, its value and the step to the next one. */
function filterEntries(scale: number, tableStep: number): Float64Array {
  const last = FILTER_LENGTH - 1;
  const centre = kaiser(0);
  const values = Float64Array.from({ length: FILTER_LENGTH }, (_, i) => {
    const crossings = (i * ZERO_CROSSINGS) / last;
    return ROLL_OFF * sinc(ROLL_OFF * crossings) * (kaiser(i / last) / centre) * scale;
  });
  const entries = new Float64Array(2 * (FILTER_LENGTH + 1));
  // A wing ends where less than a step is left of the table.
  for (let i = 0; i + tableStep <= FILTER_LENGTH; i += 1) {
    entries[2 * i] = values[i]!;
    entries[2 * i + 1] = i < last ? values[i + 1]! - values[i]! : 0;
  }
  return entries;
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

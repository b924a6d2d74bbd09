import { ClipTable } from '../clip-table.ts';
import { rectifierGradient } from './rectifier.ts';
import type { LayerRun, Plan, PlanParameter } from '../plan.ts';
import { signalOf, type Grid, type Signal } from '../signal.ts';

export interface BatchNormalisationOptions {
  /** Names of the trained factor and addend of each channel. */
  readonly scale: string;
  readonly shift: string;
  /** Added to the variance; 1e-5 by default. */
  readonly epsilon?: number;
  /** The share of a batch in the running statistics; 0.1 by default, as in PyTorch. */
  readonly momentum?: number;
  /** max(0, .) of the result. */
  readonly rectify?: boolean;
}

/** The statistics that inference goes by: of each channel, one number. */
export interface RunningStatistics {
  readonly mean: Float64Array;
  /** Unbiased. */
  readonly variance: Float64Array;
}

/**
 * Batch normalisation over clips and positions (Ioffe and Szegedy, 2015): by the batch's own statistics
 * in training, by the running ones else, which begin at mean 0 and variance 1.
 */
export function batchNormalisation(
  plan: Plan,
  input: Signal,
  options: BatchNormalisationOptions,
): { readonly output: Signal; readonly running: RunningStatistics } {
  const { channels } = input.shape;
  const { epsilon = 1e-5, momentum = 0.1, rectify = false } = options;
  input.gradientIsAfterRectifier = true;
  const output = signalOf(input.shape, { wanted: true, rectified: rectify });
  const scale = plan.vector(options.scale, [channels]);
  const shift = plan.vector(options.shift, [channels]);
  const running = {
    mean: new Float64Array(channels),
    variance: new Float64Array(channels).fill(1),
  };
  plan.layer(() => build(plan, { input, output, scale, shift, running, epsilon, momentum }));
  return { output, running };
}

interface Parts {
  readonly input: Signal;
  readonly output: Signal;
  readonly scale: PlanParameter;
  readonly shift: PlanParameter;
  readonly running: RunningStatistics;
  readonly epsilon: number;
  readonly momentum: number;
}

function build(plan: Plan, parts: Parts): LayerRun {
  const { kernels, arena } = plan;
  const { input, output, epsilon } = parts;
  const { height, width, channels } = input.shape;
  const x = plan.valuesOf(input);
  const y = plan.valuesOf(output);
  const forwardTable = rowTable(plan, height, [x, y]);
  const vector = (): number => arena.words(channels);
  const room = { centre: vector(), factor: vector(), constant: vector(), slope: vector() };
  const zeros = vector();
  const sums = arena.doubles(channels + 4);
  const products = arena.doubles(channels + 4);
  const at = { scale: plan.addressOf(parts.scale), shift: plan.addressOf(parts.shift) };
  const inverse = new Float64Array(channels);
  const doubles = (address: number): Float64Array =>
    new Float64Array(arena.memory.buffer, address, channels);
  const floats = (address: number): Float32Array => arena.floats(address, channels);

  const takeStatistics = (clips: number): void => {
    const rows = clips * height;
    const count = rows * width;
    const sum = (centre: number, squared: number): Float64Array => {
      kernels.sumRows(forwardTable, 8, rows, width, x.column, channels, centre, squared, sums);
      return doubles(sums);
    };
    const mean = sum(zeros, 0).map((total) => total / count);
    floats(room.centre).set(mean);
    // around the rounded mean, the one that is subtracted later
    const variance = sum(room.centre, 1).map((total) => total / count);
    keepRunning(parts, mean, variance, count);
    variance.forEach((v, c) => (inverse[c] = 1 / Math.sqrt(v + epsilon)));
  };
  const forward = (clips: number, training: boolean): void => {
    if (training) takeStatistics(clips);
    else {
      floats(room.centre).set(parts.running.mean);
      parts.running.variance.forEach((v, c) => (inverse[c] = 1 / Math.sqrt(v + epsilon)));
    }
    const scale = floats(at.scale.value);
    floats(room.factor).set(inverse.map((value, c) => value * scale[c]!));
    kernels.normalise(
      forwardTable,
      clips * height,
      width,
      x.column,
      y.column,
      channels,
      room.centre,
      room.factor,
      at.shift.value,
      output.rectified ? 1 : 0,
    );
  };

  const byY = plan.gradientOf(output);
  const byX = plan.gradientOf(input);
  if (!plan.isFirstToWrite(input)) throw new Error('Internal error: normalised by two readers');
  const backwardTable = rowTable(plan, height, [x, byY, byX]);
  const rectifier = rectifierGradient(plan, output);
  const backward = (clips: number): void => {
    rectifier(clips);
    const rows = clips * height;
    const count = rows * width;
    kernels.sumGradients(
      backwardTable,
      12,
      4,
      rows,
      width,
      x.column,
      byY.column,
      channels,
      room.centre,
      sums,
      products,
    );
    const gradientSums = doubles(sums);
    const gradientProducts = doubles(products);
    const factor = floats(room.factor);
    const views = {
      scale: floats(at.scale.gradient),
      shift: floats(at.shift.gradient),
      constant: floats(room.constant),
      slope: floats(room.slope),
    };
    for (let c = 0; c < channels; c++) {
      const product = gradientProducts[c]! * inverse[c]!;
      views.scale[c]! += product;
      views.shift[c]! += gradientSums[c]!;
      views.constant[c] = (factor[c]! * gradientSums[c]!) / count;
      views.slope[c] = (factor[c]! * inverse[c]! * product) / count;
    }
    kernels.normaliseGradient(
      backwardTable,
      rows,
      width,
      x.column,
      byY.column,
      byX.column,
      channels,
      room.centre,
      room.factor,
      room.constant,
      room.slope,
    );
  };
  return { forward, backward, inJavaScript: true };
}

function keepRunning(
  { running, momentum }: Parts,
  mean: Float64Array,
  variance: Float64Array,
  count: number,
): void {
  const unbiased = count > 1 ? count / (count - 1) : 1;
  mean.forEach((value, c) => {
    running.mean[c]! += momentum * (value - running.mean[c]!);
    running.variance[c]! += momentum * (variance[c]! * unbiased - running.variance[c]!);
  });
}

function rowTable(plan: Plan, height: number, grids: readonly Grid[]): number {
  const table = new ClipTable();
  for (let i = 0; i < height; i++) for (const grid of grids) table.addPlace(grid, i, 0);
  return table.lay(plan);
}

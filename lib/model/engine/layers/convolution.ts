import type { LayerRun, Plan, PlanParameter } from '../plan.ts';
import { noBorder, positionsOf, signalOf, widest, type Grid, type Signal } from '../signal.ts';
import { geometryOf, type Geometry } from './convolution-geometry.ts';
import { inputGradient, wholeFours } from './convolution-gradient.ts';
import { rectifierGradient } from './rectifier.ts';

export interface ConvolutionOptions {
  /** Name of the weights; their shape is rows x columns x input channels x output channels. */
  readonly weights: string;
  /** Name of the bias; without one there is none. */
  readonly bias?: string;
  /** Output channels. */
  readonly channels: number;
  /** Positions that the kernel spans; one row in one dimension. */
  readonly kernel: readonly [rows: number, columns: number];
  /** Positions from one application to the next. */
  readonly strides?: readonly [rows: number, columns: number];
  /**
   * `valid` (the default) applies the kernel where it fits; `same` gives ceil(size / stride) positions,
   * with zeros around, the odd one behind, as TensorFlow has it.
   */
  readonly padding?: 'valid' | 'same';
  /** max(0, .) of the result. */
  readonly rectify?: boolean;
}

/**
 * A convolution; in one dimension, one that is a row high. Where it fits only once it is a dense layer.
 *
 * @throws RangeError where the kernel fits nowhere
 */
export function convolution(plan: Plan, input: Signal, options: ConvolutionOptions): Signal {
  const geometry = geometryOf(input.shape, options);
  const { kernel, output: shape } = geometry;
  input.border = widest(input.border, geometry.border);
  input.gradientIsAfterRectifier = true;
  const output = signalOf(shape, {
    rectified: options.rectify === true,
    gradientLayout: input.wanted
      ? { border: geometry.gradientBorder, stride: geometry.strides }
      : { border: noBorder, stride: [1, 1] },
  });
  const weights = plan.matrix(options.weights, [...kernel, input.shape.channels, shape.channels]);
  const bias = options.bias === undefined ? null : plan.vector(options.bias, [shape.channels]);
  const products = geometry.perClip * kernel[0] * kernel[1] * input.shape.channels * shape.channels;
  plan.countProducts(products, input.wanted ? 2 * products : products);
  plan.layer(() => build(plan, { input, output, geometry, weights, bias }));
  return output;
}

interface Parts {
  readonly input: Signal;
  readonly output: Signal;
  readonly geometry: Geometry;
  readonly weights: PlanParameter;
  readonly bias: PlanParameter | null;
}

/** What `mode` of the kernel is for max(0, .) of the result. */
const RECTIFY = 1;
/**
 * Bytes of inputs and gradients that pass while a block's sums stay in registers: half of a first-level
 * cache. Anything from 8 to 24 KB is as fast.
 */
const CHUNK_BYTES = 16_384;

function build(plan: Plan, { input, output, geometry, weights, bias }: Parts): LayerRun {
  const { kernels, arena } = plan;
  const { kernel, strides, perClip } = geometry;
  const x = plan.valuesOf(input);
  const y = plan.valuesOf(output);
  const byY = plan.gradientOf(output);
  const { channels } = output.shape;
  const inputs = input.shape.channels;
  const length = kernel[1] * inputs;
  const table = arena.table(wholeFours(arena, positionTable(plan.clips, geometry, x, y), channels));
  const weightTable = arena.table(positionTable(plan.clips, geometry, x, byY));
  const w = plan.addressOf(weights);
  const b = bias === null ? null : plan.addressOf(bias);
  const noBias = arena.words(channels + 12);
  const mode = output.rectified ? RECTIFY : 0;
  const run = output.shape.width;
  const runs = Math.max(1, Math.floor(CHUNK_BYTES / (4 * (inputs + channels) * run)));
  const rectifier = rectifierGradient(plan, output);
  const byInput = input.wanted ? inputGradient(plan, input, byY, geometry, weights) : null;
  return {
    forward: (clips) => {
      kernels.convolve(
        table,
        clips * perClip,
        kernel[0],
        length,
        x.row,
        w.value,
        b?.value ?? noBias,
        channels,
        mode,
      );
    },
    backward: (clips) => {
      rectifier(clips);
      kernels.convolveWeights(
        weightTable,
        clips * perClip,
        run,
        strides[1] * x.column,
        byY.column,
        kernel[0],
        length,
        x.row,
        w.gradient,
        channels,
        runs * run,
      );
      if (b !== null) kernels.sumChannels(weightTable, clips * perClip, b.gradient, channels);
      byInput?.(clips);
    },
  };
}

/** Of each output position the address of its first input and its own in `output`. */
function positionTable(clips: number, geometry: Geometry, input: Grid, output: Grid): number[] {
  const { output: shape, strides, before } = geometry;
  const table: number[] = [];
  for (const [clip, i, j] of positionsOf(clips, shape)) {
    const row = i * strides[0] - before[0];
    const column = j * strides[1] - before[1];
    table.push(
      input.address + clip * input.clip + row * input.row + column * input.column,
      output.address + clip * output.clip + i * output.row + j * output.column,
    );
  }
  return table;
}

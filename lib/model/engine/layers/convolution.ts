import type { LayerRun, Plan } from '../plan.ts';
import { noBorder, signalOf, widest, type Signal } from '../signal.ts';
import { directly } from './convolution-direct.ts';
import { geometryOf, type Geometry } from './convolution-geometry.ts';
import type { Parts } from './convolution-parts.ts';
import { byTiles, isTiled, tileBorders, tileProducts } from './convolution-tiles.ts';
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
  const tiled = isTiled(geometry, input.shape);
  const { border, gradientBorder } = tiled ? tileBorders(geometry, input.shape) : geometry;
  input.border = widest(input.border, border);
  input.gradientIsAfterRectifier = true;
  const output = signalOf(shape, {
    rectified: options.rectify === true,
    // Tiles look beyond the gradient's last row and column for that by the weights too.
    gradientLayout:
      input.wanted || tiled
        ? { border: gradientBorder, stride: geometry.strides }
        : { border: noBorder, stride: [1, 1] },
  });
  const weights = plan.matrix(options.weights, [...kernel, input.shape.channels, shape.channels]);
  const bias = options.bias === undefined ? null : plan.vector(options.bias, [shape.channels]);
  plan.countProducts(productsOf(geometry, input, tiled));
  plan.layer(() =>
    build(plan, { input, output, geometry, weights, bias }, tiled ? byTiles : directly),
  );
  return output;
}

/** Forward, by the weights and, where it is wanted, by the input. */
function productsOf(
  { perClip, kernel, output }: Geometry,
  { shape, wanted }: Signal,
  tiled: boolean,
) {
  const pairs = shape.channels * output.channels;
  const forward = perClip * kernel[0] * kernel[1] * pairs;
  const backward = wanted ? 2 * forward : forward;
  if (!tiled) return { forward, backward };
  const ofTiles = tileProducts(output) * pairs;
  const byInput = wanted ? tileProducts(shape) * pairs : 0;
  return { forward, backward, computed: 2 * ofTiles + byInput };
}

function build(plan: Plan, parts: Parts, algorithm: typeof directly): LayerRun {
  const { forward, byWeights, byInput } = algorithm(plan, parts);
  const rectifier = rectifierGradient(plan, parts.output);
  return {
    forward,
    backward: (clips) => {
      rectifier(clips);
      byWeights(clips);
      byInput?.(clips);
    },
  };
}

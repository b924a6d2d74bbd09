import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../../lib/math/random.ts';
import { instantiate } from '../../../lib/model/engine/instance.ts';
import { Plan } from '../../../lib/model/engine/plan.ts';
import { signalOf, type Grid, type Shape, type Signal } from '../../../lib/model/engine/signal.ts';
import type { Weight } from '../../../lib/model/weights.ts';

/** What a layer makes of values, and what gradients it gives for a gradient of its output. */
export interface Computed {
  readonly values: Float32Array;
  readonly byInput: Float32Array;
  readonly byParameters: readonly Weight[];
}

export interface LayerCase {
  readonly clips: number;
  readonly shape: Shape;
  readonly input: Float32Array;
  /** Draws the output's gradient. */
  readonly random: Random;
  readonly training?: boolean;
  /** The parameters' values; drawn where they are not given. */
  readonly parameter?: (name: string, size: number) => Float32Array;
}

/**
 * Runs layers on the engine, on a batch that has room for two clips more: what is left of another batch
 * behind this one must make no difference.
 *
 * @param layers declares the layers to be tried; its input's gradient is wanted
 */
export function onEngine(
  { clips, shape, input, random, training = true, parameter }: LayerCase,
  layers: (plan: Plan, input: Signal) => Signal,
): Computed & { readonly byOutput: Float32Array; readonly parameters: readonly Weight[] } {
  const plan = new Plan(instantiate, clips + 2);
  const source = signalOf(shape);
  const output = layers(plan, source);
  output.gradientIsAfterRectifier = true;
  let byOutput: Float32Array = new Float32Array();
  plan.layer(() => {
    plan.isFirstToWrite(output);
    const gradient = plan.gradientOf(output);
    return {
      forward: () => undefined,
      backward: (count) => {
        write(plan, gradient, output.shape, count, byOutput);
      },
    };
  });
  const built = plan.build();
  const parameters = built.parameters.map(({ name, shape: sides }): Weight => {
    const size = sides.reduce((product, side) => product * side, 1);
    return { name, shape: sides, values: parameter?.(name, size) ?? normal(random, size) };
  });
  built.load(parameters);
  const run = (count: number, values: Float32Array): void => {
    byOutput = normal(random, count * sizeOf(output.shape));
    write(plan, plan.valuesOf(source), shape, count, values);
    built.forward(count, training);
    built.backward(count);
  };
  run(clips + 2, normal(random, (clips + 2) * sizeOf(shape)));
  run(clips, input);
  return {
    values: read(plan, plan.valuesOf(output), output.shape, clips),
    byInput: read(plan, plan.gradientOf(source), shape, clips),
    byParameters: built.saveGradient(),
    byOutput,
    parameters,
  };
}

/** The same by TF.js on its cpu backend. @param f of the input, clips x height x width x channels, and the parameters */
export function onTfjs(
  { clips, shape, input }: LayerCase,
  parameters: readonly Weight[],
  byOutput: Float32Array,
  f: (x: tf.Tensor4D, ...parameters: tf.Tensor[]) => tf.Tensor,
): Computed {
  tf.engine().startScope();
  try {
    const x = tf.tensor4d(input, [clips, shape.height, shape.width, shape.channels]);
    const tensors = parameters.map(({ values, shape: sides }) => tf.tensor(values, [...sides]));
    const run = (...all: tf.Tensor[]): tf.Tensor => f(all[0] as tf.Tensor4D, ...all.slice(1));
    const y = run(x, ...tensors);
    const [byX, ...byTensors] = tf.grads(run)([x, ...tensors], tf.tensor(byOutput, y.shape));
    return {
      values: y.dataSync<'float32'>().slice(),
      byInput: byX!.dataSync<'float32'>().slice(),
      byParameters: parameters.map((weight, i) => ({
        ...weight,
        values: byTensors[i]!.dataSync<'float32'>().slice(),
      })),
    };
  } finally {
    tf.engine().endScope();
  }
}

/** The largest difference, as a share of the largest expected size; infinite where the lengths differ. */
export function difference(got: Float32Array, expected: Float32Array): number {
  if (got.length !== expected.length) return Infinity;
  let largest = 0;
  let scale = 0;
  for (let i = 0; i < got.length; i++) {
    // NaN is no difference that could be overlooked
    const apart = Math.abs(got[i]! - expected[i]!);
    largest = Number.isNaN(apart) ? Infinity : Math.max(largest, apart);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return largest === 0 ? 0 : largest / scale;
}

export function normal(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

export function sizeOf({ height, width, channels }: Shape): number {
  return height * width * channels;
}

/** Puts a signal's numbers where a plan has them. */
export function write(
  plan: Plan,
  grid: Grid,
  shape: Shape,
  clips: number,
  values: Float32Array,
): void {
  eachRow(plan, grid, shape, clips, (view, from) =>
    view.set(values.subarray(from, from + view.length)),
  );
}

function read(plan: Plan, grid: Grid, shape: Shape, clips: number): Float32Array {
  const values = new Float32Array(clips * sizeOf(shape));
  eachRow(plan, grid, shape, clips, (view, from) => values.set(view, from));
  return values;
}

/** Each position's channels in a grid, and where they stand in a list without gaps. */
function eachRow(
  plan: Plan,
  grid: Grid,
  { height, width, channels }: Shape,
  clips: number,
  visit: (view: Float32Array, from: number) => void,
): void {
  for (let clip = 0; clip < clips; clip++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const address = grid.address + clip * grid.clip + i * grid.row + j * grid.column;
        const from = ((clip * height + i) * width + j) * channels;
        visit(plan.arena.floats(address, channels), from);
      }
    }
  }
}

import * as tf from '@tensorflow/tfjs-core';
import type { Weight } from '../weights.ts';

/** The weights as tensors of the running backend, in order. The caller disposes of them (a tidy does). */
export function asTensors(weights: readonly Weight[]): tf.Tensor[] {
  return weights.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
}

/** Tensors by the name of the weight that they hold. */
export function byName(
  weights: readonly Weight[],
  tensors: readonly tf.Tensor[],
): Record<string, tf.Tensor> {
  return Object.fromEntries(weights.map(({ name }, index) => [name, tensors[index]!]));
}

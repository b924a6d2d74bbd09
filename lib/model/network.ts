import * as tf from '@tensorflow/tfjs-core';
import type { Attended, Attention, Weights } from './attention/attention.ts';
import { zeros, type Parameter } from './initial.ts';
import { layerShapes, type Layers } from './shapes.ts';

/** Everything that gives the network its shape. */
export interface Architecture extends Layers {
  /** Numbers in an input row. */
  readonly frames: number;
  readonly classes: number;
  /** Clips in a full batch. */
  readonly batch: number;
  /** How sharply the attention chooses (lambda of the paper's equation 3). */
  readonly lambda: number;
}

/**
 * The network's parameters in the order in which their initial values are drawn: for each convolution
 * a kernel, span x input channels x output channels, and a bias; then the attention's.
 *
 * @throws NoPositionError where the layers leave no position
 */
export function networkParameters(
  architecture: Architecture,
  attention: Attention,
): readonly Parameter[] {
  const { frames, classes, batch, kernels } = architecture;
  const shapes = layerShapes(frames, architecture);
  let inputs = 1;
  const convolutions = shapes.flatMap(({ layer, channels }, index): Parameter[] => {
    const span = kernels[index]!;
    const initial = {
      kind: 'glorot-uniform',
      fanIn: span * inputs,
      fanOut: span * channels,
    } as const;
    const kernel = { name: kernelName(layer), shape: [span, inputs, channels], initial };
    inputs = channels;
    return [kernel, { name: biasName(layer), shape: [channels], initial: zeros }];
  });
  const { positions } = shapes.at(-1)!;
  return [
    ...convolutions,
    ...attention.parameters({ batch, positions, channels: inputs, classes }),
  ];
}

/**
 * The forward pass. A clip is an image one pixel high, because TF.js has its kernels in two dimensions.
 *
 * @param clips clips x frames
 */
export function forward(
  clips: tf.Tensor2D,
  weights: Weights,
  architecture: Architecture,
  attention: Attention,
): Attended {
  const { strides, pools, poolSize, poolStride, lambda } = architecture;
  const [count, frames] = clips.shape;
  let x: tf.Tensor4D = tf.reshape(clips, [count, 1, frames, 1]);
  strides.forEach((stride, index) => {
    const layer = index + 1;
    const kernel = weights[kernelName(layer)]!;
    const filter = tf.expandDims<tf.Tensor4D>(kernel, 0);
    // not tf.fused.conv2d: that would compute the first layer's gradient by the clips too, for nobody
    const convolved = tf.conv2d(x, filter, [1, stride], 'valid');
    x = tf.relu(tf.add<tf.Tensor4D>(convolved, weights[biasName(layer)]!));
    if (pools.includes(layer)) x = tf.maxPool(x, [1, poolSize], [1, poolStride], 'valid');
  });
  const [, , positions, channels] = x.shape;
  return attention.attend(tf.reshape(x, [count, positions, channels]), weights, lambda);
}

function kernelName(layer: number): string {
  return `convolution-${String(layer)}/W`;
}

function biasName(layer: number): string {
  return `convolution-${String(layer)}/b`;
}

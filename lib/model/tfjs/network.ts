import * as tf from '@tensorflow/tfjs-core';
import type { Attended, Attention, Weights } from '../attention/attention.ts';
import { biasName, kernelName, type Architecture } from '../network.ts';

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
  return attention.attend(tf, tf.reshape(x, [count, positions, channels]), weights, lambda);
}

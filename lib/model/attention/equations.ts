import type * as tfjs from '@tensorflow/tfjs-core';
import { convolution } from '../engine/layers/convolution.ts';
import { positionAttention } from '../engine/layers/position-attention.ts';
import type { Plan } from '../engine/plan.ts';
import type { Signal } from '../engine/signal.ts';
import { zeros, type Parameter } from '../initial.ts';
import type { Attended, Planned, Surroundings, TensorFlow, Weights } from './attention.ts';

/**
 * The attention of the paper's equations 1 to 4 (Gans, Theodores and Rusu, 2020, after Zhang et al.,
 * 2019): one weight for each position of a clip. Matrices are kept as inputs x outputs.
 */
export function parameters({ channels, classes }: Surroundings): readonly Parameter[] {
  return [
    {
      name: 'attention/W',
      shape: [channels, channels],
      initial: { kind: 'glorot-uniform', fanIn: channels, fanOut: channels },
    },
    { name: 'attention/b', shape: [channels], initial: zeros },
    {
      name: 'attention/u',
      shape: [channels, 1],
      initial: { kind: 'normal', deviation: 1 / Math.sqrt(channels) },
    },
    {
      name: 'classes/W',
      shape: [channels, classes],
      initial: { kind: 'glorot-uniform', fanIn: channels, fanOut: classes },
    },
    { name: 'classes/b', shape: [classes], initial: zeros },
  ];
}

/**
 * @param positions a: clips x positions x channels
 * @returns logits, clips x classes, and alpha, clips x positions
 */
export function attend(
  tf: TensorFlow,
  positions: tfjs.Tensor3D,
  weights: Weights,
  lambda: number,
): Attended {
  const [clips, length, channels] = positions.shape;
  const a = tf.reshape(positions, [clips * length, channels]);
  const W = weights['attention/W'] as tfjs.Tensor2D;
  const u = weights['attention/u'] as tfjs.Tensor2D;

  // e_i = u' tanh(W a_i + b)
  const e = tf.matMul(tf.tanh(tf.fused.matMul({ a, b: W, bias: weights['attention/b']! })), u);
  // alpha_i = exp(lambda e_i) / sum_k exp(lambda e_k)
  const alpha = tf.softmax(tf.mul(tf.reshape(e, [clips, length]), lambda));
  // c = sum_i alpha_i a_i
  const c = tf.matMul(tf.reshape(alpha, [clips, 1, length]), positions);
  const logits = tf.fused.matMul({
    a: tf.reshape(c, [clips, channels]),
    b: weights['classes/W'] as tfjs.Tensor2D,
    bias: weights['classes/b']!,
  }) as tfjs.Tensor2D;
  return { logits, alpha: alpha as tfjs.Tensor2D };
}

/** The same on the project's own engine. */
export function planned(plan: Plan, positions: Signal, classes: number, lambda: number): Planned {
  const { sum, alpha } = positionAttention(plan, positions, {
    hidden: 'attention/W',
    bias: 'attention/b',
    scorer: 'attention/u',
    lambda,
  });
  const logits = convolution(plan, sum, {
    weights: 'classes/W',
    bias: 'classes/b',
    channels: classes,
    kernel: [1, 1],
  });
  return { logits, alpha };
}

import type * as tfjs from '@tensorflow/tfjs-core';
import { classAttention } from '../engine/layers/class-attention.ts';
import { convolution } from '../engine/layers/convolution.ts';
import { tanh } from '../engine/layers/tanh.ts';
import type { Plan } from '../engine/plan.ts';
import type { Signal } from '../engine/signal.ts';
import { zeros, type Parameter } from '../initial.ts';
import type { Attended, Planned, Surroundings, TensorFlow, Weights } from './attention.ts';

/**
 * What the authors' code did under the name of attention, kept because it explains the collapsed folds
 * of the paper's Figure 4. u is trained for each *place in the batch*, and the weights of a whole batch
 * sum to one, so what a clip is taken for depends on where it stands and on which clips stand with it.
 */
export function parameters({
  batch,
  positions,
  channels,
  classes,
}: Surroundings): readonly Parameter[] {
  const flat = positions * channels;
  return [
    {
      name: 'dense/W',
      shape: [flat, classes],
      initial: { kind: 'glorot-uniform', fanIn: flat, fanOut: classes },
    },
    { name: 'dense/b', shape: [classes], initial: zeros },
    {
      name: 'attention/u',
      shape: [batch, classes, 1],
      initial: { kind: 'truncated-normal', deviation: 1 },
    },
  ];
}

/**
 * A partial batch uses the first places of u, and its weights sum to one over the clips that it has.
 * alpha is null: a weight here belongs to a pair of class numbers, and to no position of the clip.
 *
 * @param positions clips x positions x channels, at most as many clips as a full batch
 */
export function attend(
  tf: TensorFlow,
  positions: tfjs.Tensor3D,
  weights: Weights,
  lambda: number,
): Attended {
  const [clips, length, channels] = positions.shape;
  const W = weights['dense/W'] as tfjs.Tensor2D;
  const classes = W.shape[1];
  const a = tf.reshape(positions, [clips, length * channels]);

  const h = tf.tanh(tf.fused.matMul({ a, b: W, bias: weights['dense/b']! }));
  const rows = tf.reshape(h, [clips, 1, classes]);
  const u = firstPlaces(tf, weights['attention/u'] as tfjs.Tensor3D, clips);
  // the outer product of the two: clips x classes x classes
  const e = tf.matMul(u, rows);
  // exp(lambda e), divided by its sum over all clips of the batch
  const alpha = tf.softmax(tf.mul(tf.reshape(e, [clips * classes * classes]), lambda));
  // each of a clip's rows is h weighted anew; together they are its four numbers
  const weighted = tf.mul(tf.reshape(alpha, [clips, classes, classes]), rows);
  return { logits: tf.sum(weighted, 1), alpha: null };
}

/** The same on the project's own engine. */
export function planned(plan: Plan, positions: Signal, classes: number, lambda: number): Planned {
  const { height, width } = positions.shape;
  const linear = convolution(plan, positions, {
    weights: 'dense/W',
    bias: 'dense/b',
    channels: classes,
    kernel: [height, width],
  });
  const logits = classAttention(plan, tanh(plan, linear), { scorer: 'attention/u', lambda });
  return { logits, alpha: null };
}

function firstPlaces(tf: TensorFlow, u: tfjs.Tensor3D, clips: number): tfjs.Tensor3D {
  if (clips > u.shape[0]) {
    throw new RangeError(
      `${String(clips)} clips do not fit into a batch of ${String(u.shape[0])} places`,
    );
  }
  return clips === u.shape[0] ? u : tf.slice(u, 0, clips);
}

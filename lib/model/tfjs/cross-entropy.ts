import * as tf from '@tensorflow/tfjs-core';
import { score, type Scored } from '../loss.ts';

/**
 * The summed cross-entropy as a differentiable operation; its gradient by the logits is the
 * probabilities less one at the true class.
 *
 * @param scored is told what the batch's logits say
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: Int32Array,
  scored: (scored: Scored) => void,
): tf.Scalar {
  const operation = tf.customGrad((x) => {
    const { shape } = x as tf.Tensor2D;
    const result = score((x as tf.Tensor2D).dataSync<'float32'>(), labels);
    scored(result);
    const gradient = (): tf.Tensor => {
      const byLogits = result.probabilities.slice();
      labels.forEach((label, clip) => {
        byLogits[clip * shape[1] + label]! -= 1;
      });
      return tf.tensor2d(byLogits, shape);
    };
    return {
      value: tf.scalar(result.loss),
      gradFunc: (dy) => tf.mul(dy, gradient()),
    };
  });
  return operation(logits) as tf.Scalar;
}

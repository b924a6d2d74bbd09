import { exp, log } from '../math/portable.ts';

/** What a batch's logits say. */
export interface Scored {
  /** Cross-entropy, summed over the clips, in nats. */
  readonly loss: number;
  /** clips x classes. */
  readonly probabilities: Float32Array;
  /** The likeliest class of each clip; the first of equals. */
  readonly predicted: Int32Array;
}

/**
 * Softmax and cross-entropy of a batch. Computed here rather than by the backend: it is a few hundred
 * numbers, what the history holds then needs no faith in a backend's exp and log, and one pass gives
 * loss, probabilities and predictions.
 *
 * @param logits clips x classes
 * @param labels the true class of each clip
 */
export function score(logits: Float32Array, labels: Int32Array): Scored {
  const classes = logits.length / labels.length;
  const probabilities = new Float32Array(logits.length);
  const predicted = new Int32Array(labels.length);
  let loss = 0;
  labels.forEach((label, clip) => {
    const row = logits.subarray(clip * classes, (clip + 1) * classes);
    let likeliest = 0;
    for (let c = 1; c < classes; c++) if (row[c]! > row[likeliest]!) likeliest = c;
    // less the largest, so that exp neither overflows nor leaves a sum of zero
    const largest = row[likeliest]!;
    let sum = 0;
    for (const logit of row) sum += exp(logit - largest);
    for (let c = 0; c < classes; c++) {
      probabilities[clip * classes + c] = exp(row[c]! - largest) / sum;
    }
    loss += log(sum) - (row[label]! - largest);
    predicted[clip] = likeliest;
  });
  return { loss, probabilities, predicted };
}

import * as tf from '@tensorflow/tfjs-core';
import type { Attention } from './attention/attention.ts';
import { score } from './loss.ts';
import { forward, type Architecture } from './network.ts';
import { asTensors, byName, type Weight } from './weights.ts';

/** What a network says of clips. */
export interface Evaluation {
  /** The likeliest class of each clip. */
  readonly predicted: Int32Array;
  /** Of each clip, a probability for each class. */
  readonly probabilities: readonly Float32Array[];
  /** Of each clip, a weight for each position; empty for an attention that weighs no positions. */
  readonly attention: readonly Float32Array[];
}

/**
 * The network's answers, clips in the list's order and in batches of the size that it was trained
 * with: under `attention: authors` a clip's answer depends on both.
 *
 * @param clips values: clips x frames; labels: the true class of each
 */
export function evaluate(
  weights: readonly Weight[],
  clips: { readonly values: Float32Array; readonly labels: Int32Array },
  architecture: Architecture,
  attention: Attention,
): Evaluation {
  const { frames, batch } = architecture;
  const predicted = new Int32Array(clips.labels.length);
  const probabilities: Float32Array[] = [];
  const attended: Float32Array[] = [];
  tf.tidy(() => {
    const named = byName(weights, asTensors(weights));
    for (let start = 0; start < predicted.length; start += batch) {
      const labels = clips.labels.subarray(start, start + batch);
      const values = clips.values.subarray(start * frames, (start + labels.length) * frames);
      tf.tidy(() => {
        const rows = tf.tensor2d(values, [labels.length, frames]);
        const { logits, alpha } = forward(rows, named, architecture, attention);
        const scored = score(logits.dataSync<'float32'>(), labels);
        predicted.set(scored.predicted, start);
        probabilities.push(...rowsOf(scored.probabilities, labels.length));
        attended.push(...rowsOf(alpha?.dataSync<'float32'>() ?? new Float32Array(), labels.length));
      });
    }
  });
  return { predicted, probabilities, attention: attended };
}

function rowsOf(values: Float32Array, rows: number): Float32Array[] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
}

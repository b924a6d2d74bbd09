import * as tf from '@tensorflow/tfjs-core';
import { adam } from '../adam.ts';
import type { Attention } from '../attention/attention.ts';
import { score, type Scored } from '../loss.ts';
import type { Architecture } from '../network.ts';
import { rowsOf } from '../rows.ts';
import type { Clips, Evaluation, Trainer, TrainerRequest } from '../trainer.ts';
import type { Weight, WeightStore } from '../weights.ts';
import { crossEntropy } from './cross-entropy.ts';
import { forward } from './network.ts';
import { asTensors, byName } from './tensors.ts';

/** Trains on the running backend of TF.js. */
export function tfjsTrainer(request: TrainerRequest): Trainer {
  const { architecture, attention, weights: store, learningRate } = request;
  const optimiser = adam(store.flat.length, learningRate);
  return {
    step: (clips, rows) => {
      const { scored, gradient } = gradients(store, pick(clips, rows), architecture, attention);
      optimiser.step(store.flat, gradient);
      return scored;
    },
    predict: (clips) => evaluate(store.weights, clips, architecture, attention).predicted,
    evaluate: (clips) => evaluate(store.weights, clips, architecture, attention),
    weights: () => store.weights.map((weight) => ({ ...weight, values: weight.values.slice() })),
    stepsPerTurn: 1,
  };
}

/** The summed cross-entropy of a batch, and its gradient by every parameter, laid out as the store. */
export function gradients(
  { flat, weights }: WeightStore,
  { values, labels }: Clips,
  architecture: Architecture,
  attention: Attention,
): { scored: Scored; gradient: Float32Array } {
  const gradient = new Float32Array(flat.length);
  let scored: Scored | undefined;
  tf.tidy(() => {
    const clips = tf.tensor2d(values, [labels.length, architecture.frames]);
    const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
      crossEntropy(
        forward(clips, byName(weights, tensors), architecture, attention).logits,
        labels,
        (result) => {
          scored = result;
        },
      );
    let offset = 0;
    for (const tensor of tf.grads(loss)(asTensors(weights))) {
      gradient.set(tensor.dataSync<'float32'>(), offset);
      offset += tensor.size;
    }
  });
  return { scored: scored!, gradient };
}

function evaluate(
  weights: readonly Weight[],
  clips: Clips,
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

function pick({ values, labels }: Clips, clips: readonly number[]): Clips {
  const frames = values.length / labels.length;
  const picked = new Float32Array(clips.length * frames);
  clips.forEach((clip, row) => {
    picked.set(values.subarray(clip * frames, (clip + 1) * frames), row * frames);
  });
  return { values: picked, labels: Int32Array.from(clips, (clip) => labels[clip]!) };
}

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../math/random.ts';
import { confusionMatrix } from '../metrics/confusion.ts';
import { scoresOf } from '../metrics/scores.ts';
import { adam, type Optimiser } from './adam.ts';
import type { Attention } from './attention/attention.ts';
import { ModelError } from './errors.ts';
import { evaluate, type Evaluation } from './evaluation.ts';
import { crossEntropy, type Scored } from './loss.ts';
import { forward, networkParameters, type Architecture } from './network.ts';
import { asTensors, byName, initialWeights, type Weight, type WeightStore } from './weights.ts';

/** Clips to learn from or to be tested on, in the list's order. */
export interface Clips {
  /** clips x frames, row-major, standardised already. */
  readonly values: Float32Array;
  /** The class of each clip. */
  readonly labels: Int32Array;
}

export interface TrainingRequest {
  readonly training: Clips;
  readonly test: Clips;
  readonly architecture: Architecture;
  readonly attention: Attention;
  readonly learningRate: number;
  readonly epochs: number;
  /** Draws the initial values. */
  readonly init: Random;
  /** Reorders the training clips before each epoch; null keeps the list's order. */
  readonly shuffle: Random | null;
  /** Called after each epoch. */
  readonly onEpoch: (epoch: Epoch) => void;
  readonly signal: AbortSignal;
}

/** What one epoch came to. */
export interface Epoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Cross-entropy in nats, the mean over the training clips, each as its own batch found it. */
  readonly loss: number;
  /**
   * Share of the training clips called right, each by the weights before its own batch's step: what
   * Keras prints, and so a little behind what the weights after the epoch would reach.
   */
  readonly trainAccuracy: number;
  /** On the test fold, by the weights after the epoch. */
  readonly testAccuracy: number;
  readonly testUar: number;
}

export interface Trained {
  readonly weights: readonly Weight[];
  readonly history: readonly Epoch[];
  /** The test fold under the last epoch's weights. */
  readonly test: Evaluation;
}

/**
 * Trains a network on the running backend. Each step minimises the cross-entropy summed over a batch;
 * the last batch of an epoch may be partial. The last epoch counts, never the best one.
 *
 * @throws ModelError `training-diverged` when the loss stops being a finite number
 * @throws NoPositionError where the layers leave no position
 * @throws the signal's reason, between two batches, once it is aborted
 */
export async function train(request: TrainingRequest): Promise<Trained> {
  const { training, test, architecture, attention, epochs, shuffle, onEpoch, signal } = request;
  const parameters = networkParameters(architecture, attention);
  const store = initialWeights(parameters, request.init);
  const optimiser = adam(store.flat.length, request.learningRate);
  const order = Array.from(training.labels, (_, clip) => clip);
  const history: Epoch[] = [];
  let evaluation: Evaluation | undefined;

  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle?.shuffle(order);
    let loss = 0;
    let right = 0;
    for (let start = 0; start < order.length; start += architecture.batch) {
      // the event loop gets its turn, else no Ctrl+C would be heard
      await setImmediate();
      signal.throwIfAborted();
      const batch = pick(training, order.slice(start, start + architecture.batch));
      const scored = step(store, batch, architecture, attention, optimiser);
      loss += scored.loss;
      right += hits(scored.predicted, batch.labels);
    }
    if (!Number.isFinite(loss)) throw diverged(epoch, request.learningRate);
    evaluation = evaluate(store.weights, test, architecture, attention);
    const scores = scoresOf(
      confusionMatrix(test.labels, evaluation.predicted, architecture.classes),
      architecture.classes,
    );
    history.push({
      epoch,
      loss: loss / order.length,
      trainAccuracy: right / order.length,
      testAccuracy: scores.wa,
      testUar: scores.uar,
    });
    onEpoch(history.at(-1)!);
  }
  if (evaluation === undefined) throw new RangeError('training takes at least one epoch');
  return { weights: store.weights, history, test: evaluation };
}

/** One step of the optimiser on one batch, and what the batch scored before it. */
export function step(
  store: WeightStore,
  batch: Clips,
  architecture: Architecture,
  attention: Attention,
  optimiser: Optimiser,
): Scored {
  const { scored, gradient } = gradients(store, batch, architecture, attention);
  optimiser.step(store.flat, gradient);
  return scored;
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

function pick({ values, labels }: Clips, clips: readonly number[]): Clips {
  const frames = values.length / labels.length;
  const picked = new Float32Array(clips.length * frames);
  clips.forEach((clip, row) => {
    picked.set(values.subarray(clip * frames, (clip + 1) * frames), row * frames);
  });
  return { values: picked, labels: Int32Array.from(clips, (clip) => labels[clip]!) };
}

function hits(predicted: Int32Array, labels: Int32Array): number {
  return predicted.reduce((count, label, clip) => count + (label === labels[clip] ? 1 : 0), 0);
}

function diverged(epoch: number, learningRate: number): ModelError {
  return new ModelError(
    'training-diverged',
    `the loss stopped being a number in epoch ${String(epoch)}: a learning rate of ${String(learningRate)} is too high for this network`,
  );
}

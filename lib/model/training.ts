import type { Random } from '../math/random.ts';
import { confusionMatrix } from '../metrics/confusion.ts';
import { scoresOf } from '../metrics/scores.ts';
import type { Attention } from './attention/attention.ts';
import type { StartedBackend } from './backends/backend.ts';
import { ModelError } from './errors.ts';
import { networkParameters, type Architecture } from './network.ts';
import type { Clips, Evaluation } from './trainer.ts';
import { initialWeights, type Weight } from './weights.ts';

export interface TrainingRequest {
  readonly training: Clips;
  readonly test: Clips;
  readonly architecture: Architecture;
  readonly attention: Attention;
  readonly backend: StartedBackend;
  readonly learningRate: number;
  readonly epochs: number;
  /** Draws the initial values. */
  readonly init: Random;
  /** Reorders the training clips before each epoch; null keeps the list's order. */
  readonly shuffle: Random | null;
  /** Called after each epoch. */
  readonly onEpoch: (epoch: Epoch) => void;
  /** Awaited between two batches every few milliseconds; what it throws ends the training. */
  readonly safePoint: () => Promise<void>;
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
 * Trains a network. Each step minimises the cross-entropy summed over a batch;
 * the last batch of an epoch may be partial. The last epoch counts, never the best one.
 *
 * @throws ModelError `training-diverged` when the loss stops being a finite number
 * @throws NoPositionError where the layers leave no position
 * @throws what `safePoint` throws
 */
export async function train(request: TrainingRequest): Promise<Trained> {
  const { training, test, architecture, attention, epochs, shuffle, onEpoch, safePoint } = request;
  const parameters = networkParameters(architecture, attention);
  const trainer = request.backend.trainer({
    architecture,
    attention,
    weights: initialWeights(parameters, request.init),
    learningRate: request.learningRate,
  });
  const order = Array.from(training.labels, (_, clip) => clip);
  const history: Epoch[] = [];
  let steps = 0;

  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle?.shuffle(order);
    let loss = 0;
    let right = 0;
    for (let start = 0; start < order.length; start += architecture.batch) {
      if (steps++ % trainer.stepsPerTurn === 0) await safePoint();
      const rows = order.slice(start, start + architecture.batch);
      const scored = trainer.step(training, rows);
      loss += scored.loss;
      right += hits(scored.predicted, rows, training.labels);
    }
    if (!Number.isFinite(loss)) throw diverged(epoch, request.learningRate);
    const scores = scoresOf(
      confusionMatrix(test.labels, trainer.predict(test), architecture.classes),
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
  if (history.length === 0) throw new RangeError('training takes at least one epoch');
  return { weights: trainer.weights(), history, test: trainer.evaluate(test) };
}

function hits(predicted: Int32Array, rows: readonly number[], labels: Int32Array): number {
  return rows.reduce((count, row, i) => count + (predicted[i] === labels[row] ? 1 : 0), 0);
}

function diverged(epoch: number, learningRate: number): ModelError {
  return new ModelError(
    'training-diverged',
    `the loss stopped being a number in epoch ${String(epoch)}: a learning rate of ${String(learningRate)} is too high for this network`,
  );
}

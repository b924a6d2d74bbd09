import type { Attention } from './attention/attention.ts';
import type { Scored } from './loss.ts';
import type { Architecture } from './network.ts';
import type { Weight, WeightStore } from './weights.ts';

/** Clips to learn from or to be tested on, in the list's order. */
export interface Clips {
  /** clips x frames, row-major, standardised already. */
  readonly values: Float32Array;
  /** The class of each clip. */
  readonly labels: Int32Array;
}

/** What a network says of clips. */
export interface Evaluation {
  /** The likeliest class of each clip. */
  readonly predicted: Int32Array;
  /** Of each clip, a probability for each class. */
  readonly probabilities: readonly Float32Array[];
  /** Of each clip, a weight for each position; empty for an attention that weighs no positions. */
  readonly attention: readonly Float32Array[];
}

export interface TrainerRequest {
  readonly architecture: Architecture;
  readonly attention: Attention;
  /** The parameters as they begin. The trainer may change them in place. */
  readonly weights: WeightStore;
  /** Adam's. */
  readonly learningRate: number;
}

/** A network being trained, wherever it is computed. */
export interface Trainer {
  /**
   * One step of Adam on a batch, for the cross-entropy summed over its clips.
   *
   * @param rows which of the clips, at most a full batch
   * @returns what the batch scored before the step; `predicted` holds until the next call
   */
  step(clips: Clips, rows: readonly number[]): Pick<Scored, 'loss' | 'predicted'>;
  /** The likeliest class of each clip, as `evaluate` has it, and nothing else. */
  predict(clips: Clips): Int32Array;
  /**
   * The network's answers, clips in the list's order and in batches of the size that it is trained
   * with: under `attention: authors` a clip's answer depends on both.
   */
  evaluate(clips: Clips): Evaluation;
  /** The parameters as they are now, a copy, in the order in which they were given. */
  weights(): readonly Weight[];
  /**
   * Steps after which the event loop should have its turn, so that a Ctrl+C is heard within some
   * milliseconds: by an estimate of the work and not by a clock, which a result must not know.
   */
  readonly stepsPerTurn: number;
}

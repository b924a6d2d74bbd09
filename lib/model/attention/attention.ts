import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Plan } from '../engine/plan.ts';
import type { Signal } from '../engine/signal.ts';
import type { Parameter } from '../initial.ts';

/** The trained tensors by name. */
export type Weights = Readonly<Record<string, Tensor>>;

/** What an attention must know before it can name its parameters. */
export interface Surroundings {
  /** Clips in a full batch. */
  readonly batch: number;
  /** Positions that the last layer leaves. */
  readonly positions: number;
  /** Channels of each position. */
  readonly channels: number;
  readonly classes: number;
}

/** What an attention makes of a batch. */
export interface Attended {
  /** clips x classes: a softmax turns each row into probabilities. */
  readonly logits: Tensor2D;
  /** clips x positions, each row summing to 1; null where the weights belong to no position. */
  readonly alpha: Tensor2D | null;
}

/** What an attention makes of a batch on the project's own engine. */
export interface Planned {
  /** One position of a channel for each class. */
  readonly logits: Signal;
  /** Once the plan is built, the address of the weights, clips x positions; null as for `Attended`. */
  readonly alpha: (() => number) | null;
}

/** TF.js, given and not imported: so a run without it loads none of it. */
export type TensorFlow = typeof tfjs;

/**
 * From the positions that the convolutions leave to one number for each class. A new attention is one
 * module that exports these functions, and one line in registry.ts. It may do without `planned`; then
 * the backend wasm refuses it, and the backends of TF.js train it.
 */
export interface Attention {
  /** In the order in which their initial values are drawn. */
  readonly parameters: (surroundings: Surroundings) => readonly Parameter[];
  /**
   * By TF.js: differentiable, called inside a tidy.
   *
   * @param positions clips x positions x channels
   */
  readonly attend: (
    tf: TensorFlow,
    positions: Tensor3D,
    weights: Weights,
    lambda: number,
  ) => Attended;
  /**
   * By layers of the project's own engine (lib/model/engine/layers).
   *
   * @param positions 1 x positions x channels
   */
  readonly planned?: (plan: Plan, positions: Signal, classes: number, lambda: number) => Planned;
}

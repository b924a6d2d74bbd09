import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
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

/**
 * From the positions that the convolutions leave to one number for each class. A new attention is one
 * module that exports these two functions, and one line in registry.ts.
 */
export interface Attention {
  /** In the order in which their initial values are drawn. */
  readonly parameters: (surroundings: Surroundings) => readonly Parameter[];
  /** `positions`: clips x positions x channels. Differentiable; called inside a tidy. */
  readonly attend: (positions: Tensor3D, weights: Weights, lambda: number) => Attended;
}

import type { Arena } from '../arena.ts';
import type { Plan } from '../plan.ts';
import { sizeOfShape, type Signal } from '../signal.ts';

export interface CrossEntropyOptions {
  /** How much each class counts; all 1 by default. */
  readonly classWeights?: readonly number[];
  /** The share of the truth that is spread over all classes, 0 by default. */
  readonly smoothing?: number;
  /** What the gradient is multiplied by; 1 by default, which is that of the sum over the clips. */
  readonly scale?: number;
}

/** Where the parts of a loss lie. */
interface LossAddresses {
  /** Of each clip, i32. */
  readonly labels: number;
  readonly predicted: number;
  /** clips x classes, f32. */
  readonly probabilities: number;
  /** f64. */
  readonly total: number;
}

/** The loss of a batch, and what it was made of. */
export class Loss {
  readonly #arena: Arena;
  readonly #clips: number;
  readonly #classes: number;
  readonly #at: LossAddresses;
  #labels = new Int32Array();
  #predicted = new Int32Array();

  constructor(arena: Arena, clips: number, classes: number, at: LossAddresses) {
    this.#arena = arena;
    this.#clips = clips;
    this.#classes = classes;
    this.#at = at;
  }

  /** Sets the true class of each clip. */
  setLabels(all: ArrayLike<number>): void {
    this.#look();
    this.#labels.set(all);
  }

  /** Cross-entropy in nats, summed over the clips, after a forward pass. */
  value(): number {
    return this.#arena.float64(this.#at.total);
  }

  /** clips x classes, a copy. */
  probabilities(clips: number): Float32Array {
    return this.#arena.floats(this.#at.probabilities, clips * this.#classes).slice();
  }

  /** The likeliest class of each clip, the first of equals; holds until the next forward pass. */
  predicted(clips: number): Int32Array {
    this.#look();
    return this.#predicted.subarray(0, clips);
  }

  /** Makes the views, and again where the memory has grown. */
  #look(): void {
    if (this.#labels.length > 0) return;
    const { buffer } = this.#arena.memory;
    this.#labels = new Int32Array(buffer, this.#at.labels, this.#clips);
    this.#predicted = new Int32Array(buffer, this.#at.predicted, this.#clips);
  }
}

/** Softmax and cross-entropy of the logits, one position of a channel for each class. */
export function crossEntropy(
  plan: Plan,
  logits: Signal,
  { classWeights, smoothing = 0, scale = 1 }: CrossEntropyOptions = {},
): Loss {
  const { kernels, arena } = plan;
  const classes = sizeOfShape(logits.shape);
  logits.gradientIsAfterRectifier = true;
  const labels = arena.words(plan.clips);
  const probabilities = arena.words(plan.clips * classes);
  const predicted = arena.words(plan.clips);
  const weights = arena.words(classes);
  arena.floats(weights, classes).set(classWeights ?? new Array<number>(classes).fill(1));
  const total = arena.doubles(1);
  plan.layer(() => {
    const values = plan.valuesOf(logits).address;
    const gradient = plan.gradientOf(logits).address;
    if (!plan.isFirstToWrite(logits)) throw new Error('Internal error: logits have one reader');
    return {
      forward: (clips) => {
        kernels.crossEntropy(
          clips,
          classes,
          values,
          labels,
          weights,
          smoothing,
          probabilities,
          predicted,
          total,
        );
      },
      backward: (clips) => {
        kernels.crossEntropyGradient(
          clips,
          classes,
          labels,
          weights,
          smoothing,
          scale,
          probabilities,
          gradient,
        );
      },
    };
  });
  return new Loss(arena, plan.clips, classes, { labels, predicted, probabilities, total });
}

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

/** The loss of a batch, and what it was made of. */
export interface Loss {
  /** Sets the true class of each clip. */
  readonly setLabels: (labels: ArrayLike<number>) => void;
  /** Cross-entropy in nats, summed over the clips, after a forward pass. */
  readonly value: () => number;
  /** clips x classes, a copy. */
  readonly probabilities: (clips: number) => Float32Array;
  /** The likeliest class of each clip, the first of equals; holds until the next forward pass. */
  readonly predicted: (clips: number) => Int32Array;
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
  let loss = 0;
  plan.layer(() => {
    const values = plan.valuesOf(logits).address;
    const gradient = plan.gradientOf(logits).address;
    if (!plan.isFirstToWrite(logits)) throw new Error('Internal error: logits have one reader');
    return {
      forward: (clips) => {
        loss = kernels.crossEntropy(
          clips,
          classes,
          values,
          labels,
          weights,
          smoothing,
          probabilities,
          predicted,
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
  const given = lastingView(arena, labels, plan.clips);
  const found = lastingView(arena, predicted, plan.clips);
  return {
    setLabels: (all) => {
      given().set(all);
    },
    value: () => loss,
    probabilities: (clips) => arena.floats(probabilities, clips * classes).slice(),
    predicted: (clips) => found().subarray(0, clips),
  };
}

/** A view of integers, made again only where the memory has grown. */
function lastingView(arena: Arena, address: number, count: number): () => Int32Array {
  let view = new Int32Array();
  return () => {
    if (view.length === 0) view = new Int32Array(arena.memory.buffer, address, count);
    return view;
  };
}

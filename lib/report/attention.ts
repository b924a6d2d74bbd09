import type { Evaluation, Features } from './data.ts';

/** One position of the attention, and what part of the clip it hears. */
export interface Position {
  /** 1-based. */
  readonly number: number;
  /** Seconds from the beginning of the cut; absent where the network's layers are not known. */
  readonly from?: number;
  readonly to?: number;
  /** Mean weight over all test clips. */
  readonly mean: number;
  /** Mean weight over the test clips of each true class; 0 for a class without clips. */
  readonly byClass: readonly number[];
}

/** Whether the weights belong to positions in time at all: those of `authors` do not. */
export function hasPositions(evaluation: Evaluation): boolean {
  return evaluation.attention !== 'authors' && weightCount(evaluation) > 0;
}

/** What to say of the weights where they belong to no position. */
export const noPositions =
  'In `authors` attention the weights belong to no position: all positions are first mixed into four numbers by a dense layer, and the weights are taken over those, over the whole batch and by place in the batch. So there is nothing here that says where in a clip the network looked.';

/** Mean weights by position, in the order of time. */
export function positions(
  evaluation: Evaluation,
  features: Features,
  cutSeconds: number,
  classes: number,
): Position[] {
  const weights = weightCount(evaluation);
  const sums = new Float64Array(weights * (classes + 1));
  const clips = new Float64Array(classes + 1);
  for (const prediction of evaluation.predictions) {
    if (prediction.model !== 'network' || prediction.attention.length !== weights) continue;
    for (const group of [prediction.truth, classes]) {
      clips[group] = (clips[group] ?? 0) + 1;
      prediction.attention.forEach((weight, position) => {
        const cell = group * weights + position;
        sums[cell] = (sums[cell] ?? 0) + weight;
      });
    }
  }
  const mean = (group: number, position: number): number =>
    (sums[group * weights + position] ?? 0) / Math.max(1, clips[group] ?? 0);
  return Array.from({ length: weights }, (_, position) => ({
    number: position + 1,
    ...span(evaluation, features, cutSeconds, position),
    mean: mean(classes, position),
    byClass: Array.from({ length: classes }, (_unused, label) => mean(label, position)),
  }));
}

/** From when to when position p (0-based) hears, in seconds of the cut. */
export function span(
  evaluation: Evaluation,
  features: Features,
  cutSeconds: number,
  position: number,
): { from: number; to: number } | Record<never, never> {
  if (evaluation.receptive === undefined) return {};
  const { frames, stride } = evaluation.receptive;
  const { hopSeconds, centred } = features;
  // A centred frame stands for half a hop on either side of its centre.
  const first = position * stride - (centred ? 0.5 : 0);
  const at = (frame: number): number => Math.min(cutSeconds, Math.max(0, frame * hopSeconds));
  return { from: at(first), to: at(first + frames) };
}

function weightCount(evaluation: Evaluation): number {
  return evaluation.predictions.find(({ model }) => model === 'network')?.attention.length ?? 0;
}

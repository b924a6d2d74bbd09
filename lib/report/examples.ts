import type { Evaluation, Prediction } from './data.ts';
import { byCodeUnit } from './text.ts';

/** Says in the report how the clips were chosen. */
export const howChosen =
  'Of each class in turn the clip in the middle when all are sorted by the probability that the network gave the true class, so neither its best nor its worst; then its surest mistakes.';

/**
 * Which clips are shown, by a rule that leaves nothing to taste: of each class the clip whose
 * probability of the true class is the (lower) median, then the surest mistakes.
 */
export function chooseExamples(
  evaluation: Evaluation,
  classes: number,
  wanted: number,
): { prediction: Prediction; role: 'typical' | 'mistake' }[] {
  const network = evaluation.predictions.filter((prediction) => prediction.model === 'network');
  const sorted = (of: Prediction[], key: (prediction: Prediction) => number): Prediction[] =>
    of.sort((a, b) => key(a) - key(b) || byCodeUnit(a.clip, b.clip));
  const typical = Array.from({ length: classes }, (_, label) => {
    const clips = sorted(
      network.filter((prediction) => prediction.truth === label),
      (prediction) => prediction.probabilities[label] ?? 0,
    );
    return clips[Math.floor((clips.length - 1) / 2)];
  }).filter((prediction) => prediction !== undefined);
  const mistakes = sorted(
    network.filter(
      (prediction) => prediction.truth !== prediction.predicted && !typical.includes(prediction),
    ),
    (prediction) => -(prediction.probabilities[prediction.predicted] ?? 0),
  );
  return [
    ...typical.map((prediction) => ({ prediction, role: 'typical' as const })),
    ...mistakes.map((prediction) => ({ prediction, role: 'mistake' as const })),
  ].slice(0, wanted);
}

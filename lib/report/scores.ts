import type { Evaluation, Score } from './data.ts';

/** What the report calls a model, and what it hears. */
export interface ModelWords {
  readonly name: string;
  readonly hears: string;
}

const words: Readonly<Record<string, ModelWords>> = {
  network: {
    name: 'Network',
    hears: 'the mean level of each frame, through convolutions and attention',
  },
  loudness: {
    name: 'Loudness baseline',
    hears:
      'four numbers: the clip’s length, and the mean, maximum and range of its level (logistic regression)',
  },
  majority: {
    name: 'Majority baseline',
    hears: 'nothing: it always answers the most frequent class',
  },
};

export function modelWords(model: string): ModelWords {
  const known = Object.hasOwn(words, model) ? words[model] : undefined;
  return known ?? { name: model, hears: '' };
}

/** The models of an evaluation, the network first, then the baselines in the order of the artifact. */
export function models(evaluation: Evaluation): string[] {
  const found = [...new Set(evaluation.scores.map((score) => score.model))];
  const known = ['network', 'loudness', 'majority'].filter((model) => found.includes(model));
  return [...known, ...found.filter((model) => !known.includes(model))];
}

/** All folds pooled. */
export function pooled(evaluation: Evaluation, model: string): Score | undefined {
  return evaluation.scores.find((score) => score.model === model && score.fold === 0);
}

/** One score for each fold, sorted. */
export function foldScores(evaluation: Evaluation, model: string): Score[] {
  return evaluation.scores
    .filter((score) => score.model === model && score.fold > 0)
    .sort((a, b) => a.fold - b.fold);
}

/** Mean over folds, which is what the paper reports. */
export function meanOverFolds(
  evaluation: Evaluation,
  model: string,
): { wa: number; uar: number; collapsed: number[] } {
  const scores = foldScores(evaluation, model);
  const mean = (of: (score: Score) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / Math.max(1, scores.length);
  return {
    wa: mean((score) => score.wa),
    uar: mean((score) => score.uar),
    collapsed: scores.filter((score) => score.collapsed).map((score) => score.fold),
  };
}

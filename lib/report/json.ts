import { hasPositions, positions } from './attention.ts';
import type { Evaluation, ReportData } from './data.ts';
import { paper } from './paper.ts';
import { foldScores, meanOverFolds, models, pooled } from './scores.ts';
import { answer, methods, verdict } from './sentences.ts';
import { sortedJson } from './sorted-json.ts';
import { warnings } from './warnings.ts';

/** Raised when a reader of report.json would have to change. */
const reportVersion = 1;

/** report.json: all that the page says, for machines. Keys are sorted; shares are 0 to 1. */
export function reportJson(data: ReportData): string {
  const [headline] = data.evaluations;
  const report = {
    format: 'emotion-in-motion-report',
    version: reportVersion,
    answer: answer(data, headline),
    verdict: verdict(headline).text,
    methods: methods(data, headline),
    corpus: {
      ...data.corpus,
      classes: data.classes,
      files: countBy(data.clips.map((clip) => clip.fate)),
      clipsOfClass: countBy(
        data.clips
          .filter((clip) => clip.fate === 'kept' && clip.label >= 0)
          .map((clip) => data.classes[clip.label] ?? ''),
      ),
      clipsOfSpeaker: countBy(
        data.clips.filter((clip) => clip.fate === 'kept').map((clip) => clip.speaker),
      ),
      leftOut: data.clips
        .filter((clip) => clip.fate === 'broken' || clip.fate === 'duplicate')
        .map(({ file, fate, reason }) => ({ file, fate, reason })),
    },
    split: data.split,
    features: data.features,
    headline: headline.name,
    evaluations: data.evaluations.map((evaluation) => evaluationJson(data, evaluation)),
    paper,
    examples: data.examples.map(({ prediction, role }) => ({ ...prediction, role })),
    warnings: warnings(data),
    stages: data.stages,
    artifacts: data.artifacts,
    packages: Object.fromEntries(data.packages.map(({ name, version }) => [name, version])),
  };
  return `${sortedJson(report, 2)}\n`;
}

function evaluationJson(data: ReportData, evaluation: Evaluation): Record<string, unknown> {
  const { name, train, attention, receptive, level, draws } = evaluation;
  const cut = data.corpus.samples / Math.max(1, data.corpus.rateHz);
  return {
    name,
    train,
    attention,
    level,
    draws,
    ...(receptive === undefined ? {} : { receptive }),
    backends: [...new Set(evaluation.histories.map(({ backend }) => backend))],
    models: models(evaluation).map((model) => {
      const { collapsed, ...mean } = meanOverFolds(evaluation, model);
      return {
        model,
        pooled: pooled(evaluation, model) ?? null,
        meanOverFolds: mean,
        collapsedFolds: collapsed,
        folds: foldScores(evaluation, model),
      };
    }),
    positions: hasPositions(evaluation)
      ? positions(evaluation, data.features, cut, data.classes.length)
      : [],
    lastEpochs: evaluation.histories.map(({ fold, epochs }) => ({ fold, ...epochs.at(-1) })),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

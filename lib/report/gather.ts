import { z } from 'zod';
import { readClips } from '../artifacts/clips.ts';
import { readFolds } from '../artifacts/folds.ts';
import { readHistory } from '../artifacts/history.ts';
import { loadMelMeans } from '../artifacts/mel-means.ts';
import { readMelSpectrograms } from '../artifacts/mel-spectrogram.ts';
import { readPredictions } from '../artifacts/predictions.ts';
import { readScores } from '../artifacts/scores.ts';
import { receptiveField } from '../model/shapes.ts';
import { UserError } from '../pipeline/errors.ts';
import type { InputFile, UpstreamStage } from '../pipeline/stage.ts';
import type { ArtifactFact, Evaluation, Example, FoldHistory, ReportData } from './data.ts';
import { chooseExamples } from './examples.ts';
import { byCodeUnit } from './text.ts';

export interface Sources {
  readonly inputs: {
    readonly clips: InputFile;
    readonly folds: InputFile;
    readonly means: InputFile;
    readonly spectrograms: InputFile;
    /** One for each fold of each train stage. */
    readonly history: readonly InputFile[];
    /** One of each evaluate stage. */
    readonly scores: readonly InputFile[];
    readonly predictions: readonly InputFile[];
  };
  readonly upstream: readonly UpstreamStage[];
  readonly packages: Readonly<Record<string, string>>;
  /** How many clips are shown on their spectrogram. */
  readonly examples: number;
  readonly signal: AbortSignal;
}

/**
 * Reads what a report is made of.
 *
 * @throws UserError `no-evaluation` where no evaluate stage feeds the report, `missing-predictions`
 * where one gives scores alone
 */
export async function gather(sources: Sources): Promise<ReportData> {
  const { inputs, upstream, signal } = sources;
  const clips = await readClips(inputs.clips.path);
  const folds = await readFolds(inputs.folds.path);
  const means = await loadMelMeans(inputs.means.path);
  signal.throwIfAborted();
  const histories = await readHistories(inputs.history);
  const scores = [...inputs.scores].sort(inOrderOf(upstream));
  const evaluations: Evaluation[] = [];
  for (const file of scores) {
    signal.throwIfAborted();
    evaluations.push(await readEvaluation(file, sources, histories));
  }
  const [headline, ...others] = evaluations;
  if (headline === undefined) {
    throw new UserError(
      'no-evaluation',
      'The report has no scores to report: let it need a stage that uses `evaluate`.',
    );
  }
  const { corpus, classes, rateHz, samples } = clips.facts;
  const data: Omit<ReportData, 'examples'> = {
    corpus: {
      name: corpus.name,
      layout: corpus.layout,
      synthetic: corpus.synthetic,
      licence: corpus.licence,
      citation: corpus.citation,
      rateHz,
      samples,
    },
    classes,
    clips: clips.rows,
    folds: new Map(folds.rows.map(({ clip, fold }) => [clip, fold])),
    split: folds.facts,
    features: means.facts,
    levels: meanLevels(classes.length, means.facts.frames, clips.rows, means.rows),
    evaluations: [headline, ...others],
    stages: upstream.map(({ name, use, params, needs }) => ({ name, use, params, needs })),
    artifacts: artifactFacts(sources),
    packages: Object.entries(sources.packages)
      .map(([name, version]) => ({ name, version }))
      .sort((a, b) => byCodeUnit(a.name, b.name)),
  };
  const chosen = chooseExamples(headline, classes.length, sources.examples);
  return { ...data, examples: await readExamples(inputs.spectrograms.path, chosen, signal) };
}

async function readHistories(
  files: readonly InputFile[],
): Promise<ReadonlyMap<string, FoldHistory[]>> {
  const byStage = new Map<string, FoldHistory[]>();
  for (const file of files) {
    const { facts, rows } = await readHistory(file.path);
    const ofStage = byStage.get(file.stage) ?? [];
    ofStage.push({ fold: facts.fold, backend: facts.backend, epochs: rows });
    byStage.set(file.stage, ofStage);
  }
  for (const ofStage of byStage.values()) ofStage.sort((a, b) => a.fold - b.fold);
  return byStage;
}

async function readEvaluation(
  scores: InputFile,
  { inputs, upstream }: Sources,
  histories: ReadonlyMap<string, readonly FoldHistory[]>,
): Promise<Evaluation> {
  const predictions = inputs.predictions.find((file) => file.stage === scores.stage);
  if (predictions === undefined) {
    throw new UserError(
      'missing-predictions',
      `The stage ${scores.stage} gives the report scores, but no predictions.`,
    );
  }
  const needs = upstream.find((stage) => stage.name === scores.stage)?.needs ?? {};
  const train = Object.values(needs)
    .flat()
    .find((stage) => histories.has(stage));
  const params = upstream.find((stage) => stage.name === train)?.params ?? {};
  const { facts, rows } = await readScores(scores.path);
  const layers = layersOf.safeParse(params);
  return {
    name: scores.stage,
    train: train ?? '',
    attention: typeof params['attention'] === 'string' ? params['attention'] : '',
    ...(layers.success ? { receptive: receptiveField(layers.data) } : {}),
    level: facts.level,
    draws: facts.draws,
    scores: rows.map((row) => ({
      ...row,
      confusion: [...row.confusion],
      recall: [...row.recall],
      precision: [...row.precision],
      f1: [...row.f1],
    })),
    predictions: (await readPredictions(predictions.path)).rows.map((row) => ({
      ...row,
      probabilities: [...row.probabilities],
      attention: [...row.attention],
    })),
    histories: histories.get(train ?? '') ?? [],
  };
}

/** The parameters of a network like the paper's; a train stage of the user's own may have others. */
const layersOf = z.object({
  channels: z.array(z.number()),
  kernels: z.array(z.number()),
  strides: z.array(z.number()),
  pools: z.array(z.number()),
  poolSize: z.number(),
  poolStride: z.number(),
});

/** What the network is given, averaged over the clips of each class: one row of frames a class. */
function meanLevels(
  classes: number,
  frames: number,
  clips: readonly { readonly clip: string; readonly label: number }[],
  means: readonly { readonly clip: string; readonly meanDb: Float32Array }[],
): number[][] {
  const labels = new Map(clips.map(({ clip, label }) => [clip, label]));
  return Array.from({ length: classes }, (_, label) => {
    const rows = means.filter(({ clip }) => labels.get(clip) === label);
    return Array.from({ length: frames }, (_unused, frame) => {
      const sum = rows.reduce((so, { meanDb }) => so + (meanDb[frame] ?? 0), 0);
      return rows.length === 0 ? 0 : sum / rows.length;
    });
  });
}

/** Picks the rows of the chosen clips from a file that is read in passing. */
async function readExamples(
  path: string,
  chosen: readonly Pick<Example, 'prediction' | 'role'>[],
  signal: AbortSignal,
): Promise<Example[]> {
  if (chosen.length === 0) return [];
  const wanted = new Set(chosen.map(({ prediction }) => prediction.clip));
  const found = new Map<string, Pick<Example, 'frames' | 'bands' | 'decibels'>>();
  const { rows } = await readMelSpectrograms(path);
  for await (const { clip, frames, bands, db } of rows) {
    signal.throwIfAborted();
    if (wanted.has(clip)) found.set(clip, { frames, bands, decibels: db.slice() });
  }
  return chosen.flatMap(({ prediction, role }) => {
    const spectrogram = found.get(prediction.clip);
    return spectrogram === undefined ? [] : [{ prediction, role, ...spectrogram }];
  });
}

function artifactFacts({ inputs, upstream }: Sources): ArtifactFact[] {
  const of = (kind: string, files: readonly InputFile[]): (InputFile & { kind: string })[] =>
    files.map((file) => ({ ...file, kind }));
  return [
    ...of('clips.arrow', [inputs.clips]),
    ...of('folds.arrow', [inputs.folds]),
    ...of('mel-means.arrow', [inputs.means]),
    ...of('mel-spectrogram.arrow', [inputs.spectrograms]),
    ...of('history.arrow', inputs.history),
    ...of('predictions.arrow', inputs.predictions),
    ...of('scores.arrow', inputs.scores),
  ]
    .sort(
      (a, b) =>
        inOrderOf(upstream)(a, b) ||
        byCodeUnit(a.kind, b.kind) ||
        (a.each['fold'] ?? 0) - (b.each['fold'] ?? 0),
    )
    .map(({ stage, kind, each, sha256 }) => ({
      stage,
      kind,
      instance: Object.entries(each)
        .map(([axis, value]) => `${axis} ${String(value)}`)
        .join(', '),
      sha256,
    }));
}

function inOrderOf(
  upstream: readonly UpstreamStage[],
): (a: { stage: string }, b: { stage: string }) => number {
  const place = new Map(upstream.map(({ name }, index) => [name, index]));
  return (a, b) => (place.get(a.stage) ?? 0) - (place.get(b.stage) ?? 0);
}

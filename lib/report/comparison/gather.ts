import { readClips } from '../../artifacts/clips.ts';
import { readHistory } from '../../artifacts/history.ts';
import { readModel } from '../../artifacts/model.ts';
import { readPredictions } from '../../artifacts/predictions.ts';
import { readScores, type Score } from '../../artifacts/scores.ts';
import { UserError } from '../../pipeline/errors.ts';
import type { InputFile, UpstreamStage } from '../../pipeline/stage.ts';
import { byCodeUnit } from '../text.ts';
import { ClipSets, type Aligned } from './clip-sets.ts';
import type { Parameters, Request, RequestedRun } from './request.ts';

export interface Sources {
  readonly inputs: {
    readonly clips: readonly InputFile[];
    /** One of each evaluate stage. */
    readonly scores: readonly InputFile[];
    readonly predictions: readonly InputFile[];
    /** One for each fold of each train stage. */
    readonly models: readonly InputFile[];
    readonly history: readonly InputFile[];
  };
  readonly upstream: readonly UpstreamStage[];
  readonly signal: AbortSignal;
}

/** What the files of a comparison hold, put in the order in which the points were given. */
export interface Gathered {
  readonly corpora: readonly Corpus[];
  readonly points: readonly GatheredPoint[];
  readonly stages: readonly UpstreamStage[];
  readonly artifacts: readonly Artifact[];
}

export interface Corpus {
  readonly name: string;
  readonly synthetic: boolean;
  readonly licence: string;
  readonly citation: string;
}

export interface GatheredPoint {
  readonly label: string;
  readonly parameters: Parameters;
  readonly runs: readonly GatheredRun[];
}

export interface GatheredRun {
  readonly seed: number;
  readonly evaluate: string;
  readonly train: string;
  /** Of the network: each fold's and the pooled one (fold 0). */
  readonly scores: readonly Score[];
  readonly network: Aligned;
  /** The baselines of the same evaluation: `loudness`, `majority`. */
  readonly landmarks: readonly { readonly model: string; readonly aligned: Aligned }[];
  readonly split: { readonly by: string; readonly speakersShared: number };
  /** One for each fold, ascending. */
  readonly trainings: readonly Training[];
  /** For each outer fold, predictions of its other folds' clips by networks that saw none of it. */
  readonly inner: readonly { readonly fold: number; readonly aligned: Aligned }[];
}

export interface Training {
  readonly fold: number;
  /** Numbers that the network learnt. */
  readonly weights: number;
  readonly batch: number;
  readonly epochs: number;
  readonly backend: string;
}

export interface Artifact {
  readonly stage: string;
  readonly kind: string;
  /** `fold 3`; empty for a stage with one instance. */
  readonly instance: string;
  readonly sha256: string;
}

/**
 * Reads what a comparison is made of; a file that several points share is read once.
 *
 * @throws UserError `missing-run` where a point names a stage that no file is of,
 *   `inner-fold-leaks` where an inner evaluation predicts a clip of the fold it is to choose for
 */
export async function gather(request: Request, sources: Sources): Promise<Gathered> {
  const { inputs, signal } = sources;
  const sets = new ClipSets();
  const evaluation = once(async (stage) => {
    signal.throwIfAborted();
    return readEvaluation(stage, inputs, sets);
  });
  const training = once(async (stage) => {
    signal.throwIfAborted();
    return readTrainings(stage, inputs);
  });

  const points: GatheredPoint[] = [];
  for (const { label, parameters, runs } of request.points) {
    const gathered: GatheredRun[] = [];
    for (const run of runs) {
      const { scores, network, landmarks, split } = await evaluation(run.evaluate);
      gathered.push({
        seed: run.seed,
        evaluate: run.evaluate,
        train: run.train,
        scores,
        network,
        landmarks,
        split,
        trainings: await training(run.train),
        inner: await readInner(run, network, evaluation),
      });
    }
    points.push({ label, parameters, runs: gathered });
  }
  return {
    corpora: await readCorpora(inputs.clips),
    points,
    stages: sources.upstream,
    artifacts: artifactsOf(inputs),
  };
}

type Evaluation = Pick<GatheredRun, 'scores' | 'network' | 'landmarks' | 'split'>;

async function readEvaluation(
  stage: string,
  inputs: Sources['inputs'],
  sets: ClipSets,
): Promise<Evaluation> {
  const scores = await readScores(fileOf(stage, 'scores.arrow', inputs.scores).path);
  const file = fileOf(stage, 'predictions.arrow', inputs.predictions);
  const { facts, rows } = await readPredictions(file.path);
  const models = [...new Set(rows.map(({ model }) => model))];
  const alignedOf = (id: string): Aligned =>
    sets.align(
      facts.classes,
      rows.filter(({ model }) => model === id),
    );
  if (!models.includes('network')) throw missing(stage, 'predictions of the network');
  return {
    scores: scores.rows.filter(({ model }) => model === 'network'),
    network: alignedOf('network'),
    landmarks: models
      .filter((model) => model !== 'network')
      .map((model) => ({ model, aligned: alignedOf(model) })),
    split: { by: scores.facts.by, speakersShared: scores.facts.speakersShared },
  };
}

async function readTrainings(
  stage: string,
  inputs: Sources['inputs'],
): Promise<readonly Training[]> {
  const models = inputs.models.filter((file) => file.stage === stage);
  if (models.length === 0) throw missing(stage, 'model.arrow');
  const trainings: Training[] = [];
  for (const file of models) {
    const { facts, rows } = await readModel(file.path);
    const history = inputs.history.find(
      (other) => other.stage === stage && other.each['fold'] === file.each['fold'],
    );
    if (history === undefined) throw missing(stage, 'history.arrow');
    trainings.push({
      fold: facts.fold,
      weights: rows.reduce((sum, { values }) => sum + values.length, 0),
      batch: facts.batch,
      epochs: (await readHistory(history.path)).rows.length,
      backend: facts.backend,
    });
  }
  return trainings.sort((a, b) => a.fold - b.fold);
}

async function readInner(
  run: RequestedRun,
  network: Aligned,
  evaluation: (stage: string) => Promise<Evaluation>,
): Promise<GatheredRun['inner']> {
  const foldOf = new Map(network.set.clips.map((clip, index) => [clip, network.folds[index]]));
  const inner: { fold: number; aligned: Aligned }[] = [];
  for (const { fold, evaluate } of run.inner) {
    const aligned = (await evaluation(evaluate)).network;
    const leak = aligned.set.clips.find((clip) => foldOf.get(clip) === fold);
    if (leak !== undefined) {
      throw new UserError(
        'inner-fold-leaks',
        `The stage ${evaluate} is to choose a point for fold ${String(fold)}, but predicts the clip ${leak} of that very fold. Its training must leave the fold out altogether.`,
      );
    }
    inner.push({ fold, aligned });
  }
  return inner.sort((a, b) => a.fold - b.fold);
}

async function readCorpora(files: readonly InputFile[]): Promise<readonly Corpus[]> {
  const corpora = new Map<string, Corpus>();
  for (const file of files) {
    const { name, synthetic, licence, citation } = (await readClips(file.path)).facts.corpus;
    const corpus = { name, synthetic, licence, citation };
    corpora.set(JSON.stringify(corpus), corpus);
  }
  return [...corpora.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

function artifactsOf(inputs: Sources['inputs']): readonly Artifact[] {
  const of = (kind: string, files: readonly InputFile[]): (Artifact & { order: number })[] =>
    files.map(({ stage, each, sha256 }) => ({
      stage,
      kind,
      instance: Object.entries(each)
        .map(([axis, value]) => `${axis} ${String(value)}`)
        .join(', '),
      sha256,
      order: each['fold'] ?? 0,
    }));
  return [
    ...of('clips.arrow', inputs.clips),
    ...of('history.arrow', inputs.history),
    ...of('model.arrow', inputs.models),
    ...of('predictions.arrow', inputs.predictions),
    ...of('scores.arrow', inputs.scores),
  ]
    .sort((a, b) => byCodeUnit(a.stage, b.stage) || byCodeUnit(a.kind, b.kind) || a.order - b.order)
    .map(({ stage, kind, instance, sha256 }) => ({ stage, kind, instance, sha256 }));
}

function fileOf(stage: string, kind: string, files: readonly InputFile[]): InputFile {
  const file = files.find((of) => of.stage === stage);
  if (file === undefined) throw missing(stage, kind);
  return file;
}

function missing(stage: string, what: string): UserError {
  return new UserError(
    'missing-run',
    `The comparison names the stage ${stage}, but was given no ${what} of it: let it need that stage.`,
  );
}

/** Remembers what a function gave for a name. */
function once<T>(read: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
}

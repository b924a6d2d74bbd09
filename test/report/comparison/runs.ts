import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeClips } from '../../../lib/artifacts/clips.ts';
import { writeHistory } from '../../../lib/artifacts/history.ts';
import { writeModel } from '../../../lib/artifacts/model.ts';
import { writePredictions, type Prediction } from '../../../lib/artifacts/predictions.ts';
import { writeScores, type Score } from '../../../lib/artifacts/scores.ts';
import { randomStream } from '../../../lib/math/random.ts';
import { confusionMatrix } from '../../../lib/metrics/confusion.ts';
import { scoresOf } from '../../../lib/metrics/scores.ts';
import type { InputFile } from '../../../lib/pipeline/stage.ts';
import type { Sources } from '../../../lib/report/comparison/gather.ts';
import type { Request, RequestedPoint } from '../../../lib/report/comparison/request.ts';

/** A point to make up: how many of its clips its networks call right. */
export interface PlannedPoint {
  readonly label: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Share of clips called right, 0 to 1; the rest are guessed. */
  readonly skill: number;
  /** Folds in which it predicts one class. */
  readonly collapsed?: readonly number[];
  /** Repetitions in which it predicts one class everywhere. */
  readonly collapsedSeeds?: readonly number[];
  /** The repetitions that finished; all of the plan's where it is left out. */
  readonly seeds?: readonly number[];
  /** Tested without the last speaker. */
  readonly fewerClips?: boolean;
  /** On the inner folds it does so well instead. */
  readonly innerSkill?: number;
  /** Takes its files from the stages of another point. */
  readonly sameAs?: string;
}

export interface Plan {
  readonly points: readonly PlannedPoint[];
  readonly baseline?: string;
  readonly title?: string;
  readonly seeds?: readonly number[];
  readonly speakers?: number;
  /** Clips of each speaker and class. */
  readonly takes?: number;
  readonly folds?: number;
  readonly by?: 'clip' | 'speaker';
  /** Every seed deals the clips into other folds. */
  readonly dealtBySeed?: boolean;
  readonly synthetic?: boolean;
  readonly loudness?: number;
  /** Writes the inner evaluations that nested selection goes by. */
  readonly select?: 'test' | 'nested';
  readonly failed?: Request['failed'];
  readonly draws?: number;
  readonly level?: number;
}

const classes = ['neutral', 'happy', 'sad', 'angry'] as const;
const channels = [5, 10];

interface PlannedClip {
  readonly clip: string;
  readonly speaker: string;
  readonly truth: number;
  readonly fold: number;
}

/** Writes the artifacts of made-up runs into a folder; gives what the stage `compare` is asked with. */
export async function writeRuns(
  folder: string,
  plan: Plan,
): Promise<{ readonly params: Request; readonly inputs: Sources['inputs'] }> {
  const seeds = plan.seeds ?? [1, 2, 3];
  const inputs = {
    clips: [] as InputFile[],
    scores: [] as InputFile[],
    predictions: [] as InputFile[],
    models: [] as InputFile[],
    history: [] as InputFile[],
  };
  let files = 0;
  const written = async (
    stage: string,
    write: (path: string) => Promise<void>,
    each: Record<string, number> = {},
  ): Promise<InputFile> => {
    const path = join(folder, `${String(++files)}.arrow`);
    await write(path);
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return { path, sha256, stage, each };
  };
  const all = clipsOf(plan);
  inputs.clips.push(await written('decode', (path) => writeCorpus(path, all, plan)));

  const evaluate = async (stage: string, network: readonly Prediction[]): Promise<void> => {
    const others = baselines(network, plan.loudness ?? 0.3);
    const facts = {
      classes: [...classes],
      level: plan.level ?? 0.95,
      draws: 10,
      by: plan.by ?? 'clip',
      speakersShared: plan.by === 'speaker' ? 0 : (plan.speakers ?? 8),
    } as const;
    const models = [network, ...others];
    inputs.scores.push(
      await written(stage, (path) => writeScores(path, facts, models.flatMap(scoresFor))),
    );
    inputs.predictions.push(
      await written(stage, (path) =>
        writePredictions(path, { classes: [...classes] }, models.flat()),
      ),
    );
  };

  const points: RequestedPoint[] = [];
  for (const [index, point] of plan.points.entries()) {
    const tested = point.fewerClips === true ? withoutLastSpeaker(all) : all;
    const runs: RequestedPoint['runs'][number][] = [];
    for (const seed of point.seeds ?? seeds) {
      const origin = plan.points.findIndex(({ label }) => label === (point.sameAs ?? point.label));
      const name = `p${String(origin + 1)}-s${String(seed)}`;
      const run = { seed, evaluate: `evaluate-${name}`, train: `train-${name}` };
      const turn = plan.dealtBySeed === true ? seed : 0;
      const clips = tested.map((clip, at) => ({
        ...clip,
        fold: turn === 0 ? clip.fold : ((at * (turn + 1)) % (plan.folds ?? 5)) + 1,
      }));
      const folds = [...new Set(clips.map(({ fold }) => fold))].sort((a, b) => a - b);
      const inner = plan.select === 'nested' ? folds : [];
      runs.push({
        ...run,
        inner: inner.map((fold) => ({ fold, evaluate: `${run.evaluate}-without-${String(fold)}` })),
      });
      if (point.sameAs !== undefined) continue;
      const salt = index * 1000 + seed;
      const collapsed = point.collapsedSeeds?.includes(seed) === true ? folds : point.collapsed;
      await evaluate(run.evaluate, predictions(clips, point.skill, salt, collapsed));
      for (const fold of inner) {
        const rest = clips.filter((clip) => clip.fold !== fold);
        const skill = point.innerSkill ?? point.skill;
        await evaluate(
          `${run.evaluate}-without-${String(fold)}`,
          predictions(rest, skill, salt + 500_000 + fold),
        );
      }
      for (const fold of folds) {
        inputs.models.push(await written(run.train, (path) => writeNetwork(path, fold), { fold }));
        inputs.history.push(await written(run.train, (path) => writeEpochs(path, fold), { fold }));
      }
    }
    points.push({ label: point.label, parameters: point.parameters, runs });
  }
  // Backwards: the order in which files are given says nothing.
  for (const of of Object.values(inputs)) of.reverse();
  return {
    params: {
      title: plan.title ?? 'lambda-channels',
      points,
      failed: plan.failed ?? [],
      baseline: plan.baseline ?? plan.points[0]!.label,
      select: plan.select ?? 'test',
      draws: plan.draws ?? 200,
      seed: 1,
      level: plan.level ?? 0.95,
    },
    inputs,
  };
}

function clipsOf({ speakers = 8, takes = 3, folds = 5, by = 'clip' }: Plan): PlannedClip[] {
  let made = 0;
  return Array.from({ length: speakers }, (_, speaker) =>
    classes.flatMap((name, truth) =>
      Array.from({ length: takes }, (_unused, take) => ({
        clip: `S${String(speaker + 1)}/${name}-${String(take + 1)}`,
        speaker: `S${String(speaker + 1)}`,
        truth,
        fold: ((by === 'speaker' ? speaker : made++) % folds) + 1,
      })),
    ),
  ).flat();
}

function withoutLastSpeaker(clips: readonly PlannedClip[]): PlannedClip[] {
  return clips.filter(({ speaker }) => speaker !== clips.at(-1)!.speaker);
}

/** Right with the probability `skill`, whoever speaks; otherwise any class. */
function predictions(
  clips: readonly PlannedClip[],
  skill: number,
  salt: number,
  collapsed: readonly number[] = [],
  model = 'network',
): Prediction[] {
  const random = randomStream({ seed: salt, stage: 'made up', fold: 0, purpose: 'shuffle' });
  return clips.map(({ clip, speaker, fold, truth }) => {
    const knows = random.uniform() < skill;
    const guess = random.below(classes.length);
    const predicted = collapsed.includes(fold) ? 3 : knows ? truth : guess;
    return {
      model,
      clip,
      speaker,
      fold,
      truth,
      predicted,
      probabilities: Float32Array.from(classes, (_, label) => (label === predicted ? 0.7 : 0.1)),
      attention: model === 'network' ? Float32Array.of(0.25, 0.75) : new Float32Array(0),
    };
  });
}

function baselines(network: readonly Prediction[], skill: number): Prediction[][] {
  const majority = network.map((row) => ({
    ...row,
    model: 'majority',
    predicted: 0,
    attention: new Float32Array(0),
  }));
  return [majority, predictions(network, skill, 77, [], 'loudness')];
}

function scoresFor(rows: readonly Prediction[]): Score[] {
  const folds = [...new Set(rows.map(({ fold }) => fold))].sort((a, b) => a - b);
  return [...folds, 0].map((fold) => {
    const inside = rows.filter((row) => fold === 0 || row.fold === fold);
    const confusion = confusionMatrix(
      inside.map(({ truth }) => truth),
      inside.map(({ predicted }) => predicted),
      classes.length,
    );
    const scores = scoresOf(confusion, classes.length);
    const { wa, uar } = scores;
    const ends = { waLow: wa, waHigh: wa, uarLow: uar, uarHigh: uar };
    const { model } = rows[0]!;
    return { model, fold, clips: inside.length, ...scores, ...ends, confusion, redraws: 0 };
  });
}

function writeNetwork(path: string, fold: number): Promise<void> {
  const facts = {
    classes: [...classes],
    fold,
    frames: 259,
    attention: 'equations',
    channels,
    kernels: [11, 5],
    strides: [4, 1],
    pools: [1, 2],
    poolSize: 3,
    poolStride: 2,
    lambda: 0.8,
    batch: 10,
    standardise: { mean: 0, deviation: 1 },
    backend: 'wasm',
  };
  return writeModel(path, facts, [
    { name: 'conv1', shape: Int32Array.of(2, 3), values: new Float32Array(6) },
    { name: 'bias1', shape: Int32Array.of(4), values: new Float32Array(4) },
  ]);
}

function writeEpochs(path: string, fold: number): Promise<void> {
  const scores = { loss: 1, trainAccuracy: 0.5, testAccuracy: 0.5, testUar: 0.5 };
  return writeHistory(path, { fold, backend: 'wasm' }, [
    { epoch: 1, ...scores },
    { epoch: 2, ...scores },
  ]);
}

function writeCorpus(path: string, clips: readonly PlannedClip[], plan: Plan): Promise<void> {
  const corpus = {
    name: 'Made up',
    layout: 'ravdess',
    synthetic: plan.synthetic ?? true,
    licence: 'CC0-1.0',
    citation: 'Nobody, 2026',
  };
  return writeClips(
    path,
    { corpus, classes: [...classes], rateHz: 44100, samples: 132300 },
    clips.map(({ clip, speaker, truth }) => ({
      clip,
      file: `${clip}.flac`,
      speaker,
      sex: 'unknown' as const,
      emotion: classes[truth]!,
      intensity: '',
      statement: '',
      repetition: 0,
      durationSeconds: 3.5,
      rateHz: 48000,
      channels: 1,
      lossy: false,
      fate: 'kept' as const,
      reason: '',
      label: truth,
    })),
  );
}

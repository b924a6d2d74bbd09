import { z } from 'zod';
import { readClips } from '../lib/artifacts/clips.ts';
import { writeFoldPredictions } from '../lib/artifacts/fold-predictions.ts';
import { readFolds } from '../lib/artifacts/folds.ts';
import { writeHistory } from '../lib/artifacts/history.ts';
import { loadMelMeans } from '../lib/artifacts/mel-means.ts';
import { writeModel } from '../lib/artifacts/model.ts';
import { randomStream } from '../lib/math/random.ts';
import type { Attention } from '../lib/model/attention/attention.ts';
import { attentions } from '../lib/model/attention/registry.ts';
import { chooseBackend } from '../lib/model/backends/auto.ts';
import type { Backend } from '../lib/model/backends/backend.ts';
import { backends } from '../lib/model/backends/registry.ts';
import { isModelError } from '../lib/model/errors.ts';
import { layerListIssue } from '../lib/model/layer-lists.ts';
import { layerShapes, NoPositionError, receptiveField } from '../lib/model/shapes.ts';
import { standardisation, standardised, unstandardised } from '../lib/model/standardise.ts';
import { train } from '../lib/model/training.ts';
import type { Clips } from '../lib/model/trainer.ts';
import { UserError } from '../lib/pipeline/errors.ts';
import {
  type Choices,
  type ParameterIssue,
  type Run,
  type UpstreamStage,
} from '../lib/pipeline/stage.ts';

export const summary = "trains the paper's network on all folds but one, and tests it on that one";

export const foreach = 'fold';
export const takesTurns = true;
export const leavesNothing = true;
export const parts = {
  attention: attentions as Choices<Attention>,
  backend: backends as Choices<Backend>,
};

export const parameters = () => {
  const layers = (least: number) => z.array(z.int().min(least)).min(1);
  return z
    .strictObject({
      attention: z
        .enum(['equations', 'authors'])
        .default('equations')
        .describe(
          "What weighs the positions: the paper's equations 1 to 4, or what the authors' code did instead",
        ),
      channels: layers(1)
        .default([5, 10, 20, 30])
        .describe('Output channels of each convolution; as many layers as values'),
      kernels: layers(1).default([11, 5, 3, 3]).describe('Positions that each kernel spans'),
      strides: layers(1)
        .default([4, 1, 1, 1])
        .describe('Positions from one application of each kernel to the next'),
      pools: z
        .array(z.int().min(1))
        .default([1, 2, 4])
        .describe('The layers, counted from 1, that a max-pooling follows'),
      poolSize: z.int().min(1).default(3).describe('Positions that a pooling spans'),
      poolStride: z.int().min(1).default(2).describe('Positions from one pooling to the next'),
      lambda: z
        .number()
        .min(0)
        .default(0.8)
        .describe('How sharply the attention chooses; 0 weighs all positions alike'),
      learningRate: z.number().positive().default(0.001).describe("Adam's step size"),
      batch: z.int().min(1).default(51).describe('Clips in a training step'),
      epochs: z.int().min(1).default(200).describe('Passes over the training clips'),
      seed: z.int().min(0).default(1).describe('Seed of the initial weights and of the shuffling'),
      shuffle: z
        .boolean()
        .default(true)
        .describe("Reorder the training clips before each epoch; false keeps the folds' order"),
      standardise: z
        .enum(['none', 'train-fold'])
        .default('train-fold')
        .describe(
          'train-fold: subtract the mean of all training values of the fold, divide by their deviation',
        ),
      backend: z
        .enum(['wasm', 'tfjs-wasm', 'tensorflow', 'cpu', 'auto'])
        .default('wasm')
        .describe(
          "What computes: wasm, the project's own engine, and tfjs-wasm give the same bits on every machine; auto is tensorflow where it loads, else wasm",
        ),
    })
    .superRefine((params, context) => {
      const issue = layerListIssue(params);
      if (issue !== undefined) context.addIssue({ code: 'custom', ...issue });
    });
};

export const reads = {
  means: 'mel-means.arrow',
  folds: 'folds.arrow',
  clips: 'clips.arrow',
} as const;
export const writes = {
  model: 'model.arrow',
  history: 'history.arrow',
  predictions: 'fold-predictions.arrow',
} as const;

type Params = z.output<ReturnType<typeof parameters>>;

/**
 * Turns `backend: auto` into the backend that it means on this machine.
 *
 * @param say is told, in a line, what was chosen and why
 */
export async function resolve(
  params: Params,
  say: (line: string) => void,
): Promise<Record<string, unknown>> {
  if (params.backend !== 'auto') return {};
  const { backend, why } = await chooseBackend();
  say(why);
  return { backend };
}

/** Refuses a network that leaves no position, by the length that the stages above give a clip. */
export function check(params: Params, upstream: readonly UpstreamStage[]): ParameterIssue[] {
  const frames = framesFrom(upstream);
  if (frames === undefined) return [];
  try {
    layerShapes(frames, params);
    return [];
  } catch (error) {
    if (!(error instanceof NoPositionError)) throw error;
    const message = `${error.message}. A clip has ${String(frames)} frames, by decode.duration, decode.rate and stft.hop.`;
    return [{ parameter: error.parameter, message }];
  }
}

export async function run(
  context: Run<typeof parameters, typeof reads, typeof writes, typeof parts>,
): Promise<void> {
  const { params, outputs, parts, progress, safePoint } = context;
  const fold = context.each['fold']!;
  const { classes, frames, training, test } = await readFold(context, fold);
  checkTraining(training.labels, classes, fold);

  try {
    const backend = await parts.backend.start();
    const scale = params.standardise === 'none' ? unstandardised : standardisation(training.values);
    const architecture = { ...params, frames, classes: classes.length };
    const stream = (purpose: 'init' | 'shuffle') =>
      randomStream({ seed: params.seed, stage: 'train', fold, purpose });
    const trained = await train({
      training: { ...training, values: standardised(training.values, scale) },
      test: { ...test, values: standardised(test.values, scale) },
      architecture,
      attention: parts.attention,
      backend,
      learningRate: params.learningRate,
      epochs: params.epochs,
      init: stream('init'),
      shuffle: params.shuffle ? stream('shuffle') : null,
      onEpoch: ({ epoch, loss, testUar }) => {
        const note = `loss ${loss.toFixed(3)} · UAR ${(100 * testUar).toFixed(1)} %`;
        progress(epoch, params.epochs, note);
      },
      safePoint,
    });

    const { attention, channels, kernels, strides, pools } = params;
    const { poolSize, poolStride, lambda, batch } = params;
    const layers = { channels, kernels, strides, pools, poolSize, poolStride };
    await writeModel(
      outputs.model,
      {
        classes,
        fold,
        frames,
        attention,
        ...layers,
        lambda,
        batch,
        standardise: scale,
        backend: backend.name,
      },
      trained.weights.map((weight) => ({ ...weight, shape: Int32Array.from(weight.shape) })),
    );
    await writeHistory(outputs.history, { fold, backend: backend.name }, trained.history);
    await writeFoldPredictions(
      outputs.predictions,
      { classes, fold, model: 'network', receptive: receptiveField(layers) },
      test.clips.map((clip, row) => ({
        clip,
        fold,
        truth: test.labels[row]!,
        predicted: trained.test.predicted[row]!,
        probabilities: trained.test.probabilities[row]!,
        attention: trained.test.attention[row]!,
      })),
    );
  } catch (error) {
    throw inUserWords(error, fold);
  }
}

interface Part extends Clips {
  readonly clips: readonly string[];
}

/** Both parts of a fold in the list's order: folds ascending, each by position. */
async function readFold(
  { inputs }: Run<typeof parameters, typeof reads, typeof writes, typeof parts>,
  fold: number,
): Promise<{ classes: readonly string[]; frames: number; training: Part; test: Part }> {
  const [means, folds, clips] = await Promise.all([
    loadMelMeans(inputs.means.path),
    readFolds(inputs.folds.path),
    readClips(inputs.clips.path),
  ]);
  const { frames } = means.facts;
  const meanDbOf = new Map(means.rows.map(({ clip, meanDb }) => [clip, meanDb]));
  const labelOf = new Map(clips.rows.map(({ clip, label }) => [clip, label]));
  const part = (rows: typeof folds.rows): Part => {
    const values = new Float32Array(rows.length * frames);
    const labels = new Int32Array(rows.length);
    rows.forEach(({ clip }, row) => {
      const meanDb = meanDbOf.get(clip);
      const label = labelOf.get(clip);
      if (meanDb === undefined || label === undefined) {
        throw new Error(`the folds hold the clip ${clip}, which clips or mel means do not`);
      }
      values.set(meanDb, row * frames);
      labels[row] = label;
    });
    return { clips: rows.map(({ clip }) => clip), values, labels };
  };
  return {
    classes: clips.facts.classes,
    frames,
    training: part(folds.rows.filter((row) => row.fold !== fold)),
    test: part(folds.rows.filter((row) => row.fold === fold)),
  };
}

function checkTraining(labels: Int32Array, classes: readonly string[], fold: number): void {
  const missing = classes.find((_, label) => !labels.includes(label));
  if (missing === undefined) return;
  throw new UserError(
    'fold-without-class',
    `train: fold ${String(fold)} leaves no clip of the class ${missing} to learn from: all of them are in that fold. Deal the clips otherwise (split.seed, split.stratify), or leave the class out of decode.emotions.`,
  );
}

function framesFrom(upstream: readonly UpstreamStage[]): number | undefined {
  const decode = upstream.findLast(({ use }) => use === 'decode')?.params;
  const stft = upstream.findLast(({ use }) => use === 'stft')?.params;
  if (decode === undefined || stft === undefined) return undefined;
  const samples = Math.trunc(Number(decode['duration']) * Number(decode['rate']));
  const within = stft['centre'] === false ? samples - Number(stft['size']) : samples;
  return 1 + Math.floor(within / Number(stft['hop']));
}

/** lib/model knows nothing of users: what it foresaw is put here into their words. */
function inUserWords(error: unknown, fold: number): unknown {
  if (error instanceof NoPositionError) {
    return new UserError('no-position', `train.${error.parameter}: ${error.message}.`);
  }
  if (!isModelError(error)) return error;
  const advice = {
    'attention-without-layers': 'Set train.backend to tfjs-wasm, tensorflow or cpu.',
    'backend-does-not-load': 'Set train.backend to wasm, which needs nothing, or to auto.',
    'constant-input': 'Listen to the clips, or set train.standardise to none.',
    'training-diverged': 'Set train.learningRate lower.',
  }[error.code];
  const everywhere = ['attention-without-layers', 'backend-does-not-load'].includes(error.code);
  const where = everywhere ? 'train' : `train, fold ${String(fold)}`;
  return new UserError(error.code, `${where}: ${error.message}. ${advice}`, { cause: error });
}

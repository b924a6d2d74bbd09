import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeClips, type Clip } from '../../lib/artifacts/clips.ts';
import { readFoldPredictions } from '../../lib/artifacts/fold-predictions.ts';
import { writeFolds } from '../../lib/artifacts/folds.ts';
import { readHistory } from '../../lib/artifacts/history.ts';
import { writeMelMeans } from '../../lib/artifacts/mel-means.ts';
import { readModel } from '../../lib/artifacts/model.ts';
import type { Attention } from '../../lib/model/attention/attention.ts';
import * as authors from '../../lib/model/attention/authors.ts';
import * as equations from '../../lib/model/attention/equations.ts';
import type { Backend } from '../../lib/model/backends/backend.ts';
import { doesNotLoad } from '../../lib/model/tfjs/start.ts';
import * as wasm from '../../lib/model/backends/wasm.ts';
import { parameters, run } from '../../stages/train.ts';
import { corpusFacts, inputFile, smallCorpus, surroundings } from './small-corpus.ts';

const frames = 40;
const smallNetwork = {
  channels: [3, 4],
  kernels: [5, 3],
  strides: [2, 1],
  pools: [1],
  batch: 8,
  epochs: 4,
};
const kept = smallCorpus().filter(({ fate }) => fate === 'kept');

let folder = '';
const file = (name: string): string => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'train-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Setting {
  readonly params?: Record<string, unknown>;
  /** Which fold tests a clip. */
  readonly foldOf?: (clip: Clip) => number;
  readonly meanDb?: (clip: Clip, frame: number) => number;
  readonly attention?: Attention;
  readonly backend?: Backend;
  readonly safePoint?: () => Promise<void>;
  readonly progress?: (done: number, total: number, note?: string) => void;
}

/** Runs the stage for fold 1 of two on six speakers' clips. */
async function trainFold({
  params = {},
  foldOf = ({ repetition }) => repetition,
  meanDb = ({ label }, frame) => -40 + 8 * label + (frame % (label + 2)),
  attention,
  backend = wasm,
  safePoint = () => Promise.resolve(),
  progress = () => undefined,
}: Setting = {}): Promise<void> {
  await writeClips(file('clips.arrow'), corpusFacts, smallCorpus());
  await writeMelMeans(
    file('mel-means.arrow'),
    { frames, bands: 128, fmin: 0, fmax: 8000, hopSeconds: 512 / 44100, centred: true },
    kept.map((clip) => ({
      clip: clip.clip,
      meanDb: Float32Array.from({ length: frames }, (_, frame) => meanDb(clip, frame)),
    })),
  );
  await writeFolds(
    file('folds.arrow'),
    { folds: 2, by: 'list', seed: 1, stratify: false, speakersShared: 6 },
    [1, 2].flatMap((fold) =>
      kept
        .filter((clip) => foldOf(clip) === fold)
        .map(({ clip }, position) => ({ clip, fold, position })),
    ),
  );
  const parsed = parameters().parse({ ...smallNetwork, ...params });
  await run({
    ...surroundings(),
    params: parsed,
    parts: { attention: attention ?? { equations, authors }[parsed.attention], backend },
    each: { fold: 1 },
    inputs: {
      means: inputFile(file('mel-means.arrow'), 'mel'),
      folds: inputFile(file('folds.arrow'), 'split'),
      clips: inputFile(file('clips.arrow'), 'decode'),
    },
    outputs: {
      model: file('model.arrow'),
      history: file('history.arrow'),
      predictions: file('fold-predictions.arrow'),
    },
    progress,
    safePoint,
  });
}

describe('train', () => {
  test('writes the model, each epoch, and what the model says of every clip of its fold', async () => {
    const told: string[] = [];
    await trainFold({
      progress: (done, total, note) =>
        told.push(`${String(done)}/${String(total)} ${String(note)}`),
    });

    const model = await readModel(file('model.arrow'));
    expect(model.facts).toEqual({
      classes: ['neutral', 'happy', 'sad'],
      fold: 1,
      frames,
      attention: 'equations',
      channels: [3, 4],
      kernels: [5, 3],
      strides: [2, 1],
      pools: [1],
      poolSize: 3,
      poolStride: 2,
      lambda: 0.8,
      batch: 8,
      standardise: { mean: expect.any(Number) as number, deviation: expect.any(Number) as number },
      backend: 'wasm',
    });
    expect(model.rows.map(({ name, shape }) => [name, Array.from(shape)])).toEqual([
      ['convolution-1/W', [5, 1, 3]],
      ['convolution-1/b', [3]],
      ['convolution-2/W', [3, 3, 4]],
      ['convolution-2/b', [4]],
      ['attention/W', [4, 4]],
      ['attention/b', [4]],
      ['attention/u', [4, 1]],
      ['classes/W', [4, 3]],
      ['classes/b', [3]],
    ]);

    const history = await readHistory(file('history.arrow'));
    expect(history.facts).toEqual({ fold: 1, backend: 'wasm' });
    expect(history.rows.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(told).toEqual(
      history.rows.map(
        ({ epoch, loss, testUar }) =>
          `${String(epoch)}/4 loss ${loss.toFixed(3)} · UAR ${(100 * testUar).toFixed(1)} %`,
      ),
    );

    const predictions = await readFoldPredictions(file('fold-predictions.arrow'));
    expect(predictions.facts).toEqual({
      classes: ['neutral', 'happy', 'sad'],
      fold: 1,
      model: 'network',
      receptive: { frames: 17, stride: 4 },
    });
    const tested = kept.filter(({ repetition }) => repetition === 1);
    expect(predictions.rows.map(({ clip, fold, truth }) => ({ clip, fold, truth }))).toEqual(
      tested.map(({ clip, label }) => ({ clip, fold: 1, truth: label })),
    );
    for (const { predicted, probabilities, attention } of predictions.rows) {
      expect(probabilities).toHaveLength(3);
      expect(probabilities[predicted]).toBe(Math.max(...probabilities));
      expect(attention).toHaveLength(6);
    }
    const right = predictions.rows.filter(({ truth, predicted }) => truth === predicted).length;
    expect(history.rows.at(-1)!.testAccuracy).toBe(right / tested.length);
  });

  test('writes the same bytes again', async () => {
    const written = async (): Promise<Buffer[]> => {
      await trainFold();
      const names = ['model.arrow', 'history.arrow', 'fold-predictions.arrow'];
      const bytes = await Promise.all(names.map((name) => readFile(file(name))));
      await Promise.all(names.map((name) => rm(file(name))));
      return bytes;
    };
    expect(await written()).toEqual(await written());
  });

  test("keeps no attention of the authors' code, whose weights belong to no position", async () => {
    await trainFold({ params: { attention: 'authors' } });
    const { rows } = await readFoldPredictions(file('fold-predictions.arrow'));
    expect(new Set(rows.map(({ attention }) => attention.length))).toEqual(new Set([0]));
  });

  test('standardises by the training part of the fold alone, or not at all', async () => {
    const loud = ({ repetition }: Clip, frame: number): number =>
      repetition === 2 ? (frame % 2 === 0 ? -10 : -30) : 0;
    await trainFold({ meanDb: loud });
    expect((await readModel(file('model.arrow'))).facts.standardise).toEqual({
      mean: -20,
      deviation: 10,
    });
    await Promise.all(
      ['model', 'history', 'fold-predictions'].map((name) => rm(file(`${name}.arrow`))),
    );
    await trainFold({ meanDb: loud, params: { standardise: 'none' } });
    expect((await readModel(file('model.arrow'))).facts.standardise).toEqual({
      mean: 0,
      deviation: 1,
    });
  });

  test('depends on the seed, and on shuffling', async () => {
    const losses = async (params: Record<string, unknown>): Promise<string> => {
      await trainFold({ params });
      const { rows } = await readHistory(file('history.arrow'));
      await Promise.all(
        ['model', 'history', 'fold-predictions'].map((name) => rm(file(`${name}.arrow`))),
      );
      return rows.map(({ loss }) => loss).join();
    };
    const all = [await losses({}), await losses({ seed: 2 }), await losses({ shuffle: false })];
    expect(new Set(all).size).toBe(3);
  });

  test('writes nothing once it is interrupted', async () => {
    let epochs = 0;
    const training = trainFold({
      params: { epochs: 1000 },
      safePoint: () => (epochs < 2 ? Promise.resolve() : Promise.reject(new Error('enough'))),
      progress: (done) => {
        epochs = done;
      },
    });
    await expect(training).rejects.toThrow('enough');
    expect((await readdir(folder)).sort()).toEqual([
      'clips.arrow',
      'folds.arrow',
      'mel-means.arrow',
    ]);
  });
});

describe('train says what is wrong', () => {
  test('when a fold leaves no clip of a class to learn from', async () => {
    await expect(trainFold({ foldOf: ({ label }) => (label === 2 ? 1 : 2) })).rejects.toMatchObject(
      {
        code: 'fold-without-class',
        message:
          'train: fold 1 leaves no clip of the class sad to learn from: all of them are in that fold. Deal the clips otherwise (split.seed, split.stratify), or leave the class out of decode.emotions.',
      },
    );
  });

  test('when all clips are silent', async () => {
    await expect(trainFold({ meanDb: () => -100 })).rejects.toMatchObject({
      code: 'constant-input',
      message:
        'train, fold 1: every value of the training clips is -100: there is nothing to learn from. Listen to the clips, or set train.standardise to none.',
    });
  });

  test('when the learning rate is too high', async () => {
    await expect(trainFold({ params: { learningRate: 1e38 } })).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(
        /^train, fold 1: the loss stopped being a number in epoch \d: a learning rate of 1e\+38 is too high for this network\. Set train\.learningRate lower\.$/,
      ) as string,
    });
  });

  test('when the backend does not load', async () => {
    const backend: Backend = {
      start: () =>
        Promise.reject(doesNotLoad('tensorflow', '@tensorflow/tfjs-node is not installed')),
    };
    await expect(trainFold({ backend })).rejects.toMatchObject({
      name: 'UserError',
      code: 'backend-does-not-load',
      message:
        'train: the backend tensorflow does not load: @tensorflow/tfjs-node is not installed. Set train.backend to wasm, which needs nothing, or to auto.',
    });
  });

  test('when the backend has no layers for the attention', async () => {
    await expect(
      trainFold({ attention: { parameters: equations.parameters, attend: equations.attend } }),
    ).rejects.toMatchObject({
      name: 'UserError',
      code: 'attention-without-layers',
      message:
        'train: the backend wasm has no layers for this attention, only TF.js has. Set train.backend to tfjs-wasm, tensorflow or cpu.',
    });
  });

  test('when the clips turn out too short for the network', async () => {
    await expect(trainFold({ params: { kernels: [41, 3] } })).rejects.toMatchObject({
      code: 'no-position',
      message:
        'train.kernels: layer 1 leaves no position: its kernel spans 41, and a clip has 40 frames.',
    });
  });
});

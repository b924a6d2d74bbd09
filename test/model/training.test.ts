import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../lib/model/backends/backend.ts';
import * as cpu from '../../lib/model/backends/cpu.ts';
import * as tfjsWasm from '../../lib/model/backends/tfjs-wasm.ts';
import * as wasm from '../../lib/model/backends/wasm.ts';
import { train, type Epoch } from '../../lib/model/training.ts';
import {
  attentionModules,
  madeUpClips,
  paper,
  small,
  stirredWeights,
  stream,
} from './small-networks.ts';
import { smallTraining, smallTrainingHash } from './small-training.ts';

describe.each(['equations', 'authors'] as const)('training with %s', (attention) => {
  const module = attentionModules[attention];

  /** The losses of `steps` steps of the paper's network on batches of `batch` clips. */
  const losses = async (backend: Backend, steps: number, batch: number): Promise<number[]> => {
    const { trainer } = await backend.start();
    const trained = trainer({
      architecture: { ...paper, batch },
      attention: module,
      weights: stirredWeights({ ...paper, batch }, module, 1),
      learningRate: 0.001,
    });
    const clips = madeUpClips(8 * batch, paper, 2);
    return Array.from({ length: steps }, (_, i) => {
      const start = (i % 8) * batch;
      return trained.step(
        clips,
        Array.from({ length: batch }, (__, place) => start + place),
      ).loss;
    });
  };

  const largestDifference = (some: readonly number[], others: readonly number[]): number =>
    Math.max(...some.map((loss, i) => Math.abs(loss - others[i]!) / others[i]!));

  test('loses as much on wasm as on TF.js, over 200 steps, to 1 in 10,000', async () => {
    const onWasm = await losses(wasm, 200, 51);
    const onTfjs = await losses(tfjsWasm, 200, 51);
    expect(onWasm.at(-1)).toBeLessThan(onWasm[0]!);
    expect(largestDifference(onWasm, onTfjs)).toBeLessThan(1e-4);
  });

  test("loses as much on TF.js's wasm as on its cpu, over 30 steps, to 1 in 100,000", async () => {
    const onWasm = await losses(tfjsWasm, 30, 6);
    const onCpu = await losses(cpu, 30, 6);
    expect(largestDifference(onWasm, onCpu)).toBeLessThan(1e-5);
  });

  test('leaves no tensor behind in 1,000 steps of TF.js', async () => {
    const { trainer } = await tfjsWasm.start();
    const trained = trainer({
      architecture: small,
      attention: module,
      weights: stirredWeights(small, module, 1),
      learningRate: 0.001,
    });
    const clips = madeUpClips(small.batch, small, 2);
    const rows = Array.from(clips.labels, (_, row) => row);
    trained.step(clips, rows);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 1000; i++) trained.step(clips, rows);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  // on every machine and every Node: a change of these is a change of what the product computes
  test.each([
    {
      name: 'wasm',
      backend: wasm,
      start: 'startWasm',
      pinned: {
        equations: '5b29574243faf2e83679c063bb10b8c8122ef2dbc3df5cd697b7ed072bebc644',
        authors: 'fa9e92dd20b36eedeb8495d53c882ad3033758c9a579ad5fd28c9bec1e573c45',
      },
    },
    {
      name: 'tfjs-wasm',
      backend: tfjsWasm,
      start: 'startTfjsWasm',
      pinned: {
        equations: '83150520d15512b0bc163821af7908f3ba029d2b7be2ff829470f1dc4f083f5f',
        authors: 'f43a25fb12dabea700a43e5f320d5c1ea7284b2b9b6204ea1c35be405fb022e6',
      },
    },
  ])(
    'gives the same weights, bit by bit, in this process, another and on any machine: $name',
    async ({ backend, start, pinned }) => {
      const here = smallTrainingHash(await smallTraining(attention, await backend.start()));
      const again = smallTrainingHash(await smallTraining(attention, await backend.start()));
      expect(again).toBe(here);
      expect(await inAnotherProcess(attention, start)).toBe(here);
      expect(here).toBe(pinned[attention]);
    },
  );
});

const request = async (): Promise<Parameters<typeof train>[0]> => ({
  backend: await wasm.start(),
  training: madeUpClips(23, small, 1),
  test: madeUpClips(11, small, 2),
  architecture: small,
  attention: attentionModules.equations,
  learningRate: 0.001,
  epochs: 3,
  init: { ...constantRandom },
  shuffle: null,
  onEpoch: () => undefined,
  safePoint: () => Promise.resolve(),
});

/** A generator that always draws the same: what training does beside it is then plain to see. */
const constantRandom = {
  nextUint32: () => 0x4000_0000,
  uniform: () => 0.75,
  normal: () => 0.5,
  below: () => 0,
  shuffle: <T>(items: T[]): T[] => items.reverse(),
};

describe('training', () => {
  test('tells of each epoch, and remembers what it told', async () => {
    const told: Epoch[] = [];
    const { history } = await train({ ...(await request()), onEpoch: (epoch) => told.push(epoch) });
    expect(history).toEqual(told);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const { loss, trainAccuracy, testAccuracy, testUar } of history) {
      expect(loss).toBeGreaterThan(0);
      for (const share of [trainAccuracy, testAccuracy, testUar]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }
  });

  test('gives the loss as the mean over clips: before the first step, that of the first weights', async () => {
    const oneBatch = { ...small, batch: 23 };
    const { history } = await train({ ...(await request()), architecture: oneBatch, epochs: 1 });
    // all weights alike make all classes alike
    expect(history[0]!.loss).toBeCloseTo(Math.log(small.classes), 6);
  });

  test('learns what can be learned', async () => {
    const { history } = await train({
      ...(await request()),
      ...{ training: madeUpClips(60, small, 1), test: madeUpClips(40, small, 2) },
      init: stream(4),
      learningRate: 0.01,
      epochs: 40,
    });
    expect(history.at(-1)!.testUar).toBeGreaterThan(0.8);
  });

  test('keeps the order of the list unless it is given a stream to shuffle by', async () => {
    const kept = await train(await request());
    const shuffled = await train({ ...(await request()), shuffle: { ...constantRandom } });
    expect(shuffled.history[0]!.loss).not.toBe(kept.history[0]!.loss);
  });

  test('comes to a safe point every few batches, and ends with what that throws', async () => {
    const reason = new Error('enough');
    let epochs = 0;
    const training = train({
      ...(await request()),
      ...{
        architecture: paper,
        training: madeUpClips(23, paper, 1),
        test: madeUpClips(3, paper, 2),
      },
      epochs: 1000,
      safePoint: () => (epochs < 2 ? Promise.resolve() : Promise.reject(reason)),
      onEpoch: () => {
        epochs += 1;
      },
    });
    await expect(training).rejects.toBe(reason);
    expect(epochs).toBeLessThan(100);
  });

  test('says so when the loss stops being a number', async () => {
    await expect(train({ ...(await request()), learningRate: 1e38 })).rejects.toMatchObject({
      name: 'ModelError',
      code: 'training-diverged',
      message: expect.stringMatching(
        /^the loss stopped being a number in epoch [123]: a learning rate of 1e\+38 is too high for this network$/,
      ) as string,
    });
  });
});

/** The hash as a bundle made by esbuild computes it, packages left outside, as the pipeline runs it. */
async function inAnotherProcess(attention: string, start: string): Promise<string> {
  const root = path.resolve(import.meta.dirname, '../..');
  const folder = await mkdtemp(path.join(root, 'node_modules', '.small-training-'));
  try {
    const outfile = path.join(folder, 'bundle.mjs');
    await build({
      entryPoints: [path.join(root, 'test/model/small-training.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile,
    });
    const script = `
      const { smallTraining, smallTrainingHash, ...starts } = await import(process.argv[1]);
      const backend = await starts[process.argv[3]]();
      process.stdout.write(smallTrainingHash(await smallTraining(process.argv[2], backend)));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      outfile,
      attention,
      start,
    ]);
    // TF.js greets whoever uses it in Node: not here
    expect(stderr).toBe('');
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

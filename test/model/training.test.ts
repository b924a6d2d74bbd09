import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { beforeEach, describe, expect, test } from 'vitest';
import { adam } from '../../lib/model/adam.ts';
import * as cpu from '../../lib/model/backends/cpu.ts';
import * as wasm from '../../lib/model/backends/wasm.ts';
import { step, train, type Epoch } from '../../lib/model/training.ts';
import {
  attentionModules,
  madeUpClips,
  paper,
  small,
  stirredWeights,
  stream,
} from './small-networks.ts';
import { smallTraining, smallTrainingHash } from './small-training.ts';

beforeEach(async () => {
  await wasm.start();
});

describe.each(['equations', 'authors'] as const)('training with %s', (attention) => {
  const module = attentionModules[attention];

  /** The losses of `steps` steps of the paper's network on one batch, a small one: cpu is slow. */
  const losses = (steps: number): number[] => {
    const store = stirredWeights(paper, module, 1);
    const clips = madeUpClips(6, paper, 2);
    const optimiser = adam(store.flat.length, 0.001);
    return Array.from({ length: steps }, () => step(store, clips, paper, module, optimiser).loss);
  };

  test('loses as much on wasm as on cpu, over 30 steps, to 1 in 100,000', async () => {
    const onWasm = losses(30);
    await cpu.start();
    const onCpu = losses(30);
    expect(onWasm.at(-1)).toBeLessThan(onWasm[0]!);
    onCpu.forEach((loss, i) => {
      expect(Math.abs(onWasm[i]! - loss) / loss).toBeLessThan(1e-5);
    });
  });

  test('leaves no tensor behind in 1,000 steps', () => {
    const store = stirredWeights(small, module, 1);
    const clips = madeUpClips(small.batch, small, 2);
    const optimiser = adam(store.flat.length, 0.001);
    step(store, clips, small, module, optimiser);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 1000; i++) step(store, clips, small, module, optimiser);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  test('gives the same weights, bit by bit, in this process, another and on any machine', async () => {
    const here = smallTrainingHash(await smallTraining(attention));
    const again = smallTrainingHash(await smallTraining(attention));
    expect(again).toBe(here);
    expect(await inAnotherProcess(attention)).toBe(here);
    // on every machine: a change of these is a change of what the product computes
    expect(here).toBe(
      {
        equations: '83150520d15512b0bc163821af7908f3ba029d2b7be2ff829470f1dc4f083f5f',
        authors: 'f43a25fb12dabea700a43e5f320d5c1ea7284b2b9b6204ea1c35be405fb022e6',
      }[attention],
    );
  });
});

const request = (): Parameters<typeof train>[0] => ({
  training: madeUpClips(23, small, 1),
  test: madeUpClips(11, small, 2),
  architecture: small,
  attention: attentionModules.equations,
  learningRate: 0.001,
  epochs: 3,
  init: { ...constantRandom },
  shuffle: null,
  onEpoch: () => undefined,
  signal: new AbortController().signal,
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
    const { history } = await train({ ...request(), onEpoch: (epoch) => told.push(epoch) });
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
    const { history } = await train({ ...request(), architecture: oneBatch, epochs: 1 });
    // all weights alike make all classes alike
    expect(history[0]!.loss).toBeCloseTo(Math.log(small.classes), 6);
  });

  test('learns what can be learned', async () => {
    const { history } = await train({
      ...request(),
      ...{ training: madeUpClips(60, small, 1), test: madeUpClips(40, small, 2) },
      init: stream(4),
      learningRate: 0.01,
      epochs: 40,
    });
    expect(history.at(-1)!.testUar).toBeGreaterThan(0.8);
  });

  test('keeps the order of the list unless it is given a stream to shuffle by', async () => {
    const kept = await train(request());
    const shuffled = await train({ ...request(), shuffle: { ...constantRandom } });
    expect(shuffled.history[0]!.loss).not.toBe(kept.history[0]!.loss);
  });

  test('stops between two batches once the signal is aborted, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let epochs = 0;
    const training = train({
      ...request(),
      epochs: 1000,
      signal: controller.signal,
      onEpoch: () => {
        epochs += 1;
        if (epochs === 2) setTimeout(() => controller.abort(reason), 0);
      },
    });
    await expect(training).rejects.toBe(reason);
    expect(epochs).toBeLessThan(20);
  });

  test('says so when the loss stops being a number', async () => {
    await expect(train({ ...request(), learningRate: 1e38 })).rejects.toMatchObject({
      name: 'ModelError',
      code: 'training-diverged',
      message: expect.stringMatching(
        /^the loss stopped being a number in epoch [123]: a learning rate of 1e\+38 is too high for this network$/,
      ) as string,
    });
  });
});

/** The hash as a bundle made by esbuild computes it, packages left outside, as the pipeline runs it. */
async function inAnotherProcess(attention: string): Promise<string> {
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
      const { smallTraining, smallTrainingHash, start } = await import(process.argv[1]);
      await start();
      process.stdout.write(smallTrainingHash(await smallTraining(process.argv[2])));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      outfile,
      attention,
    ]);
    // TF.js greets whoever uses it in Node: not here
    expect(stderr).toBe('');
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

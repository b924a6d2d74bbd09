import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as cpu from '../../../lib/model/backends/cpu.ts';
import { batchNormalisation } from '../../../lib/model/engine/layers/batch-normalisation.ts';
import { convolution } from '../../../lib/model/engine/layers/convolution.ts';
import { maxPooling } from '../../../lib/model/engine/layers/max-pooling.ts';
import { positionAttention } from '../../../lib/model/engine/layers/position-attention.ts';
import { tanh } from '../../../lib/model/engine/layers/tanh.ts';
import type { Plan } from '../../../lib/model/engine/plan.ts';
import type { Signal } from '../../../lib/model/engine/signal.ts';
import * as equations from '../../../lib/model/attention/equations.ts';
import * as authors from '../../../lib/model/attention/authors.ts';
import { randomStream, type Random } from '../../../lib/math/random.ts';
import { difference, normal, onEngine, onTfjs, sizeOf, type LayerCase } from './layer-harness.ts';

/** Of each layer, so many shapes drawn at random; their number is their seed. */
const SHAPES = Array.from({ length: 25 }, (_, i) => i + 1);
const TOLERANCE = 1e-5;

beforeAll(async () => {
  await cpu.start();
});

type Layers = (plan: Plan, input: Signal) => Signal;
type Reference = (x: tf.Tensor4D, ...parameters: tf.Tensor[]) => tf.Tensor;

/** Values, gradients by the input and by every parameter. */
function expectTheSame(trial: LayerCase, layers: Layers, reference: Reference): void {
  const got = onEngine(trial, layers);
  const expected = onTfjs(trial, got.parameters, got.byOutput, reference);
  expect(difference(got.values, expected.values)).toBeLessThan(TOLERANCE);
  expect(difference(got.byInput, expected.byInput)).toBeLessThan(TOLERANCE);
  got.byParameters.forEach(({ name, values }, i) => {
    const apart = difference(values, expected.byParameters[i]!.values);
    expect({ name, apart: apart < TOLERANCE ? 'little' : apart }).toEqual({
      name,
      apart: 'little',
    });
  });
}

function random(seed: number): Random {
  return randomStream({ seed, stage: 'engine', fold: 0, purpose: 'init' });
}

/** @param least the smallest height and width */
function trialOf(draw: Random, dimensions: 1 | 2, least = 1): LayerCase {
  const shape = {
    height: dimensions === 1 ? 1 : least + draw.below(9),
    width: least + draw.below(14),
    channels: 1 + draw.below(21),
  };
  const clips = 1 + draw.below(4);
  return { clips, shape, input: normal(draw, clips * sizeOf(shape)), random: draw };
}

describe.each([1, 2] as const)('in %i dimensions, as TF.js has it, is', (dimensions) => {
  const span = (draw: Random, most: number): [number, number] => [
    dimensions === 1 ? 1 : 1 + draw.below(most),
    1 + draw.below(most),
  ];

  test.each(SHAPES)('a convolution, valid or same, with or without bias and ReLU (%i)', (seed) => {
    const draw = random(seed);
    const trial = trialOf(draw, dimensions, 5);
    const kernel = span(draw, 5);
    const strides = span(draw, 3);
    const channels = 1 + draw.below(33);
    const padding = draw.below(2) === 0 ? 'valid' : 'same';
    const bias = draw.below(2) === 0 ? {} : { bias: 'b' };
    const rectify = draw.below(2) === 0;
    expectTheSame(
      trial,
      (plan, input) =>
        convolution(plan, input, {
          ...{ weights: 'W', channels, kernel, strides, padding, rectify },
          ...bias,
        }),
      (x, W, ...biases) => {
        const y = tf.conv2d(x, W as tf.Tensor4D, strides, padding);
        const z = biases.reduce<tf.Tensor>((sum, b) => tf.add(sum, b), y);
        return rectify ? tf.relu(z) : z;
      },
    );
  });

  test.each(SHAPES)('max-pooling of what a rectified convolution gives (%i)', (seed) => {
    const draw = random(seed);
    const trial = trialOf(draw, dimensions, 4);
    const size = span(draw, 3);
    const strides = span(draw, 3);
    const channels = 1 + draw.below(13);
    expectTheSame(
      trial,
      (plan, input) => {
        const options = { weights: 'W', bias: 'b', channels, kernel: [1, 1] as const };
        const rectified = convolution(plan, input, { ...options, rectify: true });
        return maxPooling(plan, rectified, { size, strides });
      },
      (x, W, b) =>
        tf.maxPool(
          tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, W as tf.Tensor4D, 1, 'valid'), b)),
          size,
          strides,
          'valid',
        ),
    );
  });

  test.each(SHAPES)('batch normalisation, training, with and without ReLU (%i)', (seed) => {
    const draw = random(seed);
    const trial = { ...trialOf(draw, dimensions, 3), clips: 3 };
    const input = normal(draw, 3 * sizeOf(trial.shape)).map((value) => 5 + 2 * value);
    const rectify = draw.below(2) === 0;
    expectTheSame(
      { ...trial, input },
      (plan, source) =>
        batchNormalisation(plan, source, { scale: 'scale', shift: 'shift', rectify }).output,
      (x, scale, shift) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        const centred = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
        const y = tf.add(tf.mul(centred, scale), shift);
        return rectify ? tf.relu(y) : y;
      },
    );
  });

  test.each(SHAPES.slice(0, 8))(
    'layers one after another, each with borders of its own (%i)',
    (seed) => {
      const draw = random(seed);
      const trial = trialOf(draw, dimensions, 6);
      const [first, second] = [span(draw, 4), span(draw, 4)];
      const strides = span(draw, 2);
      expectTheSame(
        trial,
        (plan, input) => {
          const same = { padding: 'same', rectify: true } as const;
          const a = convolution(plan, input, { weights: 'V', channels: 5, kernel: first, ...same });
          const b = tanh(plan, a);
          const options = { weights: 'W', channels: 6, kernel: second, strides, ...same };
          return tanh(plan, convolution(plan, b, options));
        },
        (x, V, W) => {
          const a = tf.tanh(tf.relu(tf.conv2d(x, V as tf.Tensor4D, 1, 'same')));
          return tf.tanh(tf.relu(tf.conv2d(a, W as tf.Tensor4D, strides, 'same')));
        },
      );
    },
  );

  test.each(SHAPES.slice(0, 8))('the attention of equations 1 to 4 (%i)', (seed) => {
    const trial = trialOf(random(seed), dimensions, 2);
    const { height, width, channels } = trial.shape;
    const lambda = 0.3 + 0.1 * seed;
    // small enough for tanh to be no step
    const parameter = (_: string, size: number): Float32Array =>
      normal(trial.random, size).map((value) => 0.3 * value);
    expectTheSame(
      { ...trial, parameter },
      (plan, input) =>
        positionAttention(plan, input, { hidden: 'W', bias: 'b', scorer: 'u', lambda }).sum,
      (x, W, b, u) => {
        const a = tf.reshape(x, [-1, channels]);
        const hidden = tf.tanh(tf.add(tf.matMul(a, tf.reshape(W, [channels, channels])), b));
        const e = tf.reshape(tf.matMul(hidden, u as tf.Tensor2D), [trial.clips, height * width]);
        const alpha = tf.reshape(tf.softmax(tf.mul(e, lambda)), [trial.clips, 1, height * width]);
        return tf.matMul(alpha, tf.reshape(x, [trial.clips, height * width, channels]));
      },
    );
  });
});

describe('as TF.js has it are the logits of', () => {
  test.each(SHAPES.slice(0, 8))('the equations (%i)', (seed) => {
    const trial = trialOf(random(seed), 1, 2);
    const { width, channels } = trial.shape;
    expectTheSame(
      trial,
      (plan, input) => equations.planned(plan, input, 4, 0.8).logits,
      (x, W, b, u, V, c) => {
        const weights = {
          ...{ 'attention/W': tf.reshape(W, [channels, channels]), 'attention/b': b },
          ...{ 'attention/u': u, 'classes/W': tf.reshape(V, [channels, 4]), 'classes/b': c },
        };
        const positions: tf.Tensor3D = tf.reshape(x, [trial.clips, width, channels]);
        return equations.attend(tf, positions, weights, 0.8).logits;
      },
    );
  });

  test.each(SHAPES.slice(0, 8))("the authors' code (%i)", (seed) => {
    const trial = trialOf(random(seed), 1, 2);
    const { width, channels } = trial.shape;
    const parameter = (_: string, size: number): Float32Array =>
      normal(trial.random, size).map((value) => 0.3 * value);
    expectTheSame(
      { ...trial, parameter },
      (plan, input) => authors.planned(plan, input, 4, 0.8).logits,
      (x, W, b, u) => {
        const weights = {
          'dense/W': tf.reshape(W, [width * channels, 4]),
          'dense/b': b,
          'attention/u': u,
        };
        const positions: tf.Tensor3D = tf.reshape(x, [trial.clips, width, channels]);
        return authors.attend(tf, positions, weights, 0.8).logits;
      },
    );
  });
});

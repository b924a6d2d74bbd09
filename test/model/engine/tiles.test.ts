import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { randomStream, type Random } from '../../../lib/math/random.ts';
import * as cpu from '../../../lib/model/backends/cpu.ts';
import { geometryOf } from '../../../lib/model/engine/layers/convolution-geometry.ts';
import { isTiled } from '../../../lib/model/engine/layers/convolution-tiles.ts';
import { convolution } from '../../../lib/model/engine/layers/convolution.ts';
import { maxPooling } from '../../../lib/model/engine/layers/max-pooling.ts';
import type { Weight } from '../../../lib/model/weights.ts';
import {
  difference,
  normal,
  onEngine,
  onTfjs,
  sizeOf,
  write,
  type Computed,
  type LayerCase,
} from './layer-harness.ts';

const SHAPES = Array.from({ length: 20 }, (_, i) => i + 1);
const TOLERANCE = 1e-5;
const kernel = [3, 3] as const;

beforeAll(async () => {
  await cpu.start();
});

function random(seed: number): Random {
  return randomStream({ seed, stage: 'engine', fold: 1, purpose: 'init' });
}

/** Enough channels for tiles, in fours; @param least the smallest height and width */
function trialOf(draw: Random, least: number): LayerCase {
  const shape = {
    height: least + draw.below(8),
    width: least + draw.below(11),
    channels: 16 + 4 * draw.below(5),
  };
  const clips = 1 + draw.below(3);
  return { clips, shape, input: normal(draw, clips * sizeOf(shape)), random: draw };
}

function largest(got: Computed, expected: Computed): number {
  return Math.max(
    difference(got.values, expected.values),
    difference(got.byInput, expected.byInput),
    ...got.byParameters.map(({ values }, i) =>
      difference(values, expected.byParameters[i]!.values),
    ),
  );
}

function conv(x: tf.Tensor4D, W: tf.Tensor, padding: 'valid' | 'same'): tf.Tensor4D {
  return tf.conv2d(x, W as tf.Tensor4D, 1, padding);
}

test.each([
  { kernel: [3, 3], strides: [1, 1], inputs: 16, channels: 20, tiled: true },
  { kernel: [3, 3], strides: [1, 1], inputs: 18, channels: 20, tiled: false },
  { kernel: [3, 3], strides: [1, 1], inputs: 16, channels: 12, tiled: false },
  { kernel: [3, 3], strides: [2, 1], inputs: 16, channels: 16, tiled: false },
  { kernel: [1, 3], strides: [1, 1], inputs: 20, channels: 30, tiled: false },
  { kernel: [5, 5], strides: [1, 1], inputs: 16, channels: 16, tiled: false },
] as const)('$kernel, $strides, $inputs to $channels channels: in tiles $tiled', (each) => {
  const shape = { height: 9, width: 9, channels: each.inputs };
  expect(isTiled(geometryOf(shape, each), shape)).toBe(each.tiled);
});

test.each(SHAPES)('as TF.js has it, valid or same, with or without bias and ReLU (%i)', (seed) => {
  const draw = random(seed);
  const padding = draw.below(2) === 0 ? 'valid' : 'same';
  const trial = trialOf(draw, padding === 'valid' ? 3 : 1);
  const channels = 16 + 4 * draw.below(7);
  const bias = draw.below(2) === 0 ? {} : { bias: 'b' };
  const rectify = draw.below(2) === 0;
  const got = onEngine(trial, (plan, input) =>
    convolution(plan, input, { weights: 'W', channels, kernel, padding, rectify, ...bias }),
  );
  const expected = onTfjs(trial, got.parameters, got.byOutput, (x, W, ...biases) => {
    const y = biases.reduce<tf.Tensor>((sum, b) => tf.add(sum, b), conv(x, W, padding));
    return rectify ? tf.relu(y) : y;
  });
  expect(largest(got, expected)).toBeLessThan(TOLERANCE);
});

test.each(SHAPES.slice(0, 8))(
  'as TF.js has it, behind a stride, before another and a pooling (%i)',
  (seed) => {
    const draw = random(seed);
    const trial = trialOf(draw, 5);
    const strides = [1 + draw.below(2), 1 + draw.below(2)] as const;
    const same = { padding: 'same', channels: 16, kernel } as const;
    const got = onEngine(trial, (plan, input) => {
      const a = convolution(plan, input, { ...same, weights: 'U', strides, rectify: true });
      const b = convolution(plan, a, { ...same, weights: 'V', rectify: true });
      const c = convolution(plan, b, { ...same, weights: 'W', rectify: true });
      return maxPooling(plan, c, { size: [2, 2], strides: [2, 2] });
    });
    const expected = onTfjs(trial, got.parameters, got.byOutput, (x, U, V, W) => {
      const a = tf.relu(tf.conv2d(x, U as tf.Tensor4D, [...strides], 'same'));
      const b = tf.relu(conv(a, V, 'same'));
      return tf.maxPool(tf.relu(conv(b, W, 'same')), [2, 2], [2, 2], 'valid');
    });
    expect(largest(got, expected)).toBeLessThan(TOLERANCE);
  },
);

test('adds to the gradient of an input that another layer reads too', () => {
  const draw = random(1);
  const trial = trialOf(draw, 4);
  const options = { channels: 16, kernel, padding: 'same' } as const;
  let byOther: Float32Array = new Float32Array();
  const got = onEngine(trial, (plan, input) => {
    const output = convolution(plan, input, { ...options, weights: 'V' });
    const other = convolution(plan, input, { ...options, weights: 'W' });
    plan.layer(() => {
      const gradient = plan.gradientOf(other);
      return {
        forward: () => undefined,
        backward: (clips) => {
          byOther = normal(draw, clips * sizeOf(other.shape));
          write(plan, gradient, other.shape, clips, byOther);
        },
      };
    });
    return output;
  });
  const [V, W] = got.parameters;
  const of = (weights: Weight, byOutput: Float32Array): Computed =>
    onTfjs(trial, [weights], byOutput, (x, w) => conv(x, w, 'same'));
  const byInput = of(V!, got.byOutput).byInput;
  of(W!, byOther).byInput.forEach((value, i) => (byInput[i]! += value));
  expect(difference(got.byInput, byInput)).toBeLessThan(TOLERANCE);
});

test('is no less exact than the direct sum in float32', () => {
  const draw = random(3);
  const shape = { height: 6, width: 8, channels: 64 };
  const channels = 64;
  const input = normal(draw, sizeOf(shape));
  const got = onEngine({ clips: 1, shape, input, random: draw }, (plan, source) =>
    convolution(plan, source, { weights: 'W', channels, kernel }),
  );
  const weights = got.parameters[0]!.values;
  // In float64, and in float32 one product after another.
  const exact: number[] = [];
  const direct = new Float32Array(got.values.length);
  for (let n = 0; n < direct.length; n++) {
    const [row, column, o] = [Math.floor(n / (6 * 64)), Math.floor(n / 64) % 6, n % 64];
    let sum = 0;
    let rounded = 0;
    for (let tap = 0; tap < 9; tap++) {
      for (let i = 0; i < 64; i++) {
        const place = ((row + Math.floor(tap / 3)) * 8 + column + (tap % 3)) * 64 + i;
        const product = input[place]! * weights[(tap * 64 + i) * 64 + o]!;
        sum += product;
        rounded = Math.fround(rounded + Math.fround(product));
      }
    }
    exact.push(sum);
    direct[n] = rounded;
  }
  const scale = Math.max(...exact.map(Math.abs));
  const errorOf = (values: Float32Array): number =>
    Math.sqrt(exact.reduce((sum, value, n) => sum + (values[n]! - value) ** 2, 0) / exact.length) /
    scale;
  expect(errorOf(direct)).toBeGreaterThan(1e-8);
  expect(errorOf(got.values)).toBeLessThan(errorOf(direct));
});

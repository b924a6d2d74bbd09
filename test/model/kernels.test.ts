import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as cpu from '../../lib/model/backends/cpu.ts';
import * as wasm from '../../lib/model/backends/tfjs-wasm.ts';
import { stream } from './small-networks.ts';

type Shape = [number, number, number, number];

/** Beyond what the paper's network asks of them: two dimensions, padding, strides with a remainder. */
const convolutions: {
  x: Shape;
  filter: Shape;
  strides: [number, number];
  pad: 'valid' | 'same';
}[] = [
  { x: [3, 1, 17, 2], filter: [1, 5, 2, 3], strides: [1, 1], pad: 'valid' },
  { x: [3, 1, 20, 2], filter: [1, 5, 2, 3], strides: [1, 4], pad: 'valid' },
  { x: [2, 9, 8, 3], filter: [3, 3, 3, 4], strides: [1, 1], pad: 'same' },
  { x: [2, 9, 8, 3], filter: [5, 4, 3, 2], strides: [2, 2], pad: 'same' },
  { x: [2, 9, 8, 1], filter: [3, 2, 1, 5], strides: [2, 3], pad: 'valid' },
  { x: [4, 6, 6, 2], filter: [1, 1, 2, 3], strides: [1, 1], pad: 'valid' },
];

const pools: {
  x: Shape;
  size: [number, number];
  strides: [number, number];
  pad: 'valid' | 'same';
}[] = [
  { x: [3, 1, 17, 2], size: [1, 3], strides: [1, 2], pad: 'valid' },
  { x: [2, 9, 8, 3], size: [3, 3], strides: [2, 2], pad: 'same' },
  { x: [2, 8, 8, 3], size: [2, 2], strides: [2, 2], pad: 'valid' },
  { x: [2, 7, 5, 1], size: [2, 3], strides: [1, 1], pad: 'same' },
];

beforeAll(async () => {
  await cpu.start();
  await wasm.start();
});

describe('the gradients of our wasm kernels are those of the cpu backend', () => {
  test.each(convolutions)('of a convolution, %j', async ({ x, filter, strides, pad }) => {
    await expectSame([x, filter], (image, kernel) =>
      tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, strides, pad),
    );
  });

  test.each(pools)('of a max-pooling, %j', async ({ x, size, strides, pad }) => {
    await expectSame([x], (image) => tf.maxPool(image as tf.Tensor4D, size, strides, pad));
  });

  test.each([
    { a: [5, 7], b: [7, 3] },
    { a: [4, 5, 7], b: [4, 7, 3] },
    { a: [1, 1], b: [1, 6] },
  ])('of a matrix product, %j', async ({ a, b }) => {
    await expectSame([a, b], (left, right) => tf.matMul(left, right));
  });

  test('products with transposed sides too', async () => {
    await expectSame(
      [
        [6, 5],
        [3, 6],
      ],
      (left, right) => tf.matMul(left, right, true, true),
    );
  });
});

test('a max-pooling gives the gradient to the first of equals, as TensorFlow does', async () => {
  await wasm.start();
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.maxPool(x as tf.Tensor4D, [1, 3], [1, 2], 'valid'))(
        tf.tensor4d([1, 1, 1, 0, 0], [1, 1, 5, 1]),
      )
      .dataSync(),
  );
  expect(Array.from(gradient)).toEqual([1, 0, 1, 0, 0]);
});

test('our kernels leave nothing in the memory of the backend', async () => {
  await wasm.start();
  const backend = tf.backend();
  const pass = (): void => {
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([2, 5, 6, 2]);
      const filter = tf.ones<tf.Rank.R4>([2, 2, 2, 3]);
      const product = (image: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
        tf.maxPool(
          tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'valid'),
          2,
          1,
          'valid',
        );
      tf.grads(product)([x, filter]);
    });
  };
  pass();
  const before = backend.numDataIds();
  for (let i = 0; i < 50; i++) pass();
  expect(backend.numDataIds()).toBe(before);
});

/** Compares value and gradients of `operation` at random inputs, for a random gradient of its value. */
async function expectSame(
  shapes: readonly (readonly number[])[],
  operation: (...inputs: tf.Tensor[]) => tf.Tensor,
): Promise<void> {
  const random = stream(5);
  const draw = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => random.normal());
  const inputs = shapes.map((shape) => draw(tf.util.sizeFromShape([...shape])));
  const results: Float32Array[][] = [];
  let dyValues: Float32Array | undefined;
  for (const backend of [cpu, wasm]) {
    await backend.start();
    results.push(
      tf.tidy(() => {
        const tensors = inputs.map((values, i) => tf.tensor(values, [...shapes[i]!]));
        const value = operation(...tensors);
        dyValues ??= draw(value.size);
        const dy = tf.tensor(dyValues, value.shape);
        return [value, ...tf.grads(operation)(tensors, dy)].map((tensor) =>
          tensor.dataSync<'float32'>(),
        );
      }),
    );
  }
  const [expected, actual] = results;
  expected!.forEach((values, i) => {
    expect(actual![i]).toHaveLength(values.length);
    values.forEach((value, j) => {
      expect(actual![i]![j]).toBeCloseTo(value, 4);
    });
  });
}

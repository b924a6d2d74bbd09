/**
 * Training steps of the small two-dimensional network on TF.js, in turns: what its backends make of the
 * same layers. AdamW over flat arrays, as lib/model does, since TF.js has none and its Adam is slower.
 *
 *   node hearing-tfjs tfjs-wasm|tensorflow
 */
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../../lib/math/random.ts';
import { adam } from '../../lib/model/adam.ts';
import type { Backend } from '../../lib/model/backends/backend.ts';
import type { Initial, Parameter } from '../../lib/model/initial.ts';
import { asTensors, byName } from '../../lib/model/tfjs/tensors.ts';
import { initialWeights } from '../../lib/model/weights.ts';
import { takeTurns } from './turns.mjs';

const BATCH = 32;
const FRAMES = 150;
const BANDS = 64;
const CLASSES = 4;
const LAMBDA = 0.3;
const DROPOUT = 0.3;
const SMOOTHING = 0.1;
const LEARNING_RATE = 0.002;
const DECAY = 0.01;
const WARM_UP = 3;

/** frames x bands of the pooling that follows a layer */
type Pool = readonly [number, number] | null;

const layers: readonly { kernel: number; stride: number; channels: number; pool: Pool }[] = [
  { kernel: 5, stride: 2, channels: 16, pool: [2, 2] },
  { kernel: 3, stride: 1, channels: 32, pool: null },
  { kernel: 3, stride: 1, channels: 48, pool: [2, 2] },
  { kernel: 3, stride: 1, channels: 64, pool: [1, 2] },
  { kernel: 3, stride: 1, channels: 64, pool: null },
];

const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  'tfjs-wasm': () => import('../../lib/model/backends/tfjs-wasm.ts'),
  tensorflow: () => import('../../lib/model/backends/tensorflow.ts'),
};

const load = backends[process.argv[2] ?? ''];
if (load === undefined) throw new Error('name the backend: tfjs-wasm or tensorflow');
const { start } = await load();
await start();

const random = randomStream({ seed: 1, stage: 'bench', fold: 0, purpose: 'init' });
const store = initialWeights(parameters(), random);
store.weights.filter(({ name }) => name.endsWith('/scale')).forEach(({ values }) => values.fill(1));
const optimiser = adam(store.flat.length, LEARNING_RATE);
const clips = tf.tensor4d(
  Float32Array.from({ length: BATCH * FRAMES * BANDS }, () => random.normal()),
  [BATCH, FRAMES, BANDS, 1],
);
const labels = tf.oneHot(
  Array.from({ length: BATCH }, (_, clip) => clip % CLASSES),
  CLASSES,
);

const losses = Array.from({ length: WARM_UP }, () => step());
if (!(losses.at(-1)! < losses[0]!)) throw new Error(`the loss did not fall: ${losses.join(', ')}`);
await takeTurns(step, { parameters: store.flat.length });

function step(): number {
  const gradient = new Float32Array(store.flat.length);
  let value = 0;
  tf.tidy(() => {
    const { value: loss, grads } = tf.valueAndGrads(lossOf)(asTensors(store.weights));
    let offset = 0;
    for (const tensor of grads) {
      gradient.set(tensor.dataSync<'float32'>(), offset);
      offset += tensor.size;
    }
    value = loss.dataSync()[0]!;
  });
  for (let i = 0; i < gradient.length; i++) store.flat[i]! *= 1 - LEARNING_RATE * DECAY;
  optimiser.step(store.flat, gradient);
  return value;
}

function lossOf(...tensors: tf.Tensor[]): tf.Scalar {
  const weights = byName(store.weights, tensors);
  let x = clips;
  layers.forEach(({ stride, pool }, layer) => {
    const convolved = tf.conv2d(x, weights[`${String(layer)}/W`] as tf.Tensor4D, stride, 'same');
    const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
    const shift = weights[`${String(layer)}/shift`] as tf.Tensor1D;
    const scale = weights[`${String(layer)}/scale`] as tf.Tensor1D;
    const normal = tf.mul(tf.sub(convolved, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    x = tf.relu(tf.add<tf.Tensor4D>(tf.mul(normal, scale), shift));
    if (pool !== null) x = tf.maxPool(x, [...pool], [...pool], 'valid');
  });
  const [, rows, columns, channels] = x.shape;
  const positions = rows * columns;
  const a = tf.reshape(x, [BATCH * positions, channels]);
  const hidden = tf.tanh(
    tf.add(tf.matMul(a, weights['attention/W'] as tf.Tensor2D), weights['attention/b']!),
  );
  const e = tf.reshape(tf.matMul(hidden, weights['attention/u'] as tf.Tensor2D), [
    BATCH,
    positions,
  ]);
  const alpha = tf.reshape(tf.softmax(tf.mul(e, LAMBDA)), [BATCH, 1, positions]);
  const c = tf.matMul(alpha, tf.reshape(x, [BATCH, positions, channels]));
  const kept = tf.dropout(tf.reshape(c, [BATCH, channels]), DROPOUT);
  const logits = tf.add(
    tf.matMul(kept as tf.Tensor2D, weights['classes/W'] as tf.Tensor2D),
    weights['classes/b']!,
  );
  return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, logits, undefined, SMOOTHING);
}

function parameters(): Parameter[] {
  let inputs = 1;
  const zeros: Initial = { kind: 'zeros' };
  const convolutions = layers.flatMap(({ kernel, channels }, layer): Parameter[] => {
    const shape = [kernel, kernel, inputs, channels];
    inputs = channels;
    return [
      { name: `${String(layer)}/W`, shape, initial: glorot(kernel * kernel * shape[2]!, channels) },
      { name: `${String(layer)}/scale`, shape: [channels], initial: zeros },
      { name: `${String(layer)}/shift`, shape: [channels], initial: zeros },
    ];
  });
  return [
    ...convolutions,
    { name: 'attention/W', shape: [inputs, inputs], initial: glorot(inputs, inputs) },
    { name: 'attention/b', shape: [inputs], initial: zeros },
    { name: 'attention/u', shape: [inputs, 1], initial: { kind: 'normal', deviation: 0.125 } },
    { name: 'classes/W', shape: [inputs, CLASSES], initial: glorot(inputs, CLASSES) },
    { name: 'classes/b', shape: [CLASSES], initial: zeros },
  ];
}

function glorot(fanIn: number, fanOut: number): Initial {
  return { kind: 'glorot-uniform', fanIn, fanOut };
}

import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../lib/math/random.ts';
import { paperNetwork, smallNetwork } from '../../../lib/model/engine/networks.ts';
import { adam } from '../../../lib/model/engine/optimiser.ts';
import {
  planSmallNetwork,
  smallArchitecture,
  type SmallArchitecture,
} from '../../../lib/model/engine/small-network.ts';
import type { Weight } from '../../../lib/model/weights.ts';
import { smallTrainingHash } from '../small-training.ts';
import { normal } from './layer-harness.ts';

/** Small enough for finite differences of every parameter. */
const tiny: SmallArchitecture = {
  ...{ bands: 9, frames: 11, classes: 3, batch: 4, lambda: 0.3, dropout: 0 },
  blocks: [
    { channels: 3, kernel: [5, 5], strides: [2, 2], pool: null },
    { channels: 5, kernel: [3, 3], strides: [1, 1], pool: [2, 2] },
  ],
};

/** With enough channels for Winograd's tiles, and sides that they do not fill. */
const tiled: SmallArchitecture = {
  ...{ bands: 13, frames: 18, classes: 3, batch: 4, lambda: 0.3, dropout: 0.3 },
  blocks: [
    { channels: 16, kernel: [5, 5], strides: [2, 2], pool: null },
    { channels: 20, kernel: [3, 3], strides: [1, 1], pool: [2, 2] },
    { channels: 24, kernel: [3, 3], strides: [1, 1], pool: null },
  ],
};

const stream = (seed: number, purpose: 'init' | 'dropout' = 'init') =>
  randomStream({ seed, stage: 'engine', fold: 0, purpose });

function planned(architecture: SmallArchitecture) {
  const network = planSmallNetwork(architecture, stream(1, 'dropout'), { smoothing: 0.1 });
  const { plan, entrance, loss } = network;
  const random = stream(2);
  const weights = plan.parameters.map(({ name, shape }): Weight => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = normal(random, size).map((value) => 0.3 * value);
    return { name, shape, values: name.endsWith('/scale') ? values.map((v) => 1 + v) : values };
  });
  plan.load(weights);
  for (let place = 0; place < architecture.batch; place++) {
    entrance.put(place, normal(random, entrance.size));
  }
  loss.setLabels(Array.from({ length: architecture.batch }, () => random.below(3)));
  return { plan, loss, weights };
}

describe('the network that hears in two dimensions', () => {
  test('has 88,276 parameters, as the trials in PyTorch had', async () => {
    expect(smallArchitecture.blocks.map(({ channels }) => channels)).toEqual([16, 32, 48, 64, 64]);
    const { parameters, flops } = await smallNetwork({ batch: 1 });
    expect(parameters).toBe(88_276);
    // 16 of 36 multiplications, but for sides that tiles do not fill and what is not 3 x 3.
    expect(flops.computed / flops.step).toBeGreaterThan(16 / 36);
    expect(flops.computed / flops.step).toBeLessThan(0.5);
  });

  test('has the gradient of finite differences', () => {
    const { plan, loss, weights } = planned(tiny);
    plan.forward(4, true);
    plan.backward(4);
    const gradients = plan.saveGradient();
    // of a float32 loss: coarse, and blind to a kink of ReLU or pooling within the step
    const h = 2 ** -9;
    const apart: number[] = [];
    weights.forEach((weight, w) => {
      weight.values.forEach((value, i) => {
        const lossAt = (moved: number): number => {
          const values = weight.values.with(i, moved);
          plan.load(weights.with(w, { ...weight, values }));
          plan.forward(4, true);
          return loss.value();
        };
        const slope = (lossAt(value + h) - lossAt(value - h)) / (2 * h);
        apart.push(Math.abs(slope - gradients[w]!.values[i]!));
      });
    });
    apart.sort((a, b) => a - b);
    expect(apart.length).toBeGreaterThan(250);
    expect(apart[Math.floor(0.9 * apart.length)]).toBeLessThan(0.01);
    const scale = Math.max(...gradients.flatMap(({ values }) => Array.from(values, Math.abs)));
    expect(scale).toBeGreaterThan(1);
  });

  test.each([
    {
      name: 'tiny',
      architecture: { ...tiny, dropout: 0.3 },
      hash: '04d05f9b08194ab0da92291c4a9dcad00e2c2e97aea6dc6d149bebfa29015666',
    },
    {
      name: 'tiled',
      architecture: tiled,
      hash: '49992289b2492a60727efb38cd8505f046bddc13235601654aad532f376f005b',
    },
  ])(
    'gives the same weights on every machine after 20 steps of AdamW with dropout: $name',
    ({ architecture, hash }) => {
      const { plan, loss } = planned(architecture);
      const move = adam(plan, { learningRate: 0.01, epsilon: 1e-8, decay: 0.01 });
      const losses = Array.from({ length: 20 }, () => {
        plan.forward(4, true);
        plan.backward(4);
        move();
        return loss.value();
      });
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
      expect(smallTrainingHash(plan.save())).toBe(hash);
    },
  );
});

describe('what the bench times', () => {
  test("is the paper's network with its 10.9 million operations a step", async () => {
    const { flops, parameters, step } = await paperNetwork();
    expect(parameters).toBe(3854);
    // positions x taps x inputs x outputs of the convolutions, then the attention's two matrices
    const products = 63 * 11 * 5 + 27 * 25 * 10 + 11 * 30 * 20 + 9 * 60 * 30 + 4 * 900 + 120;
    expect(flops.forward).toBe(2 * 51 * products);
    expect(flops.step).toBe(2 * 51 * (3 * products - 63 * 11 * 5));
    const first = step();
    for (let i = 0; i < 30; i++) step();
    expect(step()).toBeLessThan(first);
  });
});

import { describe, expect, test } from 'vitest';
import * as cpu from '../../lib/model/backends/cpu.ts';
import * as tfjsWasm from '../../lib/model/backends/tfjs-wasm.ts';
import * as wasm from '../../lib/model/backends/wasm.ts';
import type { Architecture } from '../../lib/model/network.ts';
import { gradients as tfjsGradients } from '../../lib/model/tfjs/trainer.ts';
import { engineGradients } from './engine/engine-gradients.ts';
import { referenceLogits, referenceLoss } from './reference.ts';
import { attentionModules, madeUpClips, small, stirredWeights } from './small-networks.ts';

/** What each is there for is its name. */
const networks: Readonly<Record<string, Architecture>> = {
  'two pooled layers': small,
  'a second layer with a stride, and inputs left over by it': {
    ...small,
    frames: 44,
    strides: [1, 2],
    pools: [2],
  },
  'one layer and no pool': { ...small, channels: [6], kernels: [7], strides: [3], pools: [] },
  'a last layer that no pool follows': { ...small, pools: [1] },
  'five layers': {
    ...small,
    frames: 60,
    channels: [2, 3, 4, 5, 6],
    kernels: [5, 3, 3, 2, 1],
    strides: [2, 1, 1, 1, 1],
    pools: [2, 5],
    poolSize: 2,
  },
};

const cases = Object.entries(networks).flatMap(([what, architecture]) =>
  (['equations', 'authors'] as const).map((attention) => ({ what, architecture, attention })),
);

describe('the gradient by every parameter is that of finite differences of the paper', () => {
  test.each(cases)('$what, $attention', async ({ architecture, attention }) => {
    const module = attentionModules[attention];
    const store = stirredWeights(architecture, module, 7);
    const clips = madeUpClips(3, architecture, 8);
    const rows = rowsOf(clips.values, 3);
    const labels = Array.from(clips.labels);
    const values = Float64Array.from(store.flat);
    const lossAt = (index: number, value: number): number => {
      const kept = values[index]!;
      values[index] = value;
      const loss = referenceLoss(attention, store.weights, values, rows, labels, architecture);
      values[index] = kept;
      return loss;
    };
    // small enough not to step over the kink of a ReLU; double precision leaves 1e-10 of noise
    const h = 1e-6;
    const expected = Array.from(
      values,
      (value, index) => (lossAt(index, value + h) - lossAt(index, value - h)) / (2 * h),
    );
    const scale = Math.max(...expected.map(Math.abs));

    const computed = [engineGradients(store, clips, architecture, module)];
    for (const backend of [tfjsWasm, cpu]) {
      await backend.start();
      computed.push(tfjsGradients(store, clips, architecture, module));
    }
    for (const { scored, gradient } of computed) {
      expect(scored.loss).toBeCloseTo(lossAt(0, values[0]!), 5);
      const worst = Math.max(...expected.map((g, i) => Math.abs(g - gradient[i]!)));
      expect(worst / scale).toBeLessThan(2e-6);
    }
  });
});

describe.each([
  ['wasm', wasm],
  ['tfjs-wasm', tfjsWasm],
] as const)('what a network says of clips on %s', (_name, backend) => {
  const evaluated = async (attention: 'equations' | 'authors') => {
    const { trainer } = await backend.start();
    const weights = stirredWeights(small, attentionModules[attention], 3);
    const clips = madeUpClips(7, small, 4);
    const request = {
      ...{ architecture: small, attention: attentionModules[attention] },
      ...{ weights, learningRate: 0.001 },
    };
    return { clips, weights, evaluation: trainer(request).evaluate(clips) };
  };

  test.each(['equations', 'authors'] as const)(
    'is what the paper says, also for a partial last batch: %s',
    async (attention) => {
      const { clips, weights, evaluation } = await evaluated(attention);
      const { probabilities, predicted } = evaluation;
      const rows = rowsOf(clips.values, 7);
      const values = Float64Array.from(weights.flat);
      const expected = [rows.slice(0, 5), rows.slice(5)].flatMap((batch) =>
        referenceLogits(attention, weights.weights, values, batch, small).map(softmax),
      );
      expected.forEach((row, clip) => {
        row.forEach((p, k) => expect(probabilities[clip]![k]).toBeCloseTo(p, 6));
        expect(predicted[clip]).toBe(row.indexOf(Math.max(...row)));
      });
    },
  );

  test('has attention that sums to one over the positions of a clip, by the equations', async () => {
    const { attention } = (await evaluated('equations')).evaluation;
    expect(attention.map(({ length }) => length)).toEqual(Array(7).fill(3));
    for (const weights of attention) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    }
  });

  test("has no attention under the authors' code, whose weights belong to no position", async () => {
    const { attention } = (await evaluated('authors')).evaluation;
    expect(attention.map(({ length }) => length)).toEqual(Array(7).fill(0));
  });
});

function softmax(logits: readonly number[]): number[] {
  const weights = logits.map(Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function rowsOf(values: Float32Array, rows: number): number[][] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
}

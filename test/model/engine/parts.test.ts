import { describe, expect, test } from 'vitest';
import { randomStream, type Random } from '../../../lib/math/random.ts';
import { instantiate } from '../../../lib/model/engine/instance.ts';
import { batchNormalisation } from '../../../lib/model/engine/layers/batch-normalisation.ts';
import { convolution } from '../../../lib/model/engine/layers/convolution.ts';
import {
  crossEntropy,
  type CrossEntropyOptions,
} from '../../../lib/model/engine/layers/cross-entropy.ts';
import { dropout } from '../../../lib/model/engine/layers/dropout.ts';
import { maxPooling } from '../../../lib/model/engine/layers/max-pooling.ts';
import { tanh } from '../../../lib/model/engine/layers/tanh.ts';
import { adam, type AdamOptions } from '../../../lib/model/engine/optimiser.ts';
import { Plan } from '../../../lib/model/engine/plan.ts';
import { signalOf } from '../../../lib/model/engine/signal.ts';
import { difference, normal, onEngine } from './layer-harness.ts';

function random(seed: number): Random {
  return randomStream({ seed, stage: 'engine', fold: 0, purpose: 'dropout' });
}

const vector = (channels: number) => ({ height: 1, width: 1, channels });

test('tanh is right to 3 units in the last place, wherever it is asked', () => {
  const input = Float32Array.from({ length: 200_000 }, (_, i) => {
    const sign = i % 2 === 0 ? 1 : -1;
    return sign * 10 ** (-6 + (8 * i) / 200_000);
  });
  const shape = { height: 1, width: 1, channels: input.length };
  const { values } = onEngine({ clips: 1, shape, input, random: random(1) }, tanh);
  const worst = values.reduce((most, got, i) => {
    const expected = Math.tanh(input[i]!);
    return Math.max(most, Math.abs(got - expected) / Math.abs(expected));
  }, 0);
  expect(worst).toBeLessThan(3 * 2 ** -24);
});

describe('dropout', () => {
  const input = normal(random(2), 4 * 500).map(Math.abs);
  const trial = { clips: 4, shape: vector(500), input, random: random(3) };

  test('in training forgets about its share and makes up for it, in the gradient alike', () => {
    const { values, byInput, byOutput } = onEngine(trial, (plan, source) =>
      dropout(plan, source, { rate: 0.3, random: random(4) }),
    );
    let forgotten = 0;
    values.forEach((value, i) => {
      if (value === 0) forgotten += 1;
      else expect(value / input[i]!).toBeCloseTo(1 / 0.7, 5);
      expect(byInput[i]).toBeCloseTo(value === 0 ? 0 : byOutput[i]! / 0.7, 5);
    });
    expect(forgotten / values.length).toBeCloseTo(0.3, 1);
  });

  test('else forgets nothing, and draws nothing', () => {
    const untouched = random(4);
    const { values } = onEngine({ ...trial, training: false }, (plan, source) =>
      dropout(plan, source, { rate: 0.3, random: untouched }),
    );
    expect(values).toEqual(input);
    expect(untouched.nextUint32()).toBe(random(4).nextUint32());
  });

  test('draws the same masks from the same stream', () => {
    const masked = (): Float32Array =>
      onEngine({ ...trial, random: random(3) }, (plan, source) =>
        dropout(plan, source, { rate: 0.5, random: random(5) }),
      ).values;
    expect(masked()).toEqual(masked());
  });
});

test('batch normalisation goes by its running statistics outside of training', () => {
  const plan = new Plan(instantiate, 8);
  const source = signalOf(vector(2), { wanted: false });
  const names = { scale: 'scale', shift: 'shift' };
  const { output, running } = batchNormalisation(plan, source, { ...names, momentum: 1 });
  const built = plan.build();
  built.load([
    { name: 'scale', shape: [2], values: Float32Array.of(2, 1) },
    { name: 'shift', shape: [2], values: Float32Array.of(10, 0) },
  ]);
  const values = Float32Array.of(1, 0, 2, 0, 3, 0, 4, 8);
  plan.arena.floats(plan.valuesOf(source).address, 8).set(values);
  built.forward(4, true);
  expect(Array.from(running.mean)).toEqual([2.5, 2]);
  // unbiased: the sum of squares over 3
  expect(Array.from(running.variance)).toEqual(
    [5 / 3, 16].map((v) => expect.closeTo(v, 6) as number),
  );
  plan.arena.floats(plan.valuesOf(source).address, 2).set([2.5, 6]);
  built.forward(1, false);
  const [first, second] = plan.arena.floats(plan.valuesOf(output).address, 2);
  expect(first).toBeCloseTo(10, 6);
  expect(second).toBeCloseTo(1, 5);
});

describe('the loss', () => {
  const labels = [0, 2, 1, 2, 2];
  const logits = normal(random(6), 15).map((value) => 3 * value);
  const lossOf = (options: CrossEntropyOptions, values: ArrayLike<number>) => {
    const plan = new Plan(instantiate, 5);
    const source = signalOf(vector(3));
    const loss = crossEntropy(plan, source, options);
    const built = plan.build();
    plan.arena.floats(plan.valuesOf(source).address, 15).set(values);
    loss.setLabels(labels);
    built.forward(5, true);
    built.backward(5);
    const gradient = plan.arena.floats(plan.gradientOf(source).address, 15).slice();
    return { value: loss.value(), gradient, probabilities: loss.probabilities(5), loss };
  };
  const reference = (
    { classWeights = [1, 1, 1], smoothing = 0 }: CrossEntropyOptions,
    values: ArrayLike<number>,
  ): number =>
    labels.reduce((total, label, clip) => {
      const row = [0, 1, 2].map((c) => values[3 * clip + c]!);
      const logSum = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
      return row.reduce((sum, logit, c) => {
        const share = smoothing / 3 + (c === label ? 1 - smoothing : 0);
        return sum + classWeights[c]! * share * (logSum - logit);
      }, total);
    }, 0);

  test.each<{ what: string; options: CrossEntropyOptions }>([
    { what: 'summed over the clips', options: {} },
    { what: 'weighted by class', options: { classWeights: [0.5, 2, 1.25] } },
    { what: 'with labels smoothed', options: { smoothing: 0.1 } },
    {
      what: 'with all of it',
      options: { classWeights: [0.5, 2, 1.25], smoothing: 0.2, scale: 0.25 },
    },
  ])('is a cross-entropy $what, and so is its gradient', ({ options }) => {
    const { value, gradient, probabilities } = lossOf(options, logits);
    expect(value).toBeCloseTo(reference(options, logits), 5);
    const exact = Array.from(logits);
    const h = 1e-5;
    const expected = exact.map((logit, i) => {
      const [above, below] = [exact.with(i, logit + h), exact.with(i, logit - h)];
      const slope = (reference(options, above) - reference(options, below)) / (2 * h);
      return (options.scale ?? 1) * slope;
    });
    expect(difference(gradient, Float32Array.from(expected))).toBeLessThan(1e-5);
    for (let clip = 0; clip < 5; clip++) {
      const sum = probabilities.subarray(3 * clip, 3 * clip + 3).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  test('stays finite for logits whose exponentials are not, and calls the first of equals', () => {
    const { value, loss } = lossOf({}, [1000, -1000, 0, 0, 0, 0, 1, 2, 2, 0, 0, 1, 0, 0, 1]);
    expect(Number.isFinite(value)).toBe(true);
    expect(Array.from(loss.predicted(5))).toEqual([0, 0, 1, 2, 2]);
  });

  test('is no number for a logit that is none', () => {
    expect(
      lossOf(
        {},
        logits.map((logit, i) => (i === 7 ? NaN : logit)),
      ).value,
    ).toBeNaN();
  });
});

describe('the optimiser', () => {
  const moved = (options: AdamOptions, gradients: readonly number[]): number => {
    const plan = new Plan(instantiate, 1);
    plan.vector('x', [1]);
    const built = plan.build();
    built.load([{ name: 'x', shape: [1], values: Float32Array.of(0.5) }]);
    const step = adam(built, options);
    for (const gradient of gradients) {
      plan.arena.floats(built.blocks.gradient, 1)[0] = gradient;
      step();
    }
    return built.save()[0]!.values[0]!;
  };
  const gradients = [0.3, -0.2, 0.7, 0.1];

  test.each([0, 0.1])('follows Adam, and AdamW with a decay of %d', (decay) => {
    let [x, m, v] = [0.5, 0, 0];
    gradients.forEach((g, i) => {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const t = i + 1;
      x -= 0.01 * decay * x;
      x -= (0.01 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-7);
    });
    expect(moved({ learningRate: 0.01, epsilon: 1e-7, decay }, gradients)).toBeCloseTo(x, 6);
  });
});

describe('a plan', () => {
  const source = () => signalOf({ height: 4, width: 3, channels: 2 });

  test('refuses a kernel or a pool that fits nowhere', () => {
    const plan = new Plan(instantiate, 1);
    expect(() =>
      convolution(plan, source(), { weights: 'W', channels: 1, kernel: [5, 1] }),
    ).toThrow('a kernel of 5 x 1 does not fit into 4 x 3');
    expect(() => maxPooling(plan, source(), { size: [1, 4], strides: [1, 1] })).toThrow(
      'a pool of 1 x 4 does not fit into 4 x 3',
    );
  });

  test('says which weight it was not given', () => {
    const plan = new Plan(instantiate, 1);
    convolution(plan, source(), { weights: 'W', channels: 7, kernel: [2, 2] });
    expect(() => plan.build().load([])).toThrow(
      'the plan wants a weight W of 2 x 2 x 2 x 7 and was given none',
    );
  });

  test('gives back the weights that it was given', () => {
    const plan = new Plan(instantiate, 1);
    convolution(plan, source(), { weights: 'W', bias: 'b', channels: 21, kernel: [3, 2] });
    const built = plan.build();
    const weights = [
      { name: 'W', shape: [3, 2, 2, 21], values: normal(random(7), 3 * 2 * 2 * 21) },
      { name: 'b', shape: [21], values: normal(random(8), 21) },
    ];
    built.load(weights);
    expect(built.save()).toEqual(weights);
  });
});

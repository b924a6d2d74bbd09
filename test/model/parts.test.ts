import { describe, expect, test } from 'vitest';
import { adam } from '../../lib/model/adam.ts';
import { fillInitial, type Initial } from '../../lib/model/initial.ts';
import { score } from '../../lib/model/loss.ts';
import { standardisation, standardised } from '../../lib/model/standardise.ts';
import { networkParameters } from '../../lib/model/network.ts';
import { attentionModules, paper, stream } from './small-networks.ts';

describe('Adam', () => {
  test('moves by the learning rate at first, whatever the size of the gradient', () => {
    const values = Float32Array.from([1, 1, 1]);
    adam(3, 0.1).step(values, Float32Array.from([5, -0.001, 0]));
    expect(values[0]).toBeCloseTo(0.9, 6);
    expect(values[1]).toBeCloseTo(1.1, 4);
    expect(values[2]).toBe(1);
  });

  test('follows algorithm 1 of Kingma and Ba', () => {
    const values = Float32Array.from([0.5]);
    const optimiser = adam(1, 0.01);
    const gradients = [0.3, -0.2, 0.7, 0.1];
    let [x, m, v] = [0.5, 0, 0];
    gradients.forEach((g, i) => {
      optimiser.step(values, Float32Array.from([g]));
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const t = i + 1;
      x -= (0.01 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-7);
      expect(values[0]).toBeCloseTo(x, 6);
    });
  });
});

describe('what logits say', () => {
  test('is a softmax, a summed cross-entropy and the first of the likeliest', () => {
    const { loss, probabilities, predicted } = score(
      Float32Array.from([0, 0, Math.log(2), 1, 1, 1]),
      Int32Array.from([2, 1]),
    );
    expect(Array.from(probabilities)).toEqual([
      expect.closeTo(0.25, 6),
      expect.closeTo(0.25, 6),
      expect.closeTo(0.5, 6),
      ...Array<unknown>(3).fill(expect.closeTo(1 / 3, 6)),
    ]);
    expect(loss).toBeCloseTo(Math.log(2) + Math.log(3), 6);
    expect(Array.from(predicted)).toEqual([2, 0]);
  });

  test('stays finite for logits whose exponentials are not', () => {
    const { loss, probabilities } = score(Float32Array.from([1000, -1000]), Int32Array.from([1]));
    expect(Array.from(probabilities)).toEqual([1, 0]);
    expect(loss).toBe(2000);
  });
});

describe('standardising', () => {
  test('gives mean 0 and deviation 1 to what it was measured on', () => {
    const values = Float32Array.from([-30, -20, -50, -80, -10, -44]);
    const scale = standardisation(values);
    const { mean, deviation } = standardisation(standardised(values, scale));
    expect(mean).toBeCloseTo(0, 6);
    expect(deviation).toBeCloseTo(1, 6);
  });

  test('refuses values that are all the same', () => {
    expect(() => standardisation(new Float32Array(10).fill(-100))).toThrow(
      'every value of the training clips is -100: there is nothing to learn from',
    );
  });
});

describe('initial values', () => {
  const drawn = (initial: Initial): Float32Array => {
    const values = new Float32Array(20_000).fill(9);
    fillInitial(values, initial, stream(1));
    return values;
  };
  const moments = (values: Float32Array): { mean: number; deviation: number; largest: number } => ({
    ...standardisation(values),
    largest: values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
  });

  test('are zero', () => {
    expect(drawn({ kind: 'zeros' }).every((value) => value === 0)).toBe(true);
  });

  test("are uniform within Glorot's limit", () => {
    const limit = Math.sqrt(6 / 50);
    const { mean, deviation, largest } = moments(
      drawn({ kind: 'glorot-uniform', fanIn: 20, fanOut: 30 }),
    );
    expect(mean).toBeCloseTo(0, 2);
    expect(deviation).toBeCloseTo(limit / Math.sqrt(3), 2);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
  });

  test('are normal, or normal within two deviations', () => {
    const normal = moments(drawn({ kind: 'normal', deviation: 0.5 }));
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.deviation).toBeCloseTo(0.5, 1);
    expect(normal.largest).toBeGreaterThan(1.5);
    const truncated = moments(drawn({ kind: 'truncated-normal', deviation: 0.5 }));
    expect(truncated.deviation).toBeCloseTo(0.5 * 0.88, 1);
    expect(truncated.largest).toBeLessThanOrEqual(1);
  });
});

describe("the parameters of the paper's network", () => {
  const shapes = (attention: 'equations' | 'authors'): unknown =>
    networkParameters(paper, attentionModules[attention]).map(({ name, shape }) => [name, shape]);
  const convolutions = [
    ['convolution-1/W', [11, 1, 5]],
    ['convolution-1/b', [5]],
    ['convolution-2/W', [5, 5, 10]],
    ['convolution-2/b', [10]],
    ['convolution-3/W', [3, 10, 20]],
    ['convolution-3/b', [20]],
    ['convolution-4/W', [3, 20, 30]],
    ['convolution-4/b', [30]],
  ];

  test('with its equations', () => {
    expect(shapes('equations')).toEqual([
      ...convolutions,
      ['attention/W', [30, 30]],
      ['attention/b', [30]],
      ['attention/u', [30, 1]],
      ['classes/W', [30, 4]],
      ['classes/b', [4]],
    ]);
  });

  test("with the authors' code, whose u has a place for each clip of a batch", () => {
    expect(shapes('authors')).toEqual([
      ...convolutions,
      ['dense/W', [120, 4]],
      ['dense/b', [4]],
      ['attention/u', [51, 4, 1]],
    ]);
  });
});

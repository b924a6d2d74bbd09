import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, plain } from '../../lib/pipeline/yaml.ts';
import { readSweep } from '../../lib/sweeps/definition.ts';
import { pointCount, pointsOf, valueText, type Point } from '../../lib/sweeps/points.ts';

function points(text: string): readonly Point[] {
  const { space } = readSweep(parseYaml(`try: ${text}`, '/home/pipeline.yaml'), 'try', 'the file');
  const found = pointsOf(space);
  if (space.kind !== 'random') expect(pointCount(space)).toBe(found.length);
  return found;
}

describe('the points of a sweep', () => {
  it('are every combination of a grid, the last parameter running fastest', () => {
    const grid = points('{ grid: { train.lambda: [0.3, 1], train.channels: [[5, 10], [7, 8]] } }');
    expect(grid.map(({ label }) => label)).toEqual([
      'lambda=0.3 channels=[5,10]',
      'lambda=0.3 channels=[7,8]',
      'lambda=1 channels=[5,10]',
      'lambda=1 channels=[7,8]',
    ]);
    expect(grid[1]?.parameters).toEqual({ 'train.lambda': 0.3, 'train.channels': [7, 8] });
  });

  it('are those of a list, in its order', () => {
    const list = points(
      '{ points: [{ train.lambda: 2, stft.window: hann }, { train.lambda: 1 }] }',
    );
    expect(list.map(({ label }) => label)).toEqual(['lambda=2 window=hann', 'lambda=1']);
  });

  it('are labelled with their stage where two stages have a parameter of the name', () => {
    const [only] = points('{ points: [{ train.seed: 2, split.seed: 3 }] }');
    expect(only?.label).toBe('train.seed=2 split.seed=3');
  });

  const random = (draws: number, seed = 1): readonly Point[] =>
    points(
      `{ random: { draws: ${draws}, seed: ${seed}, ranges: { train.lambda: { from: 0, to: 2 }, train.learningRate: { from: 0.0001, to: 0.01, scale: log }, train.epochs: { from: 50, to: 200, whole: true }, train.attention: [equations, authors] } } }`,
    );

  it('are drawn the same every time, and the first stay when more are asked for', () => {
    const labels = (draws: number, seed?: number): readonly string[] =>
      random(draws, seed).map(({ label }) => label);
    expect(labels(3)).toEqual(labels(3));
    expect(labels(8).slice(0, 3)).toEqual(labels(3));
    expect(labels(3, 2)[0]).not.toEqual(labels(3)[0]);
    expect(labels(2)).toMatchInlineSnapshot(`
      [
        "lambda=1.454 learningRate=0.001815 epochs=185 attention=equations",
        "lambda=1.587 learningRate=0.000473 epochs=126 attention=equations",
      ]
    `);
  });

  it('are drawn within their ranges, evenly in the logarithm where that is asked for', () => {
    const drawn = random(400).map(({ parameters }) => parameters);
    const numbers = (name: string): number[] => drawn.map((one) => Number(one[name]));
    const lambdas = numbers('train.lambda');
    expect(Math.min(...lambdas)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...lambdas)).toBeLessThanOrEqual(2);
    const rates = numbers('train.learningRate');
    expect(rates.every((rate) => rate >= 0.0001 && rate <= 0.01)).toBe(true);
    // Half of the draws lie below the geometric mean; 5 deviations of a binomial of 400 are 50.
    const below = rates.filter((rate) => rate < 0.001).length;
    expect(Math.abs(below - 200)).toBeLessThan(50);
    expect(numbers('train.epochs').every((epochs) => Number.isInteger(epochs))).toBe(true);
    expect(new Set(drawn.map((one) => one['train.attention']))).toEqual(
      new Set(['equations', 'authors']),
    );
  });

  it('keep no more digits than a person types', () => {
    for (const { parameters } of random(50)) {
      const digits = String(parameters['train.lambda']).replace(/^0?\.?0*|\./g, '');
      expect(digits.length, digits).toBeLessThanOrEqual(4);
    }
  });
});

describe('a value in a label', () => {
  it('is read back as the value that it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const tree = parseYaml(`[${valueText(value)}]`, 'value');
        expect(JSON.stringify(plain(tree))).toBe(JSON.stringify([value]));
      }),
    );
  });
});

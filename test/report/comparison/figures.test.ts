import { beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../../lib/report/comparison/data.ts';
import { figures } from '../../../lib/report/comparison/figures.ts';
import type { Parameters } from '../../../lib/report/comparison/request.ts';
import { parsed, unbalanced } from '../markup.ts';
import { compared } from './compared.ts';

let base: Comparison;
beforeAll(async () => {
  const points = [0.3, 0.5].map((skill) => ({ label: String(skill), parameters: {}, skill }));
  base = await compared({ points, seeds: [1], folds: 3, draws: 20 });
}, 30_000);

/** The same result over and over, under other parameters. */
function drawn(parameters: readonly Parameters[]): { ids: string[]; html: string } {
  const points = parameters.map((of, index) => ({
    ...base.points[index % 2]!,
    label: `point ${String(index)}`,
    parameters: of,
  }));
  const keys = [...new Set(parameters.flatMap((of) => Object.keys(of)))];
  const html = figures({
    ...base,
    points,
    parameters: keys,
    best: 0,
    baseline: 'point 0',
  });
  const svgs = [...parsed(html).querySelectorAll('svg title')];
  return { ids: svgs.map(({ id }) => id.replace('-title', '')), html };
}

const pairs = <A, B>(ones: readonly A[], others: readonly B[]): [A, B][] =>
  ones.flatMap((one) => others.map((other): [A, B] => [one, other]));

describe('the pictures of a comparison', () => {
  test.each<[string, readonly Parameters[], string[]]>([
    ['nothing but labels: every point', [{}, {}], ['uar-dots']],
    [
      'one number: a line over it',
      [0.3, 0.5, 0.8].map((lambda) => ({ 'train.lambda': lambda })),
      ['uar-lines'],
    ],
    [
      'one word: every point',
      ['hann', 'hamming'].map((window) => ({ 'stft.window': window })),
      ['uar-dots'],
    ],
    [
      'a number and a list: a line for each list, and a heat map',
      pairs([0.3, 0.5], [[5], [10]]).map(([a, b]) => ({ 'train.lambda': a, 'train.channels': b })),
      ['uar-lines', 'uar-heat'],
    ],
    [
      'two words: a heat map, and every point',
      pairs(['hann', 'hamming'], ['clip', 'speaker']).map(([a, b]) => ({
        'stft.window': a,
        'split.by': b,
      })),
      ['uar-heat', 'uar-dots'],
    ],
    [
      'two numbers of many values, where no cell has room for its number: parallel lines',
      pairs([...Array(10).keys()], [...Array(9).keys()]).map(([a, b]) => ({ 'a.x': a, 'a.y': b })),
      ['uar-parallel', 'uar-dots'],
    ],
    [
      'three parameters: parallel lines, and every point',
      pairs([0.3, 0.5], [[5], [10]]).flatMap(([a, b]) =>
        ['equations', 'authors'].map((c) => ({ 'a.x': a, 'a.y': b, 'a.z': c })),
      ),
      ['uar-parallel', 'uar-dots'],
    ],
    [
      'two points of one place: no line and no map can show both',
      [0.3, 0.3, 0.5].map((lambda) => ({ 'train.lambda': lambda })),
      ['uar-dots'],
    ],
    [
      'a parameter that some points do not have: it is no number',
      [{ 'a.x': 1 }, { 'a.x': 2 }, {}],
      ['uar-dots'],
    ],
  ])('of %s', (_, parameters, ids) => {
    const { ids: found, html } = drawn(parameters);
    expect(found).toEqual(ids);
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('keep the best points and the baseline where there are more than a picture holds', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ 'a.x': `v${String(index)}` }));
    const { html } = drawn(many);
    const description = parsed(html).querySelector('desc')!.textContent;
    expect(description.match(/point \d+:/g)).toHaveLength(40);
    expect(description).toContain('point 0:');
    expect(html).toContain('20 points are in the table alone.');
  });

  test('set numbers over powers of ten apart by their logarithm', () => {
    const { html } = drawn([0.0001, 0.001, 0.01].map((rate) => ({ 'train.learningRate': rate })));
    const circles = parsed(html).querySelectorAll('circle');
    const x = [...circles].map((circle) => Number(circle.getAttribute('cx')));
    expect(x).toHaveLength(3);
    expect(x[1]! - x[0]!).toBeCloseTo(x[2]! - x[1]!, 1);
  });

  test('say what the rows are named by, where they are not labels', () => {
    const rows = ['hann', 'hamming'].map((window) => ({ 'stft.window': window, 'train.batch': 3 }));
    expect(drawn(rows).html).toContain(
      'Each row is named by its <bdi>window</bdi> · <bdi>batch</bdi>.',
    );
    expect(drawn([{}, {}]).html).not.toContain('Each row is named by');
  });
});

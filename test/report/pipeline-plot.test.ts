import { describe, expect, test } from 'vitest';
import { arrange, type Vertex } from '../../lib/report/plots/layers.ts';
import { pipelinePlot } from '../../lib/report/plots/pipeline.ts';
import { reportData } from './fixture.ts';

const vertex = (name: string, ...needs: readonly string[]): Vertex => ({ name, needs });

/** The layers, a stage by its name and a line that passes as a dash. */
const shown = (vertices: readonly Vertex[]): readonly string[] =>
  arrange(vertices).layers.map((layer) => layer.map(({ stage }) => stage ?? '-').join(' '));

describe('the layers', () => {
  test('set each vertex behind all that it needs', () => {
    expect(shown([vertex('a'), vertex('b', 'a'), vertex('c', 'a', 'b')])).toEqual([
      'a',
      'b -',
      'c',
    ]);
  });

  test('are ordered so that lines cross less', () => {
    const crossed = [vertex('a'), vertex('b'), vertex('c', 'b'), vertex('d', 'a')];
    expect(shown(crossed)).toEqual(['a b', 'd c']);
  });

  test('let what several later layers read of one share a line', () => {
    const far = [vertex('a'), vertex('b', 'a'), vertex('c', 'a', 'b'), vertex('d', 'a', 'c')];
    const { layers, links } = arrange(far);
    expect(layers.flat().filter(({ stage }) => stage === undefined)).toHaveLength(2);
    // a-b, a-line, b-c, line-c, line-line, c-d, line-d
    expect(links).toHaveLength(7);
  });

  test('are none for no vertex, and needs that are not drawn do not count', () => {
    expect(shown([])).toEqual([]);
    expect(shown([vertex('a', 'elsewhere')])).toEqual(['a']);
  });
});

describe('the picture of the pipeline', () => {
  test('has a box for each stage, folds in one, and says in words what reads what', () => {
    const history = { stage: 'train', kind: 'history.arrow', sha256: '0' };
    const artifacts = [1, 2, 3].map((fold) => ({ ...history, instance: `fold ${fold}` }));
    const svg = pipelinePlot('p', { ...reportData(), artifacts });
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect([...texts].sort()).toEqual(
      ['baselines', 'decode', 'evaluate', 'mel', 'split', 'stft', 'train × 3'].sort(),
    );
    expect(svg).toContain('decode comes first. stft reads from decode.');
    expect(svg).toMatch(/^<svg id="p" role="img" aria-labelledby="p-title"/);
  });

  test('is made of whole and half pixels, and is the same again', () => {
    const svg = pipelinePlot('p', reportData({ withAuthors: true }));
    expect(svg).toBe(pipelinePlot('p', reportData({ withAuthors: true })));
    for (const [, numbers] of svg.matchAll(/ (?:d|x|y|width|height|viewBox)="([^"]*)"/g)) {
      expect(numbers).toMatch(/^(?:[A-Za-z ]*-?\d+(?:\.5)?)+z?$/);
    }
  });

  test('takes names as text', () => {
    const [first] = reportData().stages;
    const stages = first === undefined ? [] : [{ ...first, name: '<b>' }];
    expect(pipelinePlot('p', { stages, artifacts: [] })).not.toContain('<b>');
  });
});

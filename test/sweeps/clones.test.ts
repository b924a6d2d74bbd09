import { describe, expect, it } from 'vitest';
import type { StageConfig } from '../../lib/pipeline/config.ts';
import { namedNeeds } from '../../lib/pipeline/graph.ts';
import type { Source } from '../../lib/pipeline/source.ts';
import { plain } from '../../lib/pipeline/yaml.ts';
import { Clones, paramsTree } from '../../lib/sweeps/clones.ts';
import type { Setting } from '../../lib/sweeps/spaces.ts';

const source: Source = { option: 'test', folder: '' };

function stage(name: string, needs: readonly string[], params = {}): StageConfig {
  return {
    name,
    source,
    use: name,
    useSource: source,
    needs: { kind: 'list', source, stages: needs.map((need) => ({ name: need, source })) },
    foreach: undefined,
    params: paramsTree(params, source),
  };
}

const set = (of: string, key: string, value: number): Setting => ({
  stage: of,
  key,
  source,
  value: { kind: 'scalar', source, value },
});

const base = [
  stage('decode', []),
  stage('mel', ['decode']),
  stage('split', ['decode']),
  stage('train', ['mel', 'split'], { lambda: 0.8, seed: 1 }),
  stage('evaluate', ['split', 'train']),
  stage('report', ['evaluate']),
];

describe('variations of a pipeline', () => {
  it('share every stage above what they vary', () => {
    const clones = new Clones(base);
    for (const lambda of [1, 2])
      clones.vary({ settings: [set('train', 'lambda', lambda)] }, ['evaluate']);
    const names = clones.stages.map(({ name }) => name);
    expect(names.map((name) => name.replace(/@.*/, ''))).toEqual([
      'decode',
      'mel',
      'split',
      'train',
      'evaluate',
      'train',
      'evaluate',
    ]);
    expect(new Set(names).size).toBe(7);
  });

  it('that differ only in the evaluation share their training', () => {
    const clones = new Clones(base);
    const names = [1, 2].map((draws) =>
      clones.vary({ settings: [set('evaluate', 'draws', draws)] }, ['evaluate']),
    );
    expect(names[0]?.get('train')).toBe('train');
    expect(names[1]?.get('train')).toBe('train');
    expect(names[0]?.get('evaluate')).not.toBe(names[1]?.get('evaluate'));
  });

  it('of an early stage vary all that comes after it', () => {
    const clones = new Clones(base);
    const names = clones.vary({ settings: [set('mel', 'bands', 64)] }, ['evaluate']);
    expect([...names].filter(([name, now]) => name !== now).map(([name]) => name)).toEqual([
      'mel',
      'train',
      'evaluate',
    ]);
    const train = clones.stages.find(({ name }) => name === names.get('train'));
    expect(train && namedNeeds(train).map(({ name }) => name)).toEqual([names.get('mel'), 'split']);
  });

  it('keep the parameters that they do not set', () => {
    const clones = new Clones(base);
    const names = clones.vary({ settings: [set('train', 'lambda', 2)] }, ['evaluate']);
    const train = clones.stages.find(({ name }) => name === names.get('train'));
    expect(train?.params && plain(train.params)).toEqual({ lambda: 2, seed: 1 });
  });

  it('leave out what the targets do not need', () => {
    const clones = new Clones(base);
    clones.vary({ settings: [] }, ['mel']);
    expect(clones.stages.map(({ name }) => name)).toEqual(['decode', 'mel']);
  });

  it('put a stage in the place of another for those that need it', () => {
    const clones = new Clones(base);
    const names = clones.vary({ settings: [], instead: new Map([['split', 'other']]) }, [
      'evaluate',
    ]);
    const train = clones.stages.find(({ name }) => name === names.get('train'));
    expect(train && namedNeeds(train).map(({ name }) => name)).toEqual(['mel', 'other']);
    expect(names.get('mel')).toBe('mel');
  });

  it('are called the same in every sweep', () => {
    const name = (others: readonly number[]): string | undefined => {
      const clones = new Clones(base);
      for (const other of others)
        clones.vary({ settings: [set('train', 'lambda', other)] }, ['evaluate']);
      return clones.vary({ settings: [set('train', 'lambda', 5)] }, ['evaluate']).get('evaluate');
    };
    expect(name([1, 2, 3])).toBe(name([]));
  });
});

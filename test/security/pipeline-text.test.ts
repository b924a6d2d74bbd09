import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig, type PipelineConfig } from '../../lib/pipeline/config.ts';
import { loadPipeline } from '../../lib/pipeline/load-pipeline.ts';
import type { Graph } from '../../lib/pipeline/graph.ts';
import { parseYaml, plain } from '../../lib/pipeline/yaml.ts';
import { stages as registry } from '../../stages/registry.ts';
import { smallCorpus } from '../helpers/corpus.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { fuzz } from './fuzz.ts';
import { mutateText, pick } from './mutate.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = temporaryFolder();
const seeds = [
  fs.readFileSync(path.join(root, 'pipeline.yaml'), 'utf8'),
  fs.readFileSync(path.join(root, 'experiments/paper.yaml'), 'utf8'),
  'stages:\n  decode: { params: { rate: 8000, emotions: [happy, sad] } }\n  mel: null\n',
  'extends: pipeline.yaml\nstages: { again: { use: split, needs: { clips: decode } } }\n',
  '? a\n: - b\n- |\n  text\n- >-\n  folded\n--- !!map { ? x : y, <<: { a: 1 } }\n...\n',
];
const words = ['stages:', 'params:', 'needs:', 'foreach: fold', 'use: train', 'extends: ', 'corpus: '];

beforeAll(() => {
  smallCorpus(path.join(folder, 'sample/corpus'), 2);
  fs.writeFileSync(path.join(folder, 'pipeline.yaml'), seeds[0]!);
});

/** Writes a text as a pipeline's file, among others that it may extend. */
function file(text: string, name = 'fuzzed.yaml'): string {
  const name_ = path.join(folder, name);
  fs.writeFileSync(name_, text);
  return name_;
}

/** What holds for every configuration that is read: names that are no paths, values that are plain. */
function check({ stages, corpus }: PipelineConfig): void {
  for (const { name, params } of stages) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    if (params !== undefined) expect(isPlain(plain(params))).toBe(true);
  }
  if (corpus !== undefined) expect(isPlain(plain(corpus))).toBe(true);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  const proto: unknown = Object.getPrototypeOf(value);
  return (proto === Object.prototype || proto === Array.prototype) && Object.values(value).every(isPlain);
}

const load = (config: string, sets: readonly string[]): Promise<Graph> =>
  loadPipeline({ root, registry, file: config, sets, folder, say: () => undefined });

describe('a damaged pipeline.yaml is read or refused', () => {
  it('as text, 3,000 times', async () => {
    const { read, refused } = await fuzz('YAML', 3_000, (random) => {
      check(readConfig({ file: file(mutateText(random, seeds, words)), folder }));
    });
    console.log({ read, refused });
  });

  it('with the stages that it names, their parameters and checks, 500 times', async () => {
    const { read, refused } = await fuzz('pipeline', 500, async (random) => {
      const text = mutateText(random, seeds.slice(0, 1), words);
      const graph = await load(file(text), []);
      expect(graph.instances.length).toBeLessThan(10_000);
    });
    console.log({ read, refused });
  });

  it('with --set, 2,000 times', async () => {
    const values = ['8000', '[1, 2]', '{ a: 1 }', 'hann', 'true', 'null', '"\\ud800"', '1e308', '4294967296', '1000000000000000', '-1', '"a\\0b"'];
    const keys = ['decode.rate', 'decode.offset', 'decode.duration', 'stft.size', 'stft.hop', 'mel.bands', 'mel.fmin', 'split.folds', 'split.list', 'split.seed', 'train.channels', 'train.kernels','train.strides','train.pools','train.poolSize', 'train.epochs', 'train.batch', 'baselines.c', 'evaluate.draws', 'evaluate.level', 'report.examples', 'decode.corpus', 'decode.emotions', 'train.__proto__', 'train.constructor', '__proto__.a', 'constructor.prototype'];
    const { read, refused } = await fuzz('--set', 2_000, async (random) => {
      const set = `${pick(random, keys)}=${pick(random, values)}`;
      const given = random.below(2) === 0 ? set : mutateText(random, [set], values);
      const graph = await load(path.join(folder, 'pipeline.yaml'), [given]);
      expect(graph.instances.length).toBeLessThan(10_000);
    });
    console.log({ read, refused });
  });
});

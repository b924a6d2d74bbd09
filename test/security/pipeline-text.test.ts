import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { canonicalJson } from '../../lib/pipeline/canonical.ts';
import { readConfig } from '../../lib/pipeline/config.ts';
import { bindRoles, orderStages, type DeclaredStage } from '../../lib/pipeline/graph.ts';
import { loadDeclaration } from '../../lib/pipeline/load.ts';
import { loadPipeline } from '../../lib/pipeline/load-pipeline.ts';
import { resolveParameters } from '../../lib/pipeline/parameters.ts';
import type { StageDeclaration } from '../../lib/pipeline/stage.ts';
import { wrong } from '../../lib/pipeline/source.ts';
import { stages as registry } from '../../stages/registry.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz, troubleWith } from './fuzz.ts';
import { hostileTokens, mutatedText } from './mutate.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = temporaryFolder();
const file = path.join(folder, 'pipeline.yaml');

const small = `stages:
  decode: { params: { corpus: corpus, short: pad } }
  stft: { needs: [decode], params: { window: hann, size: 512 } }
  mel: { needs: [stft], params: { bands: 16, fmax: 4000 } }
  split: { needs: [decode], params: { folds: 2, by: speaker, seed: 1 } }
  train: { needs: [decode, mel, split], foreach: fold, params: { epochs: 3, lambda: 0.8 } }
  again: { use: train, needs: { clips: decode, means: mel, folds: split }, foreach: fold }
`;

const tokens = [
  ...hostileTokens,
  ...Object.keys(registry),
  ...[
    'params:',
    'needs: ',
    'use: ',
    'foreach: fold',
    'extends: ',
    'corpus: ',
    'store',
    'latest',
    'runs',
  ],
  ...['lambda', 'channels', '1000000000', '[1, 2]', '{ }', 'null', 'none'],
];

const declarations = new Map<string, StageDeclaration>();
const schemas = new Map<StageDeclaration, z.ZodObject>();
let texts: readonly string[] = [];

beforeAll(async () => {
  for (const [name, entry] of Object.entries(registry)) {
    const declaration = await loadDeclaration(root, entry);
    declarations.set(name, declaration);
    schemas.set(declaration, declaration.parameters());
  }
  fs.writeFileSync(path.join(folder, 'base.yaml'), small);
  texts = [
    fs
      .readFileSync(path.join(root, 'pipeline.yaml'), 'utf8')
      .replace(/(decode:\n[^]*?params:)/, '$1\n      corpus: corpus'),
    fs
      .readFileSync(path.join(root, 'experiments/paper.yaml'), 'utf8')
      .replace('../pipeline', 'base'),
    small,
    small,
  ];
});

/** All that stands between a text and a plan but what reads the corpus: every stage with its parameters. */
function readText(text: string, sets: readonly string[] = []): readonly unknown[] {
  fs.writeFileSync(file, text);
  const ordered = orderStages(readConfig({ file, sets, folder }).stages);
  const all = new Map<string, DeclaredStage>();
  for (const config of ordered) {
    const declaration = declarations.get(config.use);
    if (declaration === undefined) throw wrong(config.useSource, 'unknown-stage', 'no such stage.');
    all.set(config.name, { config, declaration });
  }
  return [...all.values()].map((stage) => {
    const { config, declaration } = stage;
    bindRoles(stage, all);
    const { params, paths } = resolveParameters(
      config.name,
      schemas.get(declaration) ?? declaration.parameters(),
      config.params,
      config.source,
    );
    return { name: config.name, params, paths: paths.map((one) => one.path) };
  });
}

/** What was read must be ordinary data: it is hashed, kept as JSON, and given to stages. */
function wrongStages(stages: readonly unknown[]): string | undefined {
  if (stages.length === 0) return 'a pipeline without stages';
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) return 'a changed prototype';
  const text = canonicalJson(stages);
  return canonicalJson(JSON.parse(text)) === text ? undefined : 'parameters that JSON cannot hold';
}

it('a mutated pipeline.yaml gives stages with whole parameters, or a refusal that names its place', async () => {
  const outcomes = await fuzz({
    name: 'pipeline.yaml',
    seed: 1,
    count: 2500,
    make: (random) => mutatedText(random, texts, tokens),
    read: (text) => readText(text),
    wrong: wrongStages,
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(outcomes.read).toBeGreaterThan(100);
  expect(Object.keys(outcomes.refused)).toContain('invalid-yaml');
});

it('a mutated --set gives a parameter, or a refusal', async () => {
  const sets = ['train.lambda=0.5', 'train.channels=[1, 2]', 'mel.bands=12', 'split.by=clip'];
  const outcomes = await fuzz({
    name: '--set',
    seed: 2,
    count: 1000,
    make: (random) => mutatedText(random, sets, tokens),
    read: (set) => readText(small, [set]),
    wrong: wrongStages,
  });
  expect(outcomes.read).toBeGreaterThan(10);
});

it('a mutated pipeline.yaml is planned whole, or refused', async () => {
  const outcomes = await fuzz({
    name: 'plan of pipeline.yaml',
    seed: 3,
    count: 60,
    make: (random) => mutatedText(random, [small], tokens),
    read: async (text) => {
      fs.writeFileSync(file, text);
      const say = (): void => undefined;
      return (await loadPipeline({ root, registry, file, folder, say })).instances;
    },
    wrong: (instances) => (instances.length > 10_000 ? 'more than 10,000 instances' : undefined),
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
});

describe('a text that would take all memory, all stack or all day is refused at once:', () => {
  it.each([
    ['lists in lists', '['.repeat(400_000), 'yaml-too-large'],
    ['maps in maps', '{a: '.repeat(200_000), 'yaml-too-large'],
    ['lists in lists, in lines', '- '.repeat(400_000), 'yaml-too-large'],
    ['keys of keys', '? '.repeat(400_000), 'yaml-too-large'],
    ['indented maps', levels(1300), 'yaml-too-large'],
    ['a million keys', keys(150_000), 'yaml-too-large'],
    ['more than a megabyte', '#'.repeat(1_000_001), 'yaml-too-large'],
    ['aliases of aliases', billionLaughs(), 'yaml-alias'],
    ['a merge key of YAML 1.1', '%YAML 1.1\n---\na: &a { b: 1 }\nstages: { <<: *a }\n', 'yaml-key'],
    ['a value of another type', 'stages: { decode: !!binary aGVsbG8= }\n', 'yaml-value'],
    ['two thousand stages', `stages:\n${stagesOf(2000)}`, 'too-many-stages'],
  ])('%s', (_, text, code) => {
    expect(refusalOf(() => readText(text))).toBe(code);
  });

  it('a thousand million folds', async () => {
    fs.writeFileSync(file, small.replace('folds: 2', 'folds: 1000000000'));
    fs.mkdirSync(path.join(folder, 'corpus'), { recursive: true });
    const say = (): void => undefined;
    const set = 'decode.layout=ravdess';
    await expect(loadPipeline({ root, registry, file, folder, sets: [set], say })).rejects.toThrow(
      'the pipeline would have more than 10000 instances (train: one for each of 1000000000 folds).',
    );
  });

  it('files that extend one another without end', () => {
    for (let n = 0; n < 25; n += 1) {
      fs.writeFileSync(path.join(folder, `chain-${n}.yaml`), `extends: chain-${n + 1}.yaml\n`);
    }
    expect(refusalOf(() => readText('extends: chain-0.yaml\n'))).toBe('extends-chain');
  });

  it('what is no file, such as a device that never ends', () => {
    expect(refusalOf(() => readText('extends: /dev/zero\n'))).toBe('not-a-file');
  });
});

describe("names of JavaScript's own", () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s are unknown names',
    (name) => {
      const texts = [
        `stages: { ${name}: {} }\n`,
        `${name}: { polluted: true }\nstages: { decode: {} }\n`,
        `stages: { decode: { ${name}: { polluted: true } } }\n`,
        `stages: { decode: { use: ${name} } }\n`,
        `stages: { decode: { params: { ${name}: { polluted: true } } } }\n`,
        `stages: { decode: {}, stft: { needs: [${name}] } }\n`,
        `stages: { decode: {}, stft: { needs: { ${name}: decode } } }\n`,
      ];
      for (const text of texts)
        expect(
          refusalOf(() => readText(text)),
          text,
        ).not.toBe('read');
      const set = `decode.${name}={ polluted: true }`;
      expect(
        refusalOf(() => readText('stages: { decode: { params: { corpus: c } } }\n', [set])),
      ).toBe('unknown-parameter');
      expect('polluted' in {}).toBe(false);
    },
  );
});

it.each(['store', 'latest', 'runs', 'pins'])(
  'a stage cannot be called %s, where the engine keeps its own',
  (name) => {
    const yaml = `stages: { ${name}: { use: decode } }\n`;
    expect(refusalOf(() => readText(yaml))).toBe('bad-stage-name');
  },
);

it('a stage cannot be called a path, or longer than a file name may be', () => {
  for (const name of ['../up', '/etc', 'a/b', '.', '..', 'a'.repeat(65), 'Upper', 'a b']) {
    const yaml = `stages: { ${JSON.stringify(name)}: { use: decode } }\n`;
    expect(
      refusalOf(() => readText(yaml)),
      name,
    ).toBe('bad-stage-name');
  }
});

it('a refusal shows of a very long line what is around the word, with the marker under it', () => {
  const yaml = `stages: { decode: {}, ${' '.repeat(5000)}X: { use: "\t\x1b[2J" } }\n`;
  let message = '';
  try {
    readText(yaml);
  } catch (error) {
    message = (error as Error).message;
    expect(troubleWith(error)).toBeUndefined();
  }
  const [, line = '', marker = ''] = message.split('\n');
  expect(line.length).toBeLessThan(200);
  expect(line[marker.indexOf('^')]).toBe('X');
});

/** The code of the refusal; `read` where there was none. A refusal that nobody can read fails the test. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(troubleWith(error)).toBeUndefined();
    return (error as { code: string }).code;
  }
  return 'read';
}

function levels(count: number): string {
  return Array.from({ length: count }, (_, n) => `${' '.repeat(n)}a:`).join('\n');
}

function keys(count: number): string {
  return Array.from({ length: count }, (_, n) => `k${n.toString(36)}:`).join('\n');
}

function stagesOf(count: number): string {
  return Array.from({ length: count }, (_, n) => `  s${n}: { use: decode }\n`).join('');
}

function billionLaughs(): string {
  const rows = Array.from({ length: 9 }, (_, n) => {
    const before = n === 0 ? 'lol' : `*l${n - 1}`;
    return `l${n}: &l${n} [${Array<string>(9).fill(before).join(', ')}]\n`;
  });
  return rows.join('');
}

import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

/** The project's own configuration, less the rules that need types: the files below need not exist. */
const bySyntax = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });
const byTypes = new ESLint({ cwd: root });

const restrictions = ['no-restricted-syntax', 'no-restricted-globals', 'no-restricted-imports'];

/** How many times the project's own restrictions refuse this text in that file. */
async function refusals(filePath: string, text: string): Promise<number> {
  const [result] = await bySyntax.lintText(text, { filePath: path.join(root, filePath) });
  const broken = result?.messages.find(({ fatal }) => fatal);
  if (result === undefined || broken !== undefined) {
    throw new Error(`not linted: ${filePath}: ${broken?.message ?? 'ignored'}`);
  }
  return result.messages.filter(({ ruleId }) => restrictions.includes(ruleId ?? '')).length;
}

const results = ['stages/planted.ts', 'lib/dsp/planted.ts', 'lib/report/planted.ts'];
const engine = 'lib/pipeline/planted.ts';
const worker = 'lib/pipeline/worker.ts';
const starters = [
  worker,
  'lib/pipeline/local-executor.ts',
  'lib/pipeline/load.ts',
  'lib/pipeline/bundle.mjs',
];
const outside = ['lib/cli/planted.ts', 'bin/planted.mjs', 'test/dsp/planted.test.ts'];
const hashed = [...results, engine, ...starters];

interface Rule {
  readonly promise: string;
  readonly refused: readonly string[];
  readonly inFiles: readonly string[];
  readonly allowedIn: readonly string[];
}

const rules: readonly Rule[] = [
  {
    promise: 'a function that Math leaves to the machine comes from lib/math/portable.ts',
    refused: [
      'Math.exp(1);',
      'Math.pow(2, 3);',
      'Math.hypot(1, 2);',
      'Math["exp"](1);',
      'const { exp } = Math;',
      'const M = Math;',
      '[1].map(Math.log);',
      'const name = "exp"; Math[name](1);',
      'globalThis.Math.exp(1);',
      'const { Math: M } = globalThis;',
      'let x = 2; x **= 3;',
      'const x = 2 ** 3;',
    ],
    inFiles: hashed,
    allowedIn: outside,
  },
  {
    promise: 'no result depends on the locale',
    refused: [
      'new Intl.Collator();',
      'const { NumberFormat } = Intl;',
      'globalThis.Intl;',
      "'a'.localeCompare('b');",
      "'a'['localeCompare']('b');",
      "['b', 'a'].sort((x, y) => x.localeCompare(y));",
      'const { localeCompare } = String.prototype;',
      '(1.5).toLocaleString();',
      "'A'.toLocaleLowerCase();",
    ],
    inFiles: hashed,
    allowedIn: outside,
  },
  {
    promise: 'nothing runs that the bundler did not see',
    refused: [
      'await import(name);',
      'await import(`./${name}.ts`);',
      "new Worker('./x.js');",
      "new threads.Worker('./x.js');",
      "import { Worker as Thread } from 'node:worker_threads';",
      "fork('./x.js');",
      "child.fork('./x.js');",
      "import { fork as start } from 'node:child_process';",
      "new URL('./x.js', import.meta.url);",
      'fileURLToPath(import.meta.url);',
      'const here = import.meta.dirname;',
      'require(name);',
      "require('./x.cjs');",
    ],
    inFiles: [...results, engine],
    allowedIn: [...starters, ...outside],
  },
  {
    promise: 'no result knows the time or chance',
    refused: [
      'Date.now();',
      'new Date();',
      'performance.now();',
      "import { performance } from 'node:perf_hooks';",
      'Math.random();',
    ],
    inFiles: results,
    allowedIn: [engine, worker, ...outside],
  },
  {
    promise: 'only the command line knows the terminal, the environment and the exit status',
    refused: [
      "console.log('x');",
      'process.exit(1);',
      'process.exitCode = 1;',
      "process.env['HOME'];",
      "process['env'];",
      'const { env } = process;',
      'globalThis.process.exit(1);',
      "process.stdout.write('x');",
      "import { env } from 'node:process';",
    ],
    inFiles: [...results, engine, 'lib/pipeline/local-executor.ts'],
    allowedIn: outside,
  },
  {
    promise: 'whatever the command line and the engine look at is watched',
    refused: [
      "import { readFileSync } from 'node:fs';",
      "import fs from 'node:fs/promises';",
      "import { stat } from 'node:fs/promises';",
    ],
    inFiles: [engine, 'lib/pipeline/load.ts', 'lib/cli/planted.ts'],
    allowedIn: [...results, worker, 'bin/planted.mjs', 'test/dsp/planted.test.ts'],
  },
  {
    promise: "Node's own modules are imported with their prefix",
    refused: ["import fs from 'fs';", "import { readFile } from 'fs/promises';"],
    inFiles: [...hashed, ...outside],
    allowedIn: [],
  },
];

describe.each(rules)('$promise', ({ refused, inFiles, allowedIn }) => {
  it.each(refused)('%s', async (text) => {
    for (const file of inFiles) expect(await refusals(file, text), `in ${file}`).toBeGreaterThan(0);
    for (const file of allowedIn) expect(await refusals(file, text), `in ${file}`).toBe(0);
  });
});

describe('what every machine computes alike passes everywhere', () => {
  it.each([
    'Math.sqrt(2) + Math.fround(0.1) + Math.max(1, 2) + Math.floor(1.5) + Math.imul(3, 4);',
    '2 * Math.PI;',
    "['b', 'a'].sort();",
    "['b', 'a'].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));",
    '2n * 3n;',
    'const platform = process.platform;',
    "await import('@tensorflow/tfjs-backend-cpu');",
    'const require = createRequire(import.meta.url);',
    "require.resolve('@tensorflow/tfjs-backend-wasm/package.json');",
    '(0.5).toFixed(3);',
  ])('%s', async (text) => {
    for (const file of [...hashed, ...outside]) expect(await refusals(file, text), file).toBe(0);
  });
});

describe('rules that need types', () => {
  /** Which rules refuse this text; the file is one of the project's, since types need a project. */
  async function refusedBy(text: string): Promise<readonly (string | null)[]> {
    const filePath = path.join(root, 'lib/pipeline/errors.ts');
    const [result] = await byTypes.lintText(text, { filePath });
    return result?.messages.map(({ ruleId }) => ruleId) ?? [];
  }

  it('refuse a promise that nobody waits for, any, and !', async () => {
    const text = `
      export async function work(given: any): Promise<void> { given; }
      export function start(names: string[]): string { work(1); return names[0]!; }
    `;
    expect(await refusedBy(text)).toEqual(
      expect.arrayContaining([
        '@typescript-eslint/no-explicit-any',
        '@typescript-eslint/no-floating-promises',
        '@typescript-eslint/no-non-null-assertion',
      ]),
    );
  });

  it('refuse a default export', async () => {
    expect(await refusedBy('export default 1;\n')).toEqual(['no-restricted-exports']);
  });

  it('let a clean file pass', async () => {
    expect(
      await refusedBy('export const frames = (n: number): string => `${n} frames`;\n'),
    ).toEqual([]);
  });
});

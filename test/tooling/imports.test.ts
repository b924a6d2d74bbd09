import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const folders = ['bin', 'lib', 'stages', 'test', 'bench', 'sample'];

interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly unknown[];
  }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** What the project's configuration finds in the project, or in a tree of the same shape. */
async function cruise(cwd: string, below: readonly string[]): Promise<Cruise> {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const words = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...below];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], {
    cwd,
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout) as Cruise;
}

describe('the project', () => {
  it('is seen by the checker, TypeScript and types included, and keeps its import directions', async () => {
    const { modules, summary } = await cruise(root, folders);
    expect(summary.violations).toEqual([]);
    const seen = modules.filter(({ source }) => /^(lib|stages)\/.*\.ts$/.test(source));
    expect(seen.length).toBeGreaterThan(40);
    const edges = seen.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
    expect(edges).toBeGreaterThan(80);
  });
});

/** Each line is a file of a small tree, what it imports, and the rules that this breaks. */
const planted: readonly [file: string, imports: string, breaks: readonly string[]][] = [
  ['lib/math/a.ts', '../metrics/free.ts', ['math-stands-alone']],
  ['lib/wasm/a.ts', '../math/free.ts', ['wasm-stands-alone']],
  ['lib/dsp/a.ts', '../pipeline/errors.ts', ['science-knows-no-files']],
  ['lib/dsp/b.ts', '../pipeline/stage.ts', ['science-knows-no-files']],
  ['lib/metrics/a.ts', '../artifacts/free.ts', ['science-knows-no-files']],
  ['lib/model/a.ts', '../corpus/free.ts', ['science-knows-no-files']],
  ['lib/model/b.ts', '../math/free.ts', []],
  ['lib/model/c.ts', '../wasm/free.ts', []],
  ['lib/pipeline/a.ts', '../math/free.ts', ['engine-knows-no-speech']],
  [
    'lib/pipeline/b.ts',
    '../../stages/free.ts',
    ['engine-knows-no-speech', 'stages-are-run-not-imported'],
  ],
  ['lib/artifacts/a.ts', '../pipeline/free.ts', ['engine-is-known-by-its-interface']],
  ['lib/artifacts/b.ts', '../pipeline/errors.ts', []],
  ['lib/report/a.ts', '../cli/free.ts', ['command-line-is-the-top']],
  ['stages/a.ts', '../lib/cli/free.ts', ['command-line-is-the-top']],
  ['stages/b.ts', './free.ts', ['stages-are-run-not-imported']],
  ['stages/c.ts', '../lib/pipeline/free.ts', ['engine-is-known-by-its-interface']],
  ['stages/d.ts', '../lib/pipeline/stage.ts', []],
  ['stages/e.ts', '../lib/audio/free.ts', []],
  ['lib/corpus/a.ts', '../../stages/registry.ts', ['registry-is-for-the-command-line']],
  ['lib/cli/a.ts', '../../stages/registry.ts', []],
  ['lib/cli/b.ts', '../pipeline/free.ts', []],
  ['lib/audio/a.ts', '../../test/free.ts', ['product-without-tests']],
  ['lib/audio/b.ts', 'a-tool', ['product-without-tools']],
  ['lib/audio/c.ts', 'a-package', []],
  ['lib/audio/d.ts', 'a-stowaway', ['declared-packages']],
  ['lib/audio/e.ts', './nowhere.ts', ['unresolvable']],
  // Optional, and not installed in this tree.
  ['lib/audio/h.ts', 'ffmpeg-static', []],
  ['lib/audio/f.ts', './g.ts', ['no-cycles']],
  // The same cycle: it is reported once.
  ['lib/audio/g.ts', './f.ts', []],
  ['test/a.ts', 'a-tool', []],
  ['test/b.ts', '../stages/free.ts', []],
];

describe.each(['import { x }', 'import type { x }'])('a violation written as `%s`', (statement) => {
  let tree = '';
  let found: Cruise;

  beforeAll(async () => {
    tree = await mkdtemp(path.join(tmpdir(), 'imports-'));
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json']) {
      await cp(path.join(root, name), path.join(tree, name));
    }
    await plant(
      'package.json',
      '{"type":"module","dependencies":{"a-package":"1"},"devDependencies":{"a-tool":"1"}}',
    );
    for (const name of ['a-package', 'a-tool', 'a-stowaway']) {
      await plant(
        `node_modules/${name}/package.json`,
        `{"name":"${name}","version":"1.0.0","main":"x.js"}`,
      );
      await plant(`node_modules/${name}/x.js`, 'exports.x = 1;');
    }
    const free = planted.map(([file]) => `${path.dirname(file)}/free.ts`);
    const targets = ['lib/pipeline/errors.ts', 'lib/pipeline/stage.ts', 'stages/registry.ts'];
    for (const file of new Set([...free, ...targets])) await plant(file, 'export const x = 1;\n');
    for (const [file, from] of planted) {
      await plant(file, `${statement} from '${from}';\nexport const y: typeof x = 1;\n`);
    }
    found = await cruise(tree, ['lib', 'stages', 'test']);
  });

  afterAll(async () => {
    await rm(tree, { recursive: true });
  });

  async function plant(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
    await writeFile(path.join(tree, file), text);
  }

  it.each(planted)('%s importing %s breaks %j', (file, from, breaks) => {
    // The types of a tool cost nobody anything who installs without it.
    const expected = statement.includes('type') && from === 'a-tool' ? [] : breaks;
    const violations = found.summary.violations.filter((violation) => violation.from === file);
    expect(violations.map(({ rule }) => rule.name).sort()).toEqual([...expected].sort());
  });
});

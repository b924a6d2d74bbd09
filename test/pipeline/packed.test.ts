import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A package of two files, under the name of one that is packed. */
const installed = {
  'package.json':
    '{ "name": "zod", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'index.js': "export class Kept extends Error {} export * from './inner.js';",
  'inner.js': "export const word = 'first'; const none = 0; export { none as null };",
};

/** What a packed package imports from the project that it lies in. */
const LOADERS = ['lib/pipeline/cached-code.mjs', 'lib/pipeline/sealed.mjs'];

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-packed-'));
  for (const [name, text] of Object.entries(installed)) write(`node_modules/zod/${name}`, text);
  for (const name of LOADERS) {
    write(name, fs.readFileSync(path.resolve(import.meta.dirname, '../..', name), 'utf8'));
  }
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

function write(name: string, text: string): void {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

const place = (): string =>
  path.join(root, 'node_modules/.cache/emotion-in-motion/node_modules/zod');

/** What a new process would do: nothing is known of before. */
async function pack(names: readonly string[]): Promise<void> {
  vi.resetModules();
  const { packPackages } = await import('../../lib/pipeline/packed.mjs');
  await packPackages(root, names);
}

/** The module that a bundle would find. */
function packedModule(): string {
  const { exports } = JSON.parse(fs.readFileSync(path.join(place(), 'package.json'), 'utf8')) as {
    exports: string;
  };
  return path.join(place(), exports);
}

/** The one file that the module runs, and what V8 compiled of it. */
function packedFiles(): { readonly file: string; readonly code: string } {
  const names = fs.readdirSync(place());
  const file = names.find((name) => name.endsWith('.cjs'));
  const code = names.find((name) => name.endsWith(`.cjs.${process.version}-${process.arch}`));
  return { file: path.join(place(), file ?? 'none'), code: path.join(place(), code ?? 'none') };
}

interface Exports {
  readonly word: string;
  readonly null: number;
  readonly Kept: { readonly name: string };
}

/** As a process imports it; in one of its own, since this one remembers what it imported. */
function inProcess(): unknown {
  const { href } = pathToFileURL(packedModule());
  const script = `const { word, Kept } = await import('${href}'); console.log(word, Kept.name);`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
}

/** Packs in another process, killed before that many files or folders have been written. */
function packStoppedAt(writes: number): string | null {
  const packed = pathToFileURL(path.resolve(import.meta.dirname, '../../lib/pipeline/packed.mjs'));
  const script = `
    import fs from 'node:fs';
    let left = ${writes};
    for (const name of ['writeFileSync', 'renameSync']) {
      const write = fs[name];
      fs[name] = (...given) => {
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
        return write(...given);
      };
    }
    const { packPackages } = await import('${packed.href}');
    await packPackages(${JSON.stringify(root)}, ['zod']);`;
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  if (signal === null) expect([status, stderr]).toEqual([0, '']);
  return signal;
}

function importedBy(module: string): string {
  const { href } = pathToFileURL(path.join(root, module));
  const script = `const { word } = await import('${href}'); console.log(word);`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
}

async function packed(): Promise<Exports> {
  return (await import(/* @vite-ignore */ pathToFileURL(packedModule()).href)) as never;
}

it('gives what the installed files give, under the names they gave it', async () => {
  await pack(['zod', 'no-package-of-many-files']);
  expect(await packed()).toMatchObject({ word: 'first', null: 0 });
  expect((await packed()).Kept.name).toBe('Kept');
  expect(fs.readdirSync(path.dirname(place()))).toEqual(['zod']);
});

it('is left alone while nothing moved', async () => {
  await pack(['zod']);
  const inodes = (): number[] =>
    [packedModule(), ...Object.values(packedFiles())].map((file) => fs.statSync(file).ino);
  const before = inodes();
  await pack(['zod']);
  expect(inodes()).toEqual(before);
});

it('follows an installed file that changed, be it an inner one', async () => {
  await pack(['zod']);
  write('node_modules/zod/inner.js', "export const word = 'second';");
  await pack(['zod']);
  expect(await packed()).toMatchObject({ word: 'second' });
});

it('is made again where its package.json is gone', async () => {
  await pack(['zod']);
  fs.rmSync(path.join(place(), 'package.json'));
  await pack(['zod']);
  expect(await packed()).toMatchObject({ word: 'first' });
});

it('is found whole, or not yet, wherever the process that makes it is stopped', async () => {
  const found: string[] = [];
  let signal: string | null = 'SIGKILL';
  for (let writes = 1; signal !== null; writes += 1) {
    fs.rmSync(path.join(root, 'node_modules/.cache'), { recursive: true, force: true });
    signal = packStoppedAt(writes);
    // Where a bundle would stand that imports it.
    write('node_modules/.cache/emotion-in-motion/bundle.mjs', "export { word } from 'zod';");
    found.push(importedBy('node_modules/.cache/emotion-in-motion/bundle.mjs'));
    expect(signal, `after ${found.length} writes`).toBeOneOf(['SIGKILL', null]);
  }
  // Each file is written and gets its name, then the folder; and V8's code.
  expect(found.length).toBeGreaterThan(10);
  expect(new Set(found)).toEqual(new Set(['first\n']));
  await pack(['zod']);
  expect(await packed()).toMatchObject({ word: 'first' });
});

it.each(['module', 'file'])('is made again where its %s was damaged', async (which) => {
  await pack(['zod']);
  const damaged = which === 'file' ? packedFiles().file : packedModule();
  const whole = fs.readFileSync(damaged, 'utf8');
  fs.writeFileSync(damaged, whole.replace(/first|Kept/, 'other'));
  await pack(['zod']);
  expect(fs.readFileSync(damaged, 'utf8')).toBe(whole);
});

it('is made again where its list was damaged', async () => {
  await pack(['zod']);
  const list = path.join(place(), 'packed.json');
  const whole = fs.readFileSync(list, 'utf8');
  fs.writeFileSync(list, whole.slice(0, -3));
  await pack(['zod']);
  expect(fs.readFileSync(list, 'utf8').length).toBe(whole.length);
});

describe('the compiled code of a packed package', () => {
  it('is what V8 takes', async () => {
    await pack(['zod']);
    const { file, code } = packedFiles();
    const script = new vm.Script(
      `(function (exports, require, module) {${fs.readFileSync(file, 'utf8')}\n})`,
      { filename: file, cachedData: fs.readFileSync(code).subarray(64) },
    );
    expect(script.cachedDataRejected).toBe(false);
  });

  it('is not believed where it was damaged', async () => {
    await pack(['zod']);
    const { code } = packedFiles();
    const bytes = fs.readFileSync(code);
    bytes.fill(0xff, bytes.length / 2);
    fs.writeFileSync(code, bytes);
    expect(inProcess()).toBe('first Kept\n');
    await pack(['zod']);
    expect(fs.readFileSync(code).at(-1)).not.toBe(0xff);
  });

  it('may be gone, and is made again', async () => {
    await pack(['zod']);
    const { code } = packedFiles();
    fs.rmSync(code);
    expect(inProcess()).toBe('first Kept\n');
    await pack(['zod']);
    expect(fs.existsSync(code)).toBe(true);
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** A package of two files, under the name of one that is packed. */
const installed = {
  'package.json':
    '{ "name": "zod", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'index.js':
    "import { word } from './inner.js'; export class Kept extends Error {} export { word };",
  'inner.js': "export const word = 'first';",
};

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-packed-'));
  for (const [name, text] of Object.entries(installed)) write(`node_modules/zod/${name}`, text);
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

/** The one file that a bundle would find. */
function packedFile(): string {
  const { exports } = JSON.parse(fs.readFileSync(path.join(place(), 'package.json'), 'utf8')) as {
    exports: string;
  };
  return path.join(place(), exports);
}

async function packed(): Promise<{ word: string; Kept: { name: string } }> {
  return (await import(/* @vite-ignore */ pathToFileURL(packedFile()).href)) as never;
}

it('gives what the installed files give, under the names they gave it', async () => {
  await pack(['zod', 'no-package-of-many-files']);
  expect(await packed()).toMatchObject({ word: 'first' });
  expect((await packed()).Kept.name).toBe('Kept');
  expect(fs.readdirSync(path.dirname(place()))).toEqual(['zod']);
});

it('is left alone while nothing moved', async () => {
  await pack(['zod']);
  const before = fs.statSync(packedFile());
  await pack(['zod']);
  expect(fs.statSync(packedFile()).ino).toBe(before.ino);
});

it('follows an installed file that changed, be it an inner one', async () => {
  await pack(['zod']);
  write('node_modules/zod/inner.js', "export const word = 'second';");
  await pack(['zod']);
  expect(await packed()).toMatchObject({ word: 'second' });
});

it('is made again where it was damaged', async () => {
  await pack(['zod']);
  const whole = fs.readFileSync(packedFile(), 'utf8');
  fs.writeFileSync(packedFile(), whole.replace('first', 'other'));
  await pack(['zod']);
  expect(fs.readFileSync(packedFile(), 'utf8')).toBe(whole);
});

it('is made again where its list was damaged', async () => {
  await pack(['zod']);
  const list = path.join(place(), 'packed.json');
  const whole = fs.readFileSync(list, 'utf8');
  fs.writeFileSync(list, whole.slice(0, -3));
  await pack(['zod']);
  expect(fs.readFileSync(list, 'utf8').length).toBe(whole.length);
});

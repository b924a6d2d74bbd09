import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { toolFinders } from '../../lib/cli/tools.ts';
import { bundle } from '../../lib/pipeline/bundle.mjs';
import { ContentMemory } from '../../lib/pipeline/content.ts';
import { rememberedPipeline } from '../../lib/pipeline/graph-memory.ts';
import { seal, unseal } from '../../lib/pipeline/sealed.mjs';
import { smallToy } from '../helpers/small-toy.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz } from './fuzz.ts';
import { hostileTokens, mutatedText } from './mutate.ts';

it('a sealed text is itself, or nothing, whatever happened to its file', async () => {
  const whole = ['{}', '{"a":1}\n', '', 'two\nlines'].map((text) => ({ text, sealed: seal(text) }));
  const texts = new Set(whole.map(({ text }) => text));
  const outcomes = await fuzz({
    name: 'sealed caches',
    seed: 61,
    count: 2000,
    make: (random) =>
      mutatedText(
        random,
        whole.map(({ sealed }) => sealed),
        hostileTokens,
      ),
    read: (sealed) => unseal(sealed),
    wrong: (text) => (text === undefined || texts.has(text) ? undefined : `another text: ${text}`),
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(whole.map(({ sealed }) => unseal(sealed))).toEqual(whole.map(({ text }) => text));
});

/** Every way in which a cache is not what was written: cut, emptied, of another form, forged without seal. */
const damages: readonly (readonly [string, (text: string) => string])[] = [
  ['cut in half', (text) => text.slice(0, text.length >> 1)],
  ['empty', () => ''],
  ['one bit changed', (text) => `${text.slice(0, -2)}${text.endsWith(']}') ? '}]' : ']}'}`],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['sealed, but a list', () => seal('[1]')],
  ['sealed, of an earlier form', () => seal('{"format":1}')],
  ['its seal gone', (text) => text.slice(text.indexOf('\n') + 1)],
];

describe.each(damages)('with a cache that is %s', (_, damage) => {
  it('the bundle of a stage is made again, and is the same code', async () => {
    const toy = smallToy();
    const request = { root: toy.root, entry: 'stages/text.ts', part: 'run' } as const;
    const made = await bundle(request);
    change(path.join(path.dirname(made.file), 'stages-text.run.json'), damage);
    const again = await bundle(request);
    expect([again.file, again.sha256]).toEqual([made.file, made.sha256]);
    expect(again.sources.length).toBe(made.sources.length);
  });

  it('a hash that was remembered is not believed, but taken from the file', () => {
    const folder = temporaryFolder();
    const [memory, file] = [path.join(folder, 'content.json'), path.join(folder, 'a.wav')];
    fs.writeFileSync(file, 'a');
    fs.utimesSync(file, 1, 1);
    const first = new ContentMemory(memory);
    first.file(file, 'a');
    first.save();
    change(memory, damage);
    const again = new ContentMemory(memory);
    expect(again.file(file, 'a')).toBe(createHash('sha256').update('a').digest('hex'));
  });

  it('a pipeline that was remembered is read again', async () => {
    const toy = smallToy();
    const memoryFile = path.join(toy.root, 'node_modules/.cache/graphs.json');
    fs.mkdirSync(path.dirname(memoryFile), { recursive: true });
    const request = {
      root: toy.root,
      registry: { text: 'stages/text.ts', loud: 'stages/loud.ts', last: 'stages/last.ts' },
      file: path.join(toy.root, 'pipeline.yaml'),
      folder: toy.root,
      say: () => undefined,
    };
    const read = async (): Promise<readonly string[]> => {
      const memory = new ContentMemory(path.join(toy.root, 'content.json'));
      const { instances } = await rememberedPipeline(request, memoryFile, memory);
      return instances.map(({ id }) => id);
    };
    expect(await read()).toEqual(['text', 'loud', 'last']);
    change(memoryFile, damage);
    expect(await read()).toEqual(['text', 'loud', 'last']);
  });

  it('a program that was remembered is looked for again', async () => {
    const memory = path.join(temporaryFolder(), 'tools.json');
    const find = (): Promise<unknown> => toolFinders({}, memory)['ffmpeg']?.() ?? Promise.resolve();
    const found = await find();
    change(memory, damage);
    expect(await find()).toEqual(found);
  });
});

describe('code that was changed in the cache', () => {
  const toy = smallToy();
  const request = { root: toy.root, entry: 'stages/text.ts', part: 'run' } as const;
  const owned = path.join(toy.root, 'owned');
  const evil = `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(owned)}, ''); export const run = () => {};\n`;

  beforeEach(() => {
    fs.rmSync(owned, { force: true });
  });

  it('is not run, but made again', async () => {
    const { file, sha256 } = await bundle(request);
    const code = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, evil);
    const again = await bundle(request);
    expect([again.file, again.sha256]).toEqual([file, sha256]);
    expect(fs.readFileSync(again.file, 'utf8')).toBe(code);
    const { outcome } = await toy.run();
    expect([...outcome.results.values()].map(({ kind }) => kind)).toEqual(['ran', 'ran', 'ran']);
    expect(fs.existsSync(owned)).toBe(false);
  });

  it('is not run from elsewhere, where a list of bundles was forged without its seal', async () => {
    const { file } = await bundle(request);
    const manifest = path.join(path.dirname(file), 'stages-text.run.json');
    const elsewhere = path.join(toy.root, 'evil.mjs');
    fs.writeFileSync(elsewhere, evil);
    change(manifest, (text) => text.replace(path.basename(file), '../../../evil.mjs'));
    const again = await bundle(request);
    expect(again.file).toBe(file);
    await import(pathToFileURL(again.file).href);
    expect(fs.existsSync(owned)).toBe(false);
  });

  it('in a part that is loaded later is made again too', async () => {
    toy.write('lib/later.ts', 'export const later = () => 1;\n');
    toy.write(
      'lib/main.ts',
      "export const main = async () => (await import('./later.ts')).later();\n",
    );
    const split = { root: toy.root, entry: 'lib/main.ts', part: 'all', split: true } as const;
    const { file } = await bundle(split);
    const [later = ''] = fs
      .readdirSync(path.dirname(file))
      .filter((name) => name.startsWith('later'));
    const part = path.join(path.dirname(file), later);
    const code = fs.readFileSync(part, 'utf8');
    fs.writeFileSync(part, evil);
    await bundle(split);
    expect(fs.readFileSync(part, 'utf8')).toBe(code);
  });
});

function change(file: string, damage: (text: string) => string): void {
  const text = fs.readFileSync(file, 'utf8');
  const changed = damage(text);
  expect(changed).not.toBe(text);
  fs.writeFileSync(file, changed);
}

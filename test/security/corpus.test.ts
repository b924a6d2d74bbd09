import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseDescription, readDescription } from '../../lib/corpus/description.ts';
import { listCorpus, type Listing } from '../../lib/corpus/listing.ts';
import * as ravdess from '../../lib/corpus/ravdess.ts';
import { recogniseLayout } from '../../lib/corpus/recognise.ts';
import { surveyCorpus } from '../../lib/corpus/survey.ts';
import type { Random } from '../../lib/math/random.ts';
import { ContentMemory } from '../../lib/pipeline/content.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz, treeOf, troubleWith } from './fuzz.ts';
import { hostileTokens, mutatedText, pick } from './mutate.ts';

const descriptions = [
  'name: Small\nlayout: ravdess\nsynthetic: true\nlicence: CC0-1.0\ncitation: "Nobody (2026)"\n',
  '# a comment\nname: >-\n  Folded\n  text\nsynthetic: false\n',
  '{ name: Flow, layout: ravdess }\n',
];

it('a mutated corpus.yaml says five plain things, or is refused with its line', async () => {
  const outcomes = await fuzz({
    name: 'corpus.yaml',
    seed: 21,
    count: 2500,
    make: (random) =>
      mutatedText(random, descriptions, [...hostileTokens, 'name: ', 'layout: ', 'synthetic: ']),
    read: (text) => parseDescription(text, 'corpus.yaml'),
    wrong: (said) => {
      const kinds = Object.entries(said).map(([key, value]) => `${key} ${typeof value}`);
      const texts = ['name string', 'layout string', 'licence string', 'citation string'];
      const odd = kinds.filter((kind) => ![...texts, 'synthetic boolean'].includes(kind));
      return odd.length === 0 ? undefined : `something else: ${odd.join(', ')}`;
    },
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(outcomes.read).toBeGreaterThan(300);
});

it.each([
  ['lists in lists', 'name: '.concat('['.repeat(40_000))],
  ['keys of keys', '? '.repeat(40_000)],
  ['aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nname: *b\n'],
  ['a key that is a map', '? { a: b }\n: c\n'],
  ['a value with a key that is a map', 'name: { ? { a: b } : c }\n'],
  ['half a character', 'name: "\\ud800"\n'],
  ["a name of JavaScript's own", '__proto__: { synthetic: true }\n'],
])('a corpus.yaml of %s is refused', (_, text) => {
  let thrown: unknown;
  try {
    parseDescription(text, 'corpus.yaml');
  } catch (error) {
    thrown = error;
  }
  expect(troubleWith(thrown)).toBeUndefined();
});

/** A corpus of up to four files whose names are mutations: the names. What the file system refuses is left out. */
function plant(random: Random, folder: string): readonly string[] {
  const planted: string[] = [];
  fs.mkdirSync(folder, { recursive: true });
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const name = mutatedText(random, names, nameTokens).slice(0, 200);
    // A path that leaves the folder is for links, below: here it would be planted elsewhere.
    const file = path.join(folder, name.replaceAll('..', '__'));
    if (!file.startsWith(folder + path.sep) || file.includes('\0')) continue;
    planted.push(name);
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const kind = random.below(8);
      if (kind === 0) fs.symlinkSync(pick(random, targets), file);
      else if (kind === 1) fs.mkdirSync(file);
      else fs.writeFileSync(file, `bytes ${random.below(3)}`);
    } catch {
      // Too long, in the way of another, or not a name on this system.
    }
  }
  return planted;
}

const names = [
  'Actor_01/03-01-05-01-02-01-01.wav',
  'Actor_02/03-01-03-01-01-02-02.flac',
  '03-01-01-01-01-01-01.WAV',
  '-i.wav',
];
const nameTokens = [
  ...hostileTokens,
  '.wav',
  '.wav.',
  '/',
  '//',
  '.wav/',
  'file:',
  'http:',
  '|cat ',
  '\n',
];
const targets = [
  '.',
  '..',
  '/etc/passwd',
  '/etc',
  '../secret.wav',
  '/dev/zero',
  'nowhere.wav',
  '03.wav',
];

it('a corpus of mutated names is listed below its folder, each clip once, or refused', async () => {
  const home = temporaryFolder();
  fs.writeFileSync(path.join(home, 'secret.wav'), 'secret');
  const corpus = path.join(home, 'corpus');
  const signal = new AbortController().signal;
  const outcomes = await fuzz({
    name: 'corpus names',
    seed: 22,
    count: 2500,
    make: (random) => {
      fs.rmSync(corpus, { recursive: true, force: true });
      return plant(random, corpus);
    },
    read: async () => {
      const listing = await listCorpus(corpus);
      const duplicates = 'keep-first' as const;
      const request = { folder: corpus, listing, layout: ravdess, signal, duplicates };
      const survey = { ...request, emotions: [], onBadFile: 'skip' as const };
      expect((await surveyCorpus(survey)).files.length).toBe(listing.files.length);
      return listing;
    },
    wrong: (listing) => wrongListing(listing, corpus),
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(outcomes.read).toBeGreaterThan(300);
  expect(Object.keys(outcomes.refused)).toContain('link-leaves-corpus');
  fs.rmSync(corpus, { recursive: true });
  expect(treeOf(home)).toEqual([`secret.wav ${Buffer.from('secret').toString('hex')}`]);
});

function wrongListing({ files }: Listing, corpus: string): string | undefined {
  const clips = files.map(({ clip }) => clip);
  if (new Set(clips).size !== clips.length) return 'two files of one clip';
  for (const { clip, file, path: place } of files) {
    if (clip !== clip.normalize('NFC') || !file.startsWith(clip)) return `an odd name: ${clip}`;
    if (clip.split('/').some((part) => part === '..' || part === '.' || part === '')) {
      return `a name that leads elsewhere: ${clip}`;
    }
    if (!fs.realpathSync(place).startsWith(corpus + path.sep)) return `${clip} lies elsewhere`;
  }
  return undefined;
}

it('a corpus of strangely named files is refused with names that do nothing on a terminal', async () => {
  const corpus = temporaryFolder();
  for (const name of [
    '\x1b[2J\x1b]0;owned\x07.wav',
    'two\nlines.wav',
    '<script>.wav',
    '--help.wav',
  ]) {
    fs.writeFileSync(path.join(corpus, name), name);
  }
  const thrown: unknown = await recogniseLayout(corpus).catch((error: unknown) => error);
  expect(troubleWith(thrown)).toBeUndefined();
  expect((thrown as Error).message).toContain('\\u001b[2J\\u001b]0;owned\\u0007.wav');
});

it.runIf(process.platform !== 'win32')(
  'a pipe or a link for corpus.yaml is refused, not read',
  async () => {
    const corpus = temporaryFolder();
    const file = path.join(corpus, 'corpus.yaml');
    execFileSync('mkfifo', [file]);
    await expect(readDescription(corpus)).rejects.toThrow(`${file} is not a file.`);
    fs.rmSync(file);
    fs.symlinkSync('/etc/passwd', file);
    await expect(readDescription(corpus)).rejects.toThrow(
      `${file} is a link that leaves the corpus. Put the file itself there.`,
    );
  },
);

it('a pipe among the recordings does not count, and a link to a folder is not followed', async () => {
  const home = temporaryFolder();
  const corpus = path.join(home, 'corpus');
  fs.mkdirSync(corpus);
  fs.writeFileSync(path.join(corpus, 'a.wav'), 'a');
  fs.writeFileSync(path.join(home, 'secret.wav'), 'secret');
  fs.symlinkSync('.', path.join(corpus, 'loop'));
  fs.symlinkSync('..', path.join(corpus, 'up'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [path.join(corpus, 'pipe.wav')]);
  const listing = await listCorpus(corpus);
  expect(listing.files.map(({ file }) => file)).toEqual(['a.wav']);
  expect(listing.folderLinks).toEqual(['loop', 'up']);
  const memory = new ContentMemory(path.join(home, 'content.json'));
  expect(Object.keys(memory.folder(corpus, '\\.wav$', 'corpus'))).toEqual(['a.wav']);
});

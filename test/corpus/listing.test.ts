import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CORPUS_FILES, EXTENSIONS, listCorpus } from '../../lib/corpus/listing.ts';

let root = '';
let outside = '';
beforeEach(async () => {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'listing-')));
  root = path.join(folder, 'corpus');
  outside = path.join(folder, 'outside');
  await fs.mkdir(root);
  await fs.mkdir(outside);
});
afterEach(() => fs.rm(path.dirname(root), { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await fs.writeFile(path.join(root, name), name);
  }
}

const clips = async (): Promise<string[]> => (await listCorpus(root)).files.map(({ clip }) => clip);

describe('listing a corpus', () => {
  it('finds recordings at any depth, in any case of the extension, in code-unit order', async () => {
    await put('b.wav', 'a/z.FLAC', 'a/b/c.Opus', 'B.wav', 'a.ogg', 'notes.txt', 'corpus.yaml', 'x');
    const { files, folderLinks } = await listCorpus(root);
    expect(files).toEqual(
      [
        ['B', 'B.wav'],
        ['a', 'a.ogg'],
        ['a/b/c', 'a/b/c.Opus'],
        ['a/z', 'a/z.FLAC'],
        ['b', 'b.wav'],
      ].map(([clip = '', file = '']) => ({ clip, file, path: path.join(root, file) })),
    );
    expect(folderLinks).toEqual([]);
  });

  it('takes every extension that the engine is told to watch, and no other', async () => {
    const watched = new RegExp(CORPUS_FILES, 'u');
    for (const extension of EXTENSIONS) {
      expect(watched.test(`a.${extension}`)).toBe(true);
      expect(watched.test(`a.${extension.toUpperCase()}`)).toBe(true);
    }
    expect(['corpus.yaml', 'a.txt', 'awav', 'a.wav.bak'].map((name) => watched.test(name))).toEqual(
      [true, false, false, false],
    );
  });

  it('leaves out hidden files and folders', async () => {
    await put('a.wav', '._a.wav', '.hidden.wav', '.git/b.wav', '__MACOSX/._a.wav');
    expect(await clips()).toEqual(['a']);
  });

  it('names clips in NFC, whatever the file system holds', async () => {
    await put('a\u0308/u\u0308.wav');
    expect(await clips()).toEqual(['\u00e4/\u00fc']);
  });

  it('follows links to files inside, and only names links to folders', async () => {
    await put('real/a.wav');
    await fs.symlink(path.join(root, 'real/a.wav'), path.join(root, 'b.wav'));
    await fs.symlink(path.join(root, 'real'), path.join(root, 'again'));
    await fs.symlink(outside, path.join(root, 'elsewhere'));
    const { files, folderLinks } = await listCorpus(root);
    expect(files.map(({ clip }) => clip)).toEqual(['b', 'real/a']);
    expect(folderLinks).toEqual(['again', 'elsewhere']);
  });

  it('takes a corpus that is itself a link', async () => {
    await put('a.wav');
    const link = path.join(outside, 'link');
    await fs.symlink(root, link);
    expect((await listCorpus(link)).files.map(({ clip }) => clip)).toEqual(['a']);
  });

  it('refuses a link that leaves the corpus', async () => {
    await put('a.wav');
    await fs.writeFile(path.join(outside, 'b.wav'), '');
    await fs.symlink(path.join(outside, 'b.wav'), path.join(root, 'b.wav'));
    await expect(listCorpus(root)).rejects.toMatchObject({
      code: 'link-leaves-corpus',
      message: `b.wav in ${root} is a link that leaves the corpus. Put the file itself there.`,
    });
  });

  it('refuses a link to nothing', async () => {
    await fs.symlink(path.join(root, 'gone.wav'), path.join(root, 'b.wav'));
    await expect(listCorpus(root)).rejects.toMatchObject({
      code: 'broken-link',
      message: `b.wav in ${root} is a link to nothing.`,
    });
  });

  it('refuses two files that would be one clip', async () => {
    await put('a/x.wav', 'a/x.flac');
    await expect(listCorpus(root)).rejects.toMatchObject({
      code: 'same-clip-twice',
      message: `a/x.flac and a/x.wav in ${root} would both be the clip a/x. Keep one of them.`,
    });
  });

  it('refuses two names that are one after normalisation', async () => {
    await put('\u00e4.wav', 'a\u0308.wav');
    await expect(listCorpus(root)).rejects.toMatchObject({
      message: `\u00e4.wav and \u00e4.wav in ${root} would both be the clip \u00e4. Keep one of them.`,
    });
  });

  it('refuses a folder that is not there', async () => {
    const folder = path.join(root, 'nowhere');
    await expect(listCorpus(folder)).rejects.toMatchObject({
      code: 'no-such-corpus',
      message: `There is no corpus folder ${folder}. Name one with --corpus DIR, or as \`corpus:\` in the pipeline's YAML.`,
    });
  });

  it('refuses a file', async () => {
    await put('a.wav');
    const file = path.join(root, 'a.wav');
    await expect(listCorpus(file)).rejects.toMatchObject({
      code: 'corpus-not-a-folder',
      message: `The corpus ${file} is a file. It should be a folder of recordings.`,
    });
  });

  it('refuses a folder without recordings', async () => {
    await put('notes.txt', '.hidden.wav');
    await expect(listCorpus(root)).rejects.toMatchObject({
      code: 'empty-corpus',
      message: `${root} holds no recordings: no file in it ends in wav, flac, ogg, opus, mp3, m4a, aac, aiff, aif, caf, w64.`,
    });
  });
});

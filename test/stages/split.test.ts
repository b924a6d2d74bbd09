import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeClips, type Clip } from '../../lib/artifacts/clips.ts';
import { readFolds } from '../../lib/artifacts/folds.ts';
import { UserError } from '../../lib/pipeline/errors.ts';
import { axes, parameters, run } from '../../stages/split.ts';
import { corpusFacts, inputFile, smallCorpus, surroundings } from './small-corpus.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'split-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function split(params: Record<string, unknown>, clips: readonly Clip[] = smallCorpus()) {
  const clipsFile = path.join(folder, 'clips.arrow');
  const foldsFile = path.join(folder, 'folds.arrow');
  await writeClips(clipsFile, corpusFacts, clips);
  const around = surroundings();
  await run({
    ...around,
    params: parameters().parse(params),
    inputs: { clips: inputFile(clipsFile, 'decode') },
    outputs: { folds: foldsFile },
  });
  return { ...(await readFolds(foldsFile)), logged: around.logged };
}

/** The clips of each fold, in order. */
function clipsOf(rows: readonly { clip: string; fold: number }[], folds: number) {
  return Array.from({ length: folds }, (_, f) =>
    rows.filter(({ fold }) => fold === f + 1).map(({ clip }) => clip),
  );
}

describe('split', () => {
  test('by clip puts every kept clip into one fold, by fold and position', async () => {
    const { facts, rows, logged } = await split({ folds: 3, stratify: true });
    expect(rows).toHaveLength(36);
    expect(new Set(rows.map(({ clip }) => clip)).size).toBe(36);
    expect(rows.some(({ clip }) => clip === 'A1/short')).toBe(false);
    expect(rows.map(({ fold, position }) => [fold, position])).toEqual(
      Array.from({ length: 36 }, (_, i) => [Math.floor(i / 12) + 1, i % 12]),
    );
    for (const clips of clipsOf(rows, 3)) {
      for (const emotion of corpusFacts.classes) {
        expect(clips.filter((clip) => clip.includes(emotion))).toHaveLength(4);
      }
    }
    expect(facts).toEqual({ folds: 3, by: 'clip', seed: 1, stratify: true, speakersShared: 6 });
    expect(logged).toEqual(['36 clips in 3 folds by clip; 6 of 6 speakers are in more than one']);
  });

  test('by speaker shares no speaker between folds, and records that', async () => {
    const { facts, rows, logged } = await split({ folds: 3, by: 'speaker', seed: 7 });
    const speakers = clipsOf(rows, 3).map((clips) => [
      ...new Set(clips.map((clip) => clip.slice(0, 2))),
    ]);
    expect(speakers.flat().sort()).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']);
    for (const [one, other, ...more] of speakers) {
      expect(more).toEqual([]);
      expect((Number(one?.slice(1)) + Number(other?.slice(1))) % 2).toBe(1);
    }
    expect(facts).toEqual({
      folds: 3,
      by: 'speaker',
      seed: 7,
      stratify: false,
      speakersShared: 0,
    });
    expect(logged).toEqual([
      '36 clips in 3 folds by speaker; 0 of 6 speakers are in more than one',
    ]);
  });

  test('by list does what the list says', async () => {
    const kept = smallCorpus().filter(({ fate }) => fate === 'kept');
    const lines = kept.map(({ clip, repetition }) => `${clip},${repetition}`).reverse();
    const list = path.join(folder, 'list.csv');
    await writeFile(list, ['clip,fold', ...lines].join('\r\n'));
    const { facts, rows } = await split({ folds: 2, by: 'list', list });
    const [first, second] = clipsOf(rows, 2);
    expect(first).toEqual(
      kept
        .filter(({ repetition }) => repetition === 1)
        .map(({ clip }) => clip)
        .reverse(),
    );
    expect(second).toHaveLength(18);
    expect(facts.speakersShared).toBe(6);
  });

  test('gives the same folds for the same seed, and others for another', async () => {
    const one = await split({ seed: 1, stratify: true });
    expect((await split({ seed: 1, stratify: true })).rows).toEqual(one.rows);
    expect((await split({ seed: 2, stratify: true })).rows).not.toEqual(one.rows);
  });

  test('has as many instances after it as it has folds', () => {
    expect(axes.fold(parameters().parse({ folds: 7 }))).toBe(7);
  });
});

describe('split refuses', () => {
  test.each([
    [
      'more folds than clips',
      { folds: 37 },
      'too-many-folds',
      '36 clips cannot fill 37 folds. Set folds to at most 36.',
    ],
    [
      'more folds than speakers',
      { folds: 7, by: 'speaker' },
      'too-many-folds',
      '6 speakers cannot fill 7 folds with by: speaker. Set folds to at most 6, or by: clip.',
    ],
    [
      'a fold without a class',
      { folds: 13, stratify: true },
      'fold-without-class',
      "Fold 11 of 13 has no clip of the class sad, of which there are 12 in all (and 2 more such gaps). Set fewer folds, or leave the class out of decode's emotions.",
    ],
  ])('%s', async (_, params, code, message) => {
    await expect(split(params)).rejects.toThrow(new UserError(code, message));
    await expect(split(params)).rejects.toMatchObject({ code });
  });

  test('a class that a single speaker has, by speaker', async () => {
    const clips = smallCorpus().filter(({ speaker, label }) => speaker === 'A1' || label !== 2);
    await expect(split({ folds: 2, by: 'speaker' }, clips)).rejects.toThrow(
      /^Fold [12] of 2 has no clip of the class sad, of which there are 2 in all\. Set fewer folds, another seed, or leave the class out of decode's emotions\.$/,
    );
  });

  test('a class that a list leaves out of a fold', async () => {
    const kept = smallCorpus().filter(({ fate }) => fate === 'kept');
    const lines = kept.map(({ clip, label }) => `${clip},${label === 0 ? '1' : '2'}`);
    const list = path.join(folder, 'list.csv');
    await writeFile(list, ['clip,fold', ...lines].join('\n'));
    await expect(split({ folds: 2, by: 'list', list })).rejects.toThrow(
      new UserError(
        'fold-without-class',
        'Fold 1 of 2 has no clip of the class happy, of which there are 12 in all (and 2 more such gaps). Change the list.',
      ),
    );
  });

  test.each([
    [
      { by: 'list' },
      'list',
      'by: list needs a list: the path of a CSV file with the columns clip,fold,position',
    ],
    [{ list: 'folds.csv' }, 'list', 'a list is only read with by: list, not by: clip'],
    [
      { by: 'speaker', stratify: true },
      'stratify',
      'stratify: true needs by: clip, not by: speaker',
    ],
  ])('parameters that contradict each other: %j', (params, where, message) => {
    const { error } = parameters().safeParse(params);
    expect(error?.issues.map((issue) => [issue.path, issue.message])).toEqual([[[where], message]]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countSharedSpeakers,
  foldsWithoutClass,
  type Assignment,
} from '../../lib/folds/assignment.ts';
import { foldsByClip } from '../../lib/folds/by-clip.ts';
import { foldsBySpeaker } from '../../lib/folds/by-speaker.ts';
import { randomStream, type Random } from '../../lib/math/random.ts';

const stream = (seed: number): Random =>
  randomStream({ seed, stage: 'split', fold: 0, purpose: 'split' });

const labelled = fc.record({
  labels: fc.array(fc.nat(3), { minLength: 2, maxLength: 80 }),
  folds: fc.integer({ min: 2, max: 8 }),
  stratify: fc.boolean(),
  seed: fc.nat(1000),
});

/** Up to twelve speakers, the even ones female, and whose clips come in any order. */
const spoken = fc.record({
  turns: fc.array(fc.nat(11), { minLength: 2, maxLength: 80 }),
  folds: fc.integer({ min: 2, max: 12 }),
  seed: fc.nat(1000),
});

describe('folds by clip', () => {
  test('hold every clip once, in folds whose sizes differ by at most one', () => {
    fc.assert(
      fc.property(labelled, ({ labels, folds, stratify, seed }) => {
        fc.pre(folds <= labels.length);
        const sizes = checkPlaces(foldsByClip(labels, folds, stratify, stream(seed)), folds);
        expect(spread(sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('stratified differ by at most one in every class', () => {
    fc.assert(
      fc.property(labelled, ({ labels, folds, seed }) => {
        fc.pre(folds <= labels.length);
        const { fold } = foldsByClip(labels, folds, true, stream(seed));
        for (let label = 0; label < 4; label++) {
          const ofClass = [...fold].filter((_, clip) => labels[clip] === label);
          expect(spread(sizesOf(ofClass, folds))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('depend on the seed alone', () => {
    const labels = Array.from({ length: 50 }, (_, clip) => clip % 4);
    const deal = (seed: number) => foldsByClip(labels, 5, false, stream(seed));
    expect(deal(1)).toEqual(deal(1));
    expect(deal(1)).not.toEqual(deal(2));
  });

  test('do not put a class in a row, though stratified', () => {
    const labels = Array.from({ length: 200 }, (_, clip) => Math.floor(clip / 50));
    const { fold, position } = foldsByClip(labels, 2, true, stream(1));
    const first = labels
      .map((label, clip) => ({ label, fold: fold[clip]!, position: position[clip]! }))
      .filter((clip) => clip.fold === 1 && clip.position < 25);
    expect(new Set(first.map(({ label }) => label)).size).toBe(4);
  });

  test('refuse more folds than clips', () => {
    expect(() => foldsByClip([0, 1], 3, false, stream(1))).toThrow(
      new RangeError('2 clips do not fill 3 folds'),
    );
  });
});

describe('folds by speaker', () => {
  test('hold every clip once, no speaker in two folds, and balance speakers and sexes', () => {
    fc.assert(
      fc.property(spoken, ({ turns, folds, seed }) => {
        const speakers = turns.map((turn) => `speaker ${turn}`);
        const sexes = turns.map((turn) => (turn % 2 === 0 ? 'female' : 'male'));
        fc.pre(folds <= new Set(speakers).size);
        const assignment = foldsBySpeaker(speakers, sexes, folds, stream(seed));
        checkPlaces(assignment, folds);
        expect(countSharedSpeakers(speakers, assignment.fold)).toBe(0);
        const foldOf = new Map(speakers.map((speaker, clip) => [speaker, assignment.fold[clip]!]));
        const sexOf = new Map(speakers.map((speaker, clip) => [speaker, sexes[clip]!]));
        expect(spread(sizesOf([...foldOf.values()], folds))).toBeLessThanOrEqual(1);
        for (const sex of ['female', 'male']) {
          const ofSex = [...foldOf].filter(([speaker]) => sexOf.get(speaker) === sex);
          const sizes = sizesOf(
            ofSex.map(([, fold]) => fold),
            folds,
          );
          expect(spread(sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('depend on the seed, not on which clips a speaker has', () => {
    const speakers = Array.from({ length: 96 }, (_, clip) => `Actor_${clip % 24}`);
    const sexes = speakers.map(() => 'unknown');
    const deal = (seed: number, from: number) => {
      const some = speakers.slice(from);
      const { fold } = foldsBySpeaker(some, sexes.slice(from), 5, stream(seed));
      return Object.fromEntries(some.map((speaker, clip) => [speaker, fold[clip]!]));
    };
    expect(deal(1, 0)).toEqual(deal(1, 24));
    expect(deal(1, 0)).not.toEqual(deal(2, 0));
  });

  test('refuse more folds than speakers', () => {
    expect(() => foldsBySpeaker(['a', 'a', 'b'], ['x', 'x', 'x'], 3, stream(1))).toThrow(
      new RangeError('2 speakers do not fill 3 folds'),
    );
  });
});

test('shared speakers are those with clips in more than one fold', () => {
  expect(countSharedSpeakers(['a', 'b', 'a', 'c', 'b', 'a'], [1, 1, 2, 2, 1, 3])).toBe(1);
});

test('folds without a class are named in order', () => {
  expect(foldsWithoutClass([0, 1, 0, 2], [1, 1, 2, 2], 2, 3)).toEqual([
    { fold: 1, label: 2 },
    { fold: 2, label: 1 },
  ]);
  expect(foldsWithoutClass([0, 1, 0, 1], [1, 1, 2, 2], 2, 2)).toEqual([]);
});

/** Every fold is one of 1 to folds and its positions are 0, 1, 2, ...; returns the folds' sizes. */
function checkPlaces({ fold, position }: Assignment, folds: number): readonly number[] {
  const sizes = sizesOf([...fold], folds);
  sizes.forEach((size, f) => {
    const places = [...position].filter((_, clip) => fold[clip] === f + 1).sort((a, b) => a - b);
    expect(places).toEqual(Array.from({ length: size }, (_, place) => place));
  });
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(fold.length);
  return sizes;
}

function sizesOf(fold: readonly number[], folds: number): readonly number[] {
  return Array.from({ length: folds }, (_, f) => fold.filter((of) => of === f + 1).length);
}

function spread(sizes: readonly number[]): number {
  return Math.max(...sizes) - Math.min(...sizes);
}

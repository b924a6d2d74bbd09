import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countSharedSpeakers } from '../../lib/folds/assignment.ts';
import { foldsByList } from '../../lib/folds/by-list.ts';
import { UserError } from '../../lib/pipeline/errors.ts';

/** Two clips called `one`, one that decode dropped, one with an accent. */
const clips = [
  { clip: 'A/one', fate: 'kept' },
  { clip: 'A/two', fate: 'kept' },
  { clip: 'B/one', fate: 'kept' },
  { clip: 'B/short', fate: 'short' },
  { clip: 'B/thr\u00e9e', fate: 'kept' },
];

const folds = (text: string, count = 2) => {
  const { fold, position } = foldsByList(text, 'list.csv', clips, count);
  return { fold: [...fold], position: [...position] };
};

describe('folds by list', () => {
  test('are those of the list, by full name, or by the last part where that is unique', () => {
    const text = 'clip,fold,position\nB/one,1,0\ntwo,2,0\nA/one,1,1\nthr\u00e9e,2,1\n';
    expect(folds(text)).toEqual({ fold: [1, 2, 1, 2], position: [1, 0, 0, 1] });
  });

  test('take columns in any order and names in any normal form', () => {
    const text = 'position,fold,clip\n1,1,A/one\n0,2,A/two\n0,1,B/one\n1,2,B/thre\u0301e\n';
    expect(folds(text)).toEqual({ fold: [1, 2, 1, 2], position: [1, 0, 0, 1] });
  });

  test('without positions stand in the order of the lines', () => {
    const text = 'clip,fold\nB/thr\u00e9e,2\nA/two,2\nB/one,1\nA/one,1\n';
    expect(folds(text)).toEqual({ fold: [1, 2, 1, 2], position: [1, 1, 0, 0] });
  });

  test('take a last part as unique when the other clip of that name was not kept', () => {
    const some = [
      { clip: 'A/one', fate: 'kept' },
      { clip: 'B/one', fate: 'duplicate' },
    ];
    expect([...foldsByList('clip,fold\none,1\n', 'list.csv', some, 1).fold]).toEqual([1]);
  });

  test("hold 102 clips each in the authors' list", () => {
    const text = readFileSync('experiments/folds.csv', 'utf8');
    const names = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]!);
    const found = names.map((name) => ({ clip: `Actor_${name.slice(-2)}/${name}`, fate: 'kept' }));
    const { fold } = foldsByList(text, 'folds.csv', found, 5);
    const sizes = [1, 2, 3, 4, 5].map((wanted) => fold.filter((f) => f === wanted).length);
    expect(sizes).toEqual([102, 102, 102, 102, 102]);
    expect(
      countSharedSpeakers(
        names.map((name) => name.slice(-2)),
        fold,
      ),
    ).toBe(24);
  });

  const header = 'clip,fold,position\n';
  const rest = 'A/one,1,0\nA/two,1,1\n';
  test.each([
    [
      'an empty file',
      '',
      'list.csv:1: the first line must name the columns clip,fold or clip,fold,position, but is "".',
    ],
    [
      'no header',
      'A/one,1,0\n',
      'list.csv:1: the first line must name the columns clip,fold or clip,fold,position, but is "A/one,1,0".',
    ],
    [
      'a column that is not known',
      'clip,fold,split\n',
      'list.csv:1: the first line must name the columns clip,fold or clip,fold,position, but is "clip,fold,split".',
    ],
    [
      'a column twice',
      'clip,fold,fold\n',
      'list.csv:1: the first line must name the columns clip,fold or clip,fold,position, but is "clip,fold,fold".',
    ],
    ['a field too few', `${header}A/one,1\n`, 'list.csv:2: 2 fields in a list of 3 columns.'],
    [
      'a fold above the last',
      `${header}${rest}B/one,3,0\n`,
      'list.csv:4: fold "3" is none of 1 to 2; the stage must have as many folds as the list.',
    ],
    [
      'a fold that is no number',
      `${header}A/one,first,0\n`,
      'list.csv:2: fold "first" is none of 1 to 2; the stage must have as many folds as the list.',
    ],
    [
      'a position that is no number',
      `${header}A/one,1,-1\n`,
      'list.csv:2: position "-1" is no whole number from 0.',
    ],
    [
      'an unknown clip',
      `${header}${rest}four,2,0\n`,
      'list.csv:4: there is no clip "four" in the corpus (a clip is named by its path below the corpus, or the last part of it, without extension).',
    ],
    [
      'a name of two clips',
      `${header}one,2,0\n`,
      'list.csv:2: 2 clips are called one (A/one, B/one); write the whole path below the corpus.',
    ],
    [
      'a clip that was dropped',
      `${header}${rest}short,2,0\n`,
      'list.csv:4: decode did not keep the clip B/short (short).',
    ],
    [
      'a clip twice',
      `${header}${rest}two,2,0\n`,
      'list.csv:4: the clip A/two is in line 3 already.',
    ],
    [
      'a fold without clips',
      `${header}${rest}B/one,1,2\nB/thr\u00e9e,1,3\n`,
      'list.csv: no clip is in fold 2: the list has 1 fold, the stage 2; they must be as many.',
    ],
    [
      'a position twice',
      `${header}${rest}B/one,2,0\nB/thr\u00e9e,2,0\n`,
      'list.csv:5: position 0 of fold 2 is taken by line 4.',
    ],
    [
      'a hole',
      `${header}${rest}B/one,2,0\nB/thr\u00e9e,2,2\n`,
      'list.csv: fold 2 has 2 clips, but none at position 1.',
    ],
    [
      'a clip that is missing',
      `${header}${rest}B/one,2,0\n`,
      'list.csv: the list lacks 1 of the 4 clips that decode kept: B/thr\u00e9e.',
    ],
  ])('refuse %s', (_, text, message) => {
    expect(() => folds(text)).toThrow(new UserError('bad-fold-list', message));
  });

  test('name only the first of many missing clips', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ clip: `c${i}`, fate: 'kept' }));
    expect(() => foldsByList('clip,fold\nc4,1\n', 'list.csv', many, 1)).toThrow(
      new UserError(
        'bad-fold-list',
        'list.csv: the list lacks 8 of the 9 clips that decode kept: c0, c1, c2 and 5 more.',
      ),
    );
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { foldsByList } from '../../lib/folds/by-list.ts';
import { readCsv } from '../../lib/folds/csv.ts';
import { answered, fuzz } from './fuzz.ts';
import { hostileTokens, mutatedText } from './mutate.ts';

const clips = [
  { clip: 'A/one', fate: 'kept' },
  { clip: 'A/two', fate: 'kept' },
  { clip: 'B/one', fate: 'kept' },
  { clip: 'B/short', fate: 'short' },
  { clip: '__proto__', fate: 'kept' },
  { clip: 'constructor/thr\u00e9e', fate: 'kept' },
];
const lists = [
  'clip,fold,position\nB/one,1,0\ntwo,2,0\nA/one,1,1\nthr\u00e9e,2,1\n__proto__,1,2\n',
  'fold,clip\n1,A/one\n1,A/two\n2,B/one\n1,"__proto__"\n2,"constructor/thre\u0301e"\n',
];
const tokens = [
  ...hostileTokens,
  ...['clip', 'fold', 'position', 'A/one', '""', '"', ',,', '\r', '1', '2', '3', '0'],
  ...['=cmd()', '@SUM', '1e1', '0x1', '١', ' 1', '1 ', '999999999', '1000000000'],
];

it('a mutated list of folds puts every kept clip in one place, or is refused with its line', async () => {
  const outcomes = await fuzz({
    name: 'folds.csv',
    seed: 11,
    count: 4000,
    make: (random) => ({ text: mutatedText(random, lists, tokens), folds: 1 + random.below(3) }),
    read: ({ text, folds }) => foldsByList(text, 'folds.csv', clips, folds),
    wrong: ({ fold, position }, { folds }) => {
      if (fold.length !== 5 || position.length !== 5) return 'not one entry for each kept clip';
      const places = Array.from(fold, (one, index) => `${one}/${String(position[index])}`);
      if (new Set(places).size !== 5) return `two clips in one place: ${places.join(' ')}`;
      for (let one = 1; one <= folds; one += 1) {
        const inFold = position.filter((_, index) => fold[index] === one);
        const sorted = [...inFold].sort((a, b) => a - b);
        if (sorted.length === 0 || sorted.some((at, index) => at !== index))
          return `holes in fold ${one}`;
      }
      return undefined;
    },
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(outcomes.read).toBeGreaterThan(100);
  expect(Object.keys(outcomes.refused).sort()).toEqual(['bad-csv', 'bad-fold-list']);
});

it("the authors' own list, mutated, is read or refused", async () => {
  const text = fs.readFileSync(
    path.join(import.meta.dirname, '../../experiments/folds.csv'),
    'utf8',
  );
  const names = readCsv(text, 'folds.csv')
    .slice(1)
    .map(({ fields }) => fields[0] ?? '');
  const found = names.map((name) => ({ clip: `Actor/${name}`, fate: 'kept' }));
  const outcomes = await fuzz({
    name: "the authors' folds.csv",
    seed: 12,
    count: 300,
    make: (random) => mutatedText(random, [text], tokens),
    read: (changed) => foldsByList(changed, 'folds.csv', found, 5),
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
});

it('mutated CSV gives, written out again, the same fields', async () => {
  const outcomes = await fuzz({
    name: 'csv',
    seed: 13,
    count: 3000,
    make: (random) => mutatedText(random, [...lists, 'a,"b ""c"" ,\r\nd",e\r\n'], tokens),
    read: (text) => readCsv(text, 'x.csv'),
    wrong: (records) => {
      const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
      const again = records.map(({ fields }) => fields.map(quoted).join(',')).join('\n');
      const fields = (all: typeof records): string => JSON.stringify(all.map((one) => one.fields));
      return fields(readCsv(again, 'x.csv')) === fields(records) ? undefined : 'other fields';
    },
  });
  expect(outcomes.read).toBeGreaterThan(1000);
});

it('a list of many folds and a list of many quotes are read in no time', () => {
  const many = Array.from({ length: 50_000 }, (_, n) => ({ clip: `c${n}`, fate: 'kept' }));
  const text = `clip,fold\n${many.map(({ clip }, n) => `${clip},${(n % 10_000) + 1}\n`).join('')}`;
  expect(foldsByList(text, 'folds.csv', many, 10_000).fold[10_000]).toBe(1);
  expect(readCsv(`"${'""'.repeat(200_000)}"`, 'x.csv')[0]?.fields[0]?.length).toBe(200_000);
});

import { expect, test } from 'vitest';
import { picked, shortNames, varyingNames } from '../../lib/pipeline/parameter-names.ts';

test('a parameter is named in full where two stages have one of that name', () => {
  expect(shortNames(['train.lambda', 'train.seed', 'split.seed'])).toEqual([
    'lambda',
    'train.seed',
    'split.seed',
  ]);
});

test('what is the same everywhere does not vary; what only some have does', () => {
  const all = [
    { 'train.lambda': 0.3, 'train.channels': [5, 10], 'split.by': 'clip' },
    { 'train.seed': 1, 'train.channels': [5, 20], 'split.by': 'clip', 'train.lambda': 0.3 },
  ];
  const names = varyingNames(all);
  expect(names).toEqual(['train.channels', 'train.seed']);
  expect(all.map((parameters) => picked(parameters, names))).toEqual([
    { 'train.channels': [5, 10] },
    { 'train.channels': [5, 20], 'train.seed': 1 },
  ]);
});

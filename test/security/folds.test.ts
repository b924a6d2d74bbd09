import { expect, it } from 'vitest';
import { foldsByList } from '../../lib/folds/by-list.ts';
import { fuzz } from './fuzz.ts';
import { mutateText } from './mutate.ts';

const clips = ['a/01', 'a/02', 'b/01', 'b/03', 'c', 'd,"e"', '__proto__', 'constructor'].map((clip) => ({ clip, fate: 'kept' }));
const others = [{ clip: 'gone', fate: 'short' }];
const listed = clips.map(({ clip }, i) => [`"${clip.replaceAll('"', '""')}"`, (i % 2) + 1, Math.floor(i / 2)].join(','));
const seeds = [
  ['clip,fold,position', ...listed, ''].join('\n'),
  ['clip,fold,position', ...listed].join('\r\n'),
  ['fold,clip', ...listed.map((line) => line.replace(/^(.*),(\d),\d$/, '$2,$1'))].join('\n'),
];

it('csv', async () => {
  const tally = await fuzz('fold list', 4_000, (random) => {
    const text = mutateText(random, seeds, ['clip', 'fold', 'position', '01', '02', 'gone', '1\n', '2\n']);
    const { fold, position } = foldsByList(text, 'folds.csv', [...clips, ...others], 2);
    expect(fold.length).toBe(clips.length);
    for (const wanted of [1, 2]) {
      const positions = [...position].filter((_, i) => fold[i] === wanted).sort((a, b) => a - b);
      expect(positions).toEqual(positions.map((_, i) => i));
    }
    expect([...fold].every((one) => one === 1 || one === 2)).toBe(true);
  });
  console.log(tally);
});

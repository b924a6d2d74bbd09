import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../lib/math/random.ts';
import { collect } from '../../lib/pipeline/gc.ts';
import { points } from '../../lib/pipeline/points.ts';
import { verify } from '../../lib/pipeline/verify.ts';
import { workspaceOf } from '../helpers/small-toy.ts';
import { illnesses } from '../helpers/store-health.ts';
import { Toy } from '../helpers/toy.ts';

/** words -> each (two letters) -> join, whose result depends on every step. */
function small(): Toy {
  const toy = new Toy();
  toy.stage(
    'words',
    `export const parameters = () => z.strictObject({ text: z.string().default('b a') });
     export const reads = {};
     export const writes = { words: 'words.txt', count: 'count.txt' };
     export const axes = { letter: () => 2 };
     export async function run({ params, outputs }) {
       fs.writeFileSync(outputs.words, params.text);
       fs.writeFileSync(outputs.count, String(params.text.length));
     }`,
  );
  toy.stage(
    'each',
    `export const parameters = () => z.strictObject({ times: z.int().min(1).default(1) });
     export const reads = { words: 'words.txt' };
     export const writes = { letter: 'letter.txt' };
     export const foreach = 'letter';
     export async function run({ params, each, inputs, outputs }) {
       const letter = fs.readFileSync(inputs.words.path, 'utf8').split(' ')[each.letter - 1];
       await new Promise((done) => setTimeout(done, 40));
       fs.writeFileSync(outputs.letter, letter.repeat(params.times));
     }`,
  );
  toy.stage(
    'join',
    `export const parameters = () => z.strictObject({});
     export const reads = { letters: { kind: 'letter.txt', each: 'letter' }, count: 'count.txt' };
     export const writes = { joined: 'joined.txt' };
     export async function run({ inputs, outputs }) {
       const letters = inputs.letters.map(({ path }) => fs.readFileSync(path, 'utf8'));
       fs.writeFileSync(outputs.joined, [...letters, fs.readFileSync(inputs.count.path, 'utf8')].join('+'));
     }`,
  );
  toy.yaml(`stages:
  words: {}
  each: { needs: [words], foreach: letter, params: { times: 1 } }
  join: { needs: [words, each] }
`);
  return toy;
}

const report = 'b+a+3';

describe('a process that is stopped hard', () => {
  it.each(points)(
    'at %s leaves a store from which the next run gives the same bytes',
    async (point) => {
      const toy = small();
      for (const time of [1, 2, 4]) {
        const stopped = await toy.drive({ stopAt: `${point}#${time}` });
        if (time === 1) expect(stopped.signal).toBe('SIGKILL');
      }
      const next = await toy.drive();
      expect([next.status, next.stderr]).toEqual([0, '']);
      expect(toy.read('join/joined.txt')).toBe(report);
      expect(illnesses(path.join(toy.root, 'artifacts'))).toEqual([]);
      // What was killed on the way to its record is no run that gc could not judge.
      const workspace = workspaceOf(toy);
      expect(verify(workspace, new Set()).findings).toEqual([]);
      const wishes = { keepRuns: 1, dropTemporary: false, temporary: new Set<string>() };
      expect(() => collect(workspace, { ...wishes, nowMs: Date.now() })).not.toThrow();
    },
  );
});

describe('a soak', () => {
  const kills = Number(process.env['EMOTION_SOAK_KILLS'] ?? 50);
  it(
    `of ${kills} kills of the whole process group at random moments loses nothing`,
    async () => {
      const toy = small();
      const random = randomStream({ seed: 5, stage: 'soak', fold: 0, purpose: 'shuffle' });
      let killed = 0;
      for (let round = 0; killed < kills; round += 1) {
        const run = await toy.start({
          sets: [`each.times=${1 + (round % 9)}`, `words.text=b a${round % 4}`],
        });
        const timer = setTimeout(() => {
          run.kill();
        }, random.below(700));
        await run.ended;
        clearTimeout(timer);
        if (run.signal === 'SIGKILL') killed += 1;
        else expect([run.status, run.stderr]).toEqual([0, '']);
      }
      const last = await toy.drive();
      expect([last.status, last.stderr]).toEqual([0, '']);
      expect(toy.read('join/joined.txt')).toBe(report);
      expect(illnesses(path.join(toy.root, 'artifacts'))).toEqual([]);
    },
    60_000 + kills * 3_000,
  );
});

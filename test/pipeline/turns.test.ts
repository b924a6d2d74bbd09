import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns, type TurnTaker } from '../../lib/pipeline/turns.ts';
import { WorkerTurns } from '../../lib/pipeline/worker-turns.ts';
import { Toy } from '../helpers/toy.ts';

describe('turns', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Some processes that stand still at once when they are told to, and who works. */
  function processes(
    turns: Turns,
    names: string,
  ): { works: () => string; done: Record<string, number>; leave: (name: string) => void } {
    const done: Record<string, number> = {};
    const working = new Set<string>();
    const takers = new Map<string, TurnTaker>();
    for (const name of names) {
      working.add(name);
      const taker: TurnTaker = {
        get done() {
          return done[name] ?? 0;
        },
        pause: () => {
          working.delete(name);
          queueMicrotask(() => {
            turns.paused(taker);
          });
        },
        goOn: () => working.add(name),
      };
      takers.set(name, taker);
      turns.join(taker);
    }
    return {
      works: () => [...working].sort().join(''),
      done,
      leave: (name) => {
        working.delete(name);
        turns.leave(takers.get(name)!);
      },
    };
  }

  it('go round: two of three work at any time, and all equally often', async () => {
    const { works } = processes(new Turns(2), 'abc');
    const seen = [works()];
    for (let turn = 0; turn < 5; turn += 1) {
      await vi.advanceTimersByTimeAsync(100);
      seen.push(works());
    }
    expect(seen).toEqual(['ab', 'bc', 'ac', 'ab', 'bc', 'ac']);
  });

  it('let one who is behind work until it has caught up', async () => {
    const { works, done } = processes(new Turns(2), 'abc');
    Object.assign(done, { a: 0.3, b: 0.3, c: 0 });
    const seen = [];
    for (let turn = 0; turn < 9; turn += 1) {
      await vi.advanceTimersByTimeAsync(100);
      seen.push(works());
      for (const name of works()) done[name]! += 0.1;
    }
    expect(seen.slice(0, 5)).toEqual(['bc', 'ac', 'bc', 'ac', 'bc']);
    const shares = Object.values(done);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(0.15);
  });

  it('are not changed for one who is ahead', async () => {
    const { works, done } = processes(new Turns(2), 'abc');
    Object.assign(done, { a: 0.1, b: 0.2, c: 0.3 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(works()).toBe('ab');
    done['b'] = 0.3;
    await vi.advanceTimersByTimeAsync(100);
    expect(works()).toBe('ac');
  });

  it('give the place of who leaves to who waits, and end when nobody does', async () => {
    const { works, leave } = processes(new Turns(2), 'abc');
    leave('a');
    expect(works()).toBe('bc');
    await vi.advanceTimersByTimeAsync(1000);
    expect(works()).toBe('bc');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keep the place of one that is on the way to its safe point', async () => {
    const turns = new Turns(1);
    const told: string[] = [];
    const taker = (name: string): TurnTaker => ({
      done: 0,
      pause: () => told.push(`${name} pauses`),
      goOn: () => told.push(`${name} goes on`),
    });
    const [a, b] = [taker('a'), taker('b')];
    turns.join(a);
    turns.join(b);
    told.length = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual(['a pauses']);
    turns.paused(a);
    expect(told).toEqual(['a pauses', 'b goes on']);
  });
});

describe('a safe point', () => {
  it('stands still while it is told to, and says so', async () => {
    const said: string[] = [];
    const turns = new WorkerTurns(new AbortController().signal, () => said.push('stands still'));
    await turns.safePoint();
    turns.pause();
    const passed = turns.safePoint().then(() => said.push('goes on'));
    await vi.waitUntil(() => said.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(said).toEqual(['stands still']);
    turns.goOn();
    await passed;
    expect(said).toEqual(['stands still', 'goes on']);
  });

  it('throws the reason of an abort, standing still or not', async () => {
    const abort = new AbortController();
    const turns = new WorkerTurns(abort.signal, () => {
      abort.abort(new Error('stopped'));
    });
    turns.pause();
    await expect(turns.safePoint()).rejects.toThrow('stopped');
    await expect(turns.safePoint()).rejects.toThrow('stopped');
  });
});

/** What the instances wrote down, in order. */
function diaryOf(toy: Toy): readonly string[] {
  const file = path.join(toy.root, 'diary');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split(' ') : [];
}

/** Five instances that each write down when they begin, when they are at work, and when they end. */
function five(): Toy {
  const toy = new Toy();
  toy.stage(
    'deal',
    `export const parameters = () => z.strictObject({ folds: z.int().default(5) });
     export const axes = { fold: ({ folds }) => folds };
     export const reads = {};
     export const writes = { deal: 'deal.txt' };
     export async function run({ outputs }) { fs.writeFileSync(outputs.deal, 'dealt'); }`,
  );
  toy.stage(
    'long',
    `export const parameters = () => z.strictObject({ diary: z.string(), rounds: z.int().default(60) });
     export const foreach = 'fold';
     export const takesTurns = true;
     export const reads = { deal: 'deal.txt' };
     export const writes = { long: 'long.txt' };
     export async function run({ params, outputs, each, safePoint, signal }) {
       const note = (what) => fs.appendFileSync(params.diary, what + each.fold + ' ');
       note('begin');
       for (let round = 0; round < params.rounds; round += 1) {
         await safePoint();
         note('at');
         await new Promise((done) => setTimeout(done, 10));
       }
       note('end');
       fs.writeFileSync(outputs.long, 'fold ' + each.fold);
     }`,
  );
  const diary = JSON.stringify(path.join(toy.root, 'diary'));
  toy.yaml(
    `stages:\n  deal: {}\n  long: { needs: [deal], foreach: fold, params: { diary: ${diary} } }\n`,
  );
  return toy;
}

describe('the last instances of a stage that takes turns', () => {
  it('share the places when they would leave some empty: with two jobs the last three run in turns', async () => {
    const toy = five();
    const run = await toy.run([], { jobs: 2 });
    expect(run.failures).toEqual({});
    const diary = diaryOf(toy);
    const together = new Set<string>();
    let most = 0;
    for (const word of diary) {
      if (word.startsWith('begin')) together.add(word.slice(-1));
      if (word.startsWith('end')) together.delete(word.slice(-1));
      most = Math.max(most, together.size);
    }
    expect(most).toBe(3);
    // From the last beginning to the next end, all three were at work.
    const last = diary.slice(diary.findLastIndex((word) => word.startsWith('begin')));
    const shared = last.slice(
      0,
      last.findIndex((word) => word.startsWith('end')),
    );
    expect(new Set(shared.filter((word) => word.startsWith('at'))).size).toBe(3);
  });

  it('wait for each other with one job', async () => {
    const toy = five();
    await toy.run(['long.rounds=3'], { jobs: 1 });
    const order = diaryOf(toy).filter((word) => !word.startsWith('at'));
    expect(order).toEqual([1, 2, 3, 4, 5].flatMap((fold) => [`begin${fold}`, `end${fold}`]));
  });

  it('are stopped while they stand still', { timeout: 9000 }, async () => {
    const toy = five();
    const abort = new AbortController();
    const running = toy.run(['long.rounds=100000'], { jobs: 4 }, abort.signal);
    const begun = (): number => diaryOf(toy).filter((word) => word.startsWith('begin')).length;
    await vi.waitUntil(() => begun() === 5, 8000);
    abort.abort();
    const { kinds } = await running;
    expect(Object.values(kinds).filter((kind) => kind === 'interrupted')).toHaveLength(5);
  });
});

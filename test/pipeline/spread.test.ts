import { describe, expect, it } from 'vitest';
import { spreadOverThreads } from '../../lib/pipeline/worker-threads.ts';
import { Toy } from '../helpers/toy.ts';

/** A stage that has the squares of some numbers made by `spread`, and a sum that depends on their order. */
function squares(work: string): Toy {
  const toy = new Toy();
  toy.stage(
    'squares',
    `import { threadId } from 'node:worker_threads';
     export const parameters = () => z.strictObject({ bad: z.int().default(-1) });
     export const reads = {};
     export const writes = { squares: 'squares.txt' };
     class UserError extends Error { name = 'UserError'; code = 'bad-number'; }
     export async function run({ params, outputs, spread, log, signal }) {
       log('begun');
       const square = spread(async ({ number, numbers }) => {
         ${work}
       });
       const items = Array.from({ length: 20 }, (_, number) => (
         { number, numbers: new Float64Array([number, 99]).subarray(0, 1) }));
       const lines = [];
       const threads = new Set();
       for await (const { thread, squared } of square(items)) {
         lines.push(squared.join());
         threads.add(thread);
       }
       log('threads ' + [...threads].sort((a, b) => a - b).join());
       fs.writeFileSync(outputs.squares, lines.join(' '));
     }`,
  );
  toy.yaml('stages:\n  squares: {}\n');
  return toy;
}

/** A stage that has arrays filled by `spread`, writes their sums, and logs how many took fresh memory. */
function fills(items: number, work: string): Toy {
  const toy = new Toy();
  toy.stage(
    'fills',
    `export const parameters = () => z.strictObject({});
     export const reads = {};
     export const writes = { sums: 'sums.txt' };
     export async function run({ outputs, spread, log }) {
       const fill = spread(async (number, recycle) => {
         let fresh = false;
         const take = (length) => {
           const numbers = recycle(length);
           fresh = numbers[0] === 0;
           return numbers.fill(number + 1);
         };
         const made = async () => { ${work} };
         const numbers = await made();
         return { fresh, numbers };
       });
       const sums = [];
       let fresh = 0;
       for await (const result of fill(Array.from({ length: ${items} }, (_, n) => n))) {
         if (result.fresh) fresh += 1;
         if (result.numbers) sums.push(result.numbers.reduce((sum, number) => sum + number, 0));
       }
       log(String(fresh));
       fs.writeFileSync(outputs.sums, sums.join(' '));
     }`,
  );
  toy.yaml('stages:\n  fills: {}\n');
  return toy;
}

/** Takes the longer the earlier an item comes, so that results overtake each other. */
const slowly = `
  await new Promise((done) => setTimeout(done, number % 4 === 0 ? 30 : 1));
  if (number === params.bad) throw new UserError('there is a bad number');
  return { thread: threadId, squared: numbers.map((x) => x * x) };`;

const logged = (run: { events: readonly { type: string }[] }): unknown[] =>
  run.events.flatMap((event) => (event.type === 'log' && 'line' in event ? [event.line] : []));

describe('work that a stage spreads', () => {
  it('is done in threads, and its results come in the order of the items', async () => {
    const toy = squares(slowly);
    const run = await toy.run([], { jobs: 3 });
    expect(run.failures).toEqual({});
    const expected = Array.from({ length: 20 }, (_, x) => x * x).join(' ');
    expect(toy.read('squares/squares.txt')).toBe(expected);
    // The first one takes part.
    expect(logged(run)).toEqual(['begun', expect.stringMatching(/^threads 0,\d+,\d+$/)]);
  });

  it('may fill the memory of results that are done with, and only of those', async () => {
    const toy = fills(200, 'return take(1000 + (number % 2));');
    const run = await toy.run([], { jobs: 2 });
    expect(run.failures).toEqual({});
    expect(Number(logged(run)[0])).toBeLessThan(100);
    const sums = Array.from({ length: 200 }, (_, n) => (1000 + (n % 2)) * (n + 1));
    expect(toy.read('fills/sums.txt')).toBe(sums.join(' '));
  });

  it('takes no more memory for more items, though not each result fills its own', async () => {
    const toy = fills(
      900,
      `await new Promise((done) => setTimeout(done, number % 7 === 0 ? 4 : 0));
       return number % 3 > 0 ? undefined : take(1000);`,
    );
    const run = await toy.run([], { jobs: 4 });
    expect(run.failures).toEqual({});
    // Results under way, at most: 7 in hand and 16 ahead; and what each of four hands keeps, of 2 results.
    expect(Number(logged(run)[0])).toBeLessThanOrEqual(7 + 16 + 4 * 2);
  });

  it('is one item after the other in each thread, though the next one is there', async () => {
    const alone = `
      if (globalThis.busy) throw new UserError('two at once');
      globalThis.busy = true;
      await new Promise((done) => setTimeout(done, 5));
      globalThis.busy = false;
      return { thread: threadId, squared: numbers.map((x) => x * x) };`;
    const { failures } = await squares(alone).run([], { jobs: 3 });
    expect(failures).toEqual({});
  });

  it('gives the same bytes without threads, where one core is allowed', async () => {
    const [one, three] = [squares(slowly), squares(slowly)];
    const run = await one.run([], { jobs: 1 });
    await three.run([], { jobs: 3 });
    expect(logged(run)).toEqual(['begun', 'threads 0']);
    expect(one.read('squares/squares.txt')).toBe(three.read('squares/squares.txt'));
  });

  it.each([1, 3])('fails with the error of its work, told to the user: %i jobs', async (jobs) => {
    const { outcome } = await squares(slowly).run(['squares.bad=5'], { jobs });
    expect(outcome.results.get('squares')).toMatchObject({
      kind: 'failed',
      failure: { user: true, code: 'bad-number', message: 'there is a bad number' },
    });
  });

  it('fails when a thread dies under it', async () => {
    const dying =
      'if (threadId > 0) process.exit(7); return { thread: threadId, squared: numbers };';
    const { failures } = await squares(dying).run([], { jobs: 2 });
    expect(failures).toEqual({ squares: 'Internal error: a thread ended with status 7' });
  });

  // One that does not stop by itself is killed ten seconds later, which would be too late here.
  it('is interrupted in every thread', { timeout: 9000 }, async () => {
    const waiting = `
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)));`;
    const controller = new AbortController();
    const running = squares(waiting).run([], { jobs: 2 }, controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 1500);
    expect((await running).kinds).toEqual({ squares: 'interrupted' });
  });
});

it('is interrupted though it is about to begin', { timeout: 5000 }, async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const spread = spreadOverThreads(new URL(import.meta.url), '', 1, signal);
  const work = spread(
    () =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('heard of while it worked'));
        });
      }),
  );
  const first = work([1])[Symbol.asyncIterator]().next();
  // The item has been handed over; its work begins in the event loop's next turn.
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
  controller.abort(new Error('interrupted'));
  await expect(first).rejects.toThrow('interrupted');
});

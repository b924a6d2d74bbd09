import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { localExecutor } from '../../lib/pipeline/local-executor.ts';
import { run } from '../../lib/pipeline/run.ts';
import { SpareWorkers, workerFile } from '../../lib/pipeline/worker-spares.ts';
import { Toy } from '../helpers/toy.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** first -> second, of which the second writes down how its process was started. */
function chain(): Toy {
  const toy = new Toy();
  toy.stage(
    'first',
    `export const parameters = () => z.strictObject({ text: z.string().default('a') });
     export const reads = {};
     export const writes = { first: 'first.txt' };
     export async function run({ params, outputs, log }) {
       log('first ' + (process.argv[2] === '--await' ? 'waited' : 'started'));
       await new Promise((done) => setTimeout(done, 300));
       fs.writeFileSync(outputs.first, params.text.toLowerCase());
     }`,
  );
  toy.stage(
    'second',
    `export const parameters = () => z.strictObject({});
     export const reads = { first: 'first.txt' };
     export const writes = { second: 'second.txt' };
     export async function run({ inputs, outputs, log }) {
       log(process.argv[2] === '--await' ? 'waited' : 'started');
       fs.writeFileSync(outputs.second, fs.readFileSync(inputs.first.path));
     }`,
  );
  toy.yaml('stages:\n  first: {}\n  second: { needs: [first] }\n');
  return toy;
}

const logged = (run: { events: readonly { type: string }[] }): unknown[] =>
  run.events.flatMap((event) => (event.type === 'log' && 'line' in event ? [event.line] : []));

describe('an instance whose turn comes next', () => {
  it('finds a process that waits for it', async () => {
    const toy = chain();
    const run = await toy.run([], { jobs: 2 });
    expect(run.failures).toEqual({});
    expect(logged(run)).toEqual(['first waited', 'waited']);
    expect(toy.read('second/second.txt')).toBe('a');
  });

  it('starts its own with one job, which is one process at a time', async () => {
    expect(logged(await chain().run([], { jobs: 1 }))).toEqual(['first started', 'started']);
  });

  it('may turn out to be fresh: the process goes unused', async () => {
    const toy = chain();
    await toy.run();
    const again = await toy.run(['first.text=A']);
    expect(again.kinds).toEqual({ first: 'ran', second: 'fresh' });
  });
});

describe('the first instance of all', () => {
  const logOf = async (jobs: number): Promise<unknown[]> => {
    const toy = chain();
    const events: { type: string }[] = [];
    const executor = localExecutor(toy.root, jobs, ['zod']);
    const { signal } = new AbortController();
    const options = { targets: ['first'], only: false, force: false, jobs };
    await run(await toy.survey(), options, executor, (event) => events.push(event), signal);
    return logged({ events });
  };

  it('finds a process that waits for any', async () => {
    expect(await logOf(2)).toEqual(['first waited']);
  });

  it('starts its own with one job', async () => {
    expect(await logOf(1)).toEqual(['first started']);
  });
});

/**
 * deal -> five instances that write down their process's number, and fail or die where they are told to;
 * what they know of each other would be in the module.
 */
function fold(declared: string): Toy {
  const toy = new Toy();
  toy.stage(
    'deal',
    `export const parameters = () => z.strictObject({});
     export const axes = { fold: () => 5 };
     export const reads = {};
     export const writes = { deal: 'deal.txt' };
     export async function run({ outputs }) { fs.writeFileSync(outputs.deal, 'dealt'); }`,
  );
  toy.stage(
    'each',
    `export const parameters = () => z.strictObject({ fails: z.int().default(0), dies: z.int().default(0) });
     export const foreach = 'fold';
     ${declared}
     export const reads = { deal: 'deal.txt' };
     export const writes = { each: 'each.txt' };
     let runs = 0;
     export async function run({ params, each, outputs, log }) {
       log(process.pid + ' ' + (runs += 1));
       if (each.fold === params.fails) throw new Error('told to');
       if (each.fold === params.dies) process.kill(process.pid, 'SIGKILL');
       await new Promise((done) => setTimeout(done, 100));
       fs.writeFileSync(outputs.each, 'fold ' + each.fold);
     }`,
  );
  toy.yaml('stages:\n  deal: {}\n  each: { needs: [deal], foreach: fold }\n');
  return toy;
}

describe('instances of a stage', () => {
  const processesOf = (ran: Parameters<typeof logged>[0]): string[] =>
    logged(ran).map((line) => String(line).split(' ')[0]!);

  it('have a process each, unless it says that its runs leave nothing behind', async () => {
    const ran = await fold('').run([], { jobs: 2 });
    expect(ran.failures).toEqual({});
    expect(new Set(processesOf(ran)).size).toBe(5);
    expect(logged(ran).every((line) => String(line).endsWith(' 1'))).toBe(true);
  });

  it.each([1, 2])(
    'share as many processes as there are jobs, here %i, when it does',
    async (jobs) => {
      const toy = fold('export const leavesNothing = true;');
      const ran = await toy.run([], { jobs });
      expect(ran.failures).toEqual({});
      expect(processesOf(ran)).toHaveLength(5);
      expect(new Set(processesOf(ran)).size).toBe(jobs);
      expect(toy.read('each/fold-5/each.txt')).toBe('fold 5');
    },
  );

  it('have a fresh process after one that failed, which is over then', async () => {
    const ran = await fold('export const leavesNothing = true;').run(['each.fails=2'], { jobs: 1 });
    expect(Object.keys(ran.failures)).toEqual(['each[fold=2]']);
    const [first, second, third, ...others] = processesOf(ran);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(others).toEqual([third, third]);
    expect(() => process.kill(Number(first), 0)).toThrow('ESRCH');
  });

  it('lose no more than one to a process that dies', async () => {
    const ran = await fold('export const leavesNothing = true;').run(['each.dies=3'], { jobs: 2 });
    expect(Object.keys(ran.failures)).toEqual(['each[fold=3]']);
    expect(Object.values(ran.kinds).filter((kind) => kind === 'ran')).toHaveLength(5);
  });

  it('leave no process behind', async () => {
    const ran = await fold('export const leavesNothing = true;').run([], { jobs: 2 });
    for (const pid of processesOf(ran)) {
      await vi.waitUntil(() => !isAlive(Number(pid)), 3000);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('a job that is expected before any process can start loses none of those that wait', async () => {
  const processes = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;
  const before = processes();
  const executor = localExecutor(root, 2, ['zod']);
  await executor.expect([]);
  expect(processes()).toBe(before + 1);
  executor.close();
  await vi.waitUntil(() => processes() === before, 5000);
});

describe('waiting processes', () => {
  const code = (name: string) => ({ bundle: `/nowhere/${name}.mjs`, parts: {}, packages: [] });

  it('are given away once, for the code that they loaded', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    spares.expect([code('a')], 0);
    expect(spares.take(code('b'))).toBeUndefined();
    const taken = spares.take(code('a'));
    expect(taken?.connected).toBe(true);
    expect(spares.take(code('a'))).toBeUndefined();
    spares.close();
    expect(taken?.signalCode).toBeNull();
    taken?.kill('SIGKILL');
  });

  it('are given away for any code where they loaded none, and count as one that is expected', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    spares.expectAny([]);
    spares.expect([code('a'), code('b')], 0);
    const own = spares.take(code('b'));
    const any = spares.take(code('c'));
    expect(any?.connected).toBe(true);
    expect(own?.pid).not.toBe(any?.pid);
    expect(spares.take(code('a'))).toBeUndefined();
    own?.kill('SIGKILL');
    any?.kill('SIGKILL');
  });

  it('end when nobody expects them any more, the second time, and when all is done', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    const [a, b] = [code('a'), code('b')];
    spares.expect([a, b], 0);
    spares.expect([b], 0);
    const first = spares.take(a);
    expect(first?.connected).toBe(true);
    first?.kill('SIGKILL');
    spares.expect([a, b], 0);
    spares.expect([b], 0);
    spares.expect([b], 0);
    expect(spares.take(a)).toBeUndefined();
    spares.close();
    expect(spares.take(b)).toBeUndefined();
  });
});

import path from 'node:path';
import { describe, expect, it } from 'vitest';
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
    expect(logged(run)).toEqual(['first started', 'waited']);
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

describe('waiting processes', () => {
  const code = (name: string) => ({ bundle: `/nowhere/${name}.mjs`, parts: {}, packages: [] });

  it('are given away once, for the code that they loaded', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    spares.expect([code('a')]);
    expect(spares.take(code('b'))).toBeUndefined();
    const taken = spares.take(code('a'));
    expect(taken?.connected).toBe(true);
    expect(spares.take(code('a'))).toBeUndefined();
    spares.close();
    expect(taken?.signalCode).toBeNull();
    taken?.kill('SIGKILL');
  });

  it('are given away for any code where they loaded none', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    spares.expectAny([]);
    spares.expect([code('a')]);
    const own = spares.take(code('a'));
    const any = spares.take(code('b'));
    expect(any?.connected).toBe(true);
    expect(own?.pid).not.toBe(any?.pid);
    expect(spares.take(code('b'))).toBeUndefined();
    own?.kill('SIGKILL');
    any?.kill('SIGKILL');
  });

  it('end when nobody expects them any more, the second time, and when all is done', async () => {
    const spares = new SpareWorkers(root, await workerFile(root));
    const [a, b] = [code('a'), code('b')];
    spares.expect([a, b]);
    spares.expect([b]);
    const first = spares.take(a);
    expect(first?.connected).toBe(true);
    first?.kill('SIGKILL');
    spares.expect([a, b]);
    spares.expect([b]);
    spares.expect([b]);
    expect(spares.take(a)).toBeUndefined();
    spares.close();
    expect(spares.take(b)).toBeUndefined();
  });
});

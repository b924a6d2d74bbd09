import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { illnesses } from '../helpers/store-health.ts';
import { temporaryFolder, Toy, type Driven } from '../helpers/toy.ts';

/** Two stages, the second for three parts, that note each execution in a file of the test. */
function noted(notes: string, pauseMs = 150): Toy {
  const toy = new Toy();
  const note = `fs.appendFileSync(${JSON.stringify(notes)}, `;
  toy.stage(
    'first',
    `export const parameters = () => z.strictObject({});
     export const reads = {};
     export const writes = { first: 'first.txt' };
     export const axes = { part: () => 3 };
     export async function run({ outputs }) {
       ${note}'first\\n');
       await new Promise((done) => setTimeout(done, ${pauseMs}));
       fs.writeFileSync(outputs.first, 'first');
     }`,
  );
  toy.stage(
    'second',
    `export const parameters = () => z.strictObject({});
     export const reads = { first: 'first.txt' };
     export const writes = { second: 'second.txt' };
     export const foreach = 'part';
     export async function run({ each, outputs }) {
       ${note}'second ' + each.part + '\\n');
       await new Promise((done) => setTimeout(done, ${pauseMs}));
       fs.writeFileSync(outputs.second, 'second ' + each.part);
     }`,
  );
  toy.stage(
    'last',
    `export const parameters = () => z.strictObject({});
     export const reads = { parts: { kind: 'second.txt', each: 'part' } };
     export const writes = { last: 'last.txt' };
     export async function run({ inputs, outputs }) {
       ${note}'last\\n');
       fs.writeFileSync(outputs.last, inputs.parts.map(({ path }) => fs.readFileSync(path, 'utf8')).join());
     }`,
  );
  toy.yaml(
    'stages:\n  first: {}\n  second: { needs: [first], foreach: part }\n  last: { needs: [second] }\n',
  );
  return toy;
}

const once = ['first', 'last', 'second 1', 'second 2', 'second 3'];
const report = 'second 1,second 2,second 3';

function executions(notes: string): readonly string[] {
  return fs.readFileSync(notes, 'utf8').trim().split('\n').sort();
}

describe('runs at once', () => {
  it.each([2, 4])('in one folder, %i of them, compute every instance once', async (count) => {
    const notes = path.join(temporaryFolder(), 'notes');
    const toy = noted(notes);
    const runs = await Promise.all(Array.from({ length: count }, () => toy.start()));
    await Promise.all(runs.map(({ ended }) => ended));
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual(runs.map(() => [0, '']));
    expect(executions(notes)).toEqual(once);
    expect(toy.read('last/last.txt')).toBe(report);
    expect(illnesses(path.join(toy.root, 'artifacts'))).toEqual([]);
    expect(runs.flatMap(waits)).toContainEqual(
      expect.objectContaining({
        type: 'waiting',
        holder: expect.stringMatching(/^process \d+$/) as string,
      }),
    );
  });

  it('in two checkouts that share --artifacts compute every instance once', async () => {
    const notes = path.join(temporaryFolder(), 'notes');
    const artifacts = path.join(temporaryFolder(), 'shared');
    const toys = [noted(notes), noted(notes)];
    const runs = await Promise.all(toys.map((toy) => toy.start({ artifacts })));
    await Promise.all(runs.map(({ ended }) => ended));
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(executions(notes)).toEqual(once);
    expect(fs.readFileSync(path.join(artifacts, 'last/last.txt'), 'utf8')).toBe(report);
  });

  it('take a killed holder over at once', async () => {
    const notes = path.join(temporaryFolder(), 'notes');
    const toy = noted(notes, 4_000);
    const holder = await toy.start();
    await until(() => fs.existsSync(notes));
    const waiter = await toy.start();
    await until(() => waits(waiter).length > 0);
    const killedMs = Date.now();
    holder.kill();
    await until(() => executions(notes).length === 2);
    expect(Date.now() - killedMs).toBeLessThan(3_000);
    waiter.kill();
  });

  it('wait for a holder on another machine until its heart has not beaten for half a minute', async () => {
    const notes = path.join(temporaryFolder(), 'notes');
    const toy = noted(notes, 0);
    const store = path.join(toy.root, 'artifacts/store');
    // As a process on another host would have left it: nobody here can ask whether it still runs.
    await toy.drive();
    const [record] = fs
      .readdirSync(path.join(store, 'records'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile());
    const fingerprint = path.basename(record?.name ?? '', '.json');
    fs.rmSync(path.join(record?.parentPath ?? '', record?.name ?? ''));
    const far = { host: 'elsewhere', boot: '', pidNamespace: '', pid: 7, started: '1' };
    fs.mkdirSync(path.join(store, 'processes'), { recursive: true });
    fs.writeFileSync(path.join(store, 'processes/far.json'), JSON.stringify(far));
    fs.mkdirSync(path.join(store, 'leases'), { recursive: true });
    fs.writeFileSync(
      path.join(store, `leases/${fingerprint}.json`),
      JSON.stringify({ engine: 'far', token: 'x', instance: 'any' }),
    );
    const startedMs = Date.now();
    const run = await toy.drive();
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(waits(run)).toContainEqual(
      expect.objectContaining({ holder: 'process 7 on elsewhere' }),
    );
    expect(Date.now() - startedMs).toBeGreaterThan(25_000);
  }, 90_000);
});

function waits(run: Driven): readonly unknown[] {
  return run.events.filter(({ type }) => type === 'waiting');
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (condition()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error('it never came to that');
}

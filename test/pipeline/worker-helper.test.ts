import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { identify, runs, type ProcessIdentity } from '../../lib/pipeline/presence.ts';
import { Toy } from '../helpers/toy.ts';

/** A stage that says who it is, and a child that it started, and then never looks up again. */
function busyToy(): Toy {
  const toy = new Toy();
  toy.stage(
    'busy',
    `import { spawn } from 'node:child_process';
     export const parameters = () => z.strictObject({});
     export const reads = {};
     export const writes = { busy: 'busy.txt' };
     export async function run({ outputs }) {
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       for (const { pid } of [child, process]) {
         fs.writeFileSync(${JSON.stringify(path.join(toy.root, 'pid.'))} + pid, '');
       }
       for (;;);
     }`,
  );
  toy.yaml('stages:\n  busy: {}\n');
  return toy;
}

/** Those that the engine and its stages have started, once all have said so. */
async function started(toy: Toy, count: number): Promise<readonly ProcessIdentity[]> {
  const files = (): string[] => fs.readdirSync(toy.root).filter((name) => name.startsWith('pid.'));
  await expect.poll(() => files().length, { timeout: 15_000 }).toBe(count);
  return files().map((name) => identify(Number(name.slice('pid.'.length))));
}

it('ends a busy worker, and what it started, with the engine that is killed', async () => {
  const toy = busyToy();
  const driven = await toy.start();
  const both = await started(toy, 2);
  expect(both.map(runs)).toEqual([true, true]);
  driven.child.kill('SIGKILL');
  await driven.ended;
  await expect.poll(() => both.map(runs), { timeout: 5000 }).toEqual([false, false]);
});

it('ends workers that take turns, one that stands still, and one that waits for a job', async () => {
  const toy = new Toy();
  const note = `fs.writeFileSync(${JSON.stringify(path.join(toy.root, 'pid.'))} + process.pid, '');`;
  toy.stage(
    'deal',
    `export const parameters = () => z.strictObject({});
     export const axes = { fold: () => 3 };
     export const reads = {};
     export const writes = { deal: 'deal.txt' };
     export async function run({ outputs }) { fs.writeFileSync(outputs.deal, 'dealt'); }`,
  );
  toy.stage(
    'turn',
    `export const parameters = () => z.strictObject({});
     export const foreach = 'fold';
     export const takesTurns = true;
     export const reads = { deal: 'deal.txt' };
     export const writes = { turn: 'turn.txt' };
     export async function run({ safePoint }) {
       ${note}
       for (;;) await safePoint();
     }`,
  );
  toy.stage(
    'after',
    `if (process.argv.includes('--await')) ${note}
     export const parameters = () => z.strictObject({});
     export const foreach = 'fold';
     export const reads = { turn: 'turn.txt' };
     export const writes = { after: 'after.txt' };
     export async function run({ outputs }) { fs.writeFileSync(outputs.after, ''); }`,
  );
  toy.yaml(`stages:
  deal: {}
  turn: { needs: [deal], foreach: fold }
  after: { needs: [turn], foreach: fold }
`);
  const driven = await toy.start({ jobs: 2 });
  const all = await started(toy, 4);
  expect(all.map(runs)).toEqual([true, true, true, true]);
  driven.child.kill('SIGKILL');
  await driven.ended;
  await expect.poll(() => all.map(runs), { timeout: 5000 }).toEqual([false, false, false, false]);
});

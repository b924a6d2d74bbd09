import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { identify, runs } from '../../lib/pipeline/presence.ts';
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
       fs.writeFileSync(${JSON.stringify(path.join(toy.root, 'pids.tmp'))}, process.pid + ' ' + child.pid);
       fs.renameSync(${JSON.stringify(path.join(toy.root, 'pids.tmp'))}, ${JSON.stringify(path.join(toy.root, 'pids'))});
       for (;;);
     }`,
  );
  toy.yaml('stages:\n  busy: {}\n');
  return toy;
}

it('ends a busy worker, and what it started, with the engine that is killed', async () => {
  const toy = busyToy();
  const pidFile = path.join(toy.root, 'pids');
  const driven = await toy.start();
  await expect.poll(() => fs.existsSync(pidFile), { timeout: 15_000 }).toBe(true);
  const both = fs
    .readFileSync(pidFile, 'utf8')
    .split(' ')
    .map((pid) => identify(Number(pid)));
  expect(both.map(runs)).toEqual([true, true]);
  driven.child.kill('SIGKILL');
  await driven.ended;
  await expect.poll(() => both.map(runs), { timeout: 5000 }).toEqual([false, false]);
});

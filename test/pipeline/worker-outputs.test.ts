import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { followOutputs } from '../../lib/pipeline/worker-outputs.ts';
import { Helper } from '../../lib/pipeline/worker-helper.ts';
import { workerFile } from '../../lib/pipeline/worker-spares.ts';
import { temporaryFolder, Toy } from '../helpers/toy.ts';

const MEGABYTE = 1 << 20;
const root = path.resolve(import.meta.dirname, '../..');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One that does not end with this process's parent. */
async function helper(): Promise<Helper> {
  return new Helper(pathToFileURL(await workerFile(root)), false);
}

/** Twenty-four pieces of a megabyte, each of its own. */
const pieces = Array.from({ length: 24 }, (_, n) => Buffer.alloc(MEGABYTE, n + 1));

/** Writes a file in pieces while it is followed. @returns the hash that was found meanwhile, if any */
async function follow(change: (file: string) => void = () => undefined): Promise<{
  readonly found: string | undefined;
  readonly bytes: Buffer;
}> {
  const file = path.join(temporaryFolder(), 'large');
  const other = path.join(temporaryFolder(), 'never-written');
  const following = followOutputs(await helper(), [file, other]);
  for (const piece of pieces) {
    fs.appendFileSync(file, piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  change(file);
  return { found: (await following.end()).get(file), bytes: fs.readFileSync(file) };
}

describe('an output that is followed while it is written', () => {
  it('has its hash when it is complete', async () => {
    const { found, bytes } = await follow();
    expect(found).toBe(sha256(bytes));
  });

  it('has none where its beginning changed meanwhile', async () => {
    const { found } = await follow((file) => {
      const handle = fs.openSync(file, 'r+');
      fs.writeSync(handle, 'new', 0);
      fs.closeSync(handle);
    });
    expect(found).toBeUndefined();
  });

  it('has none where it became shorter meanwhile', async () => {
    const { found } = await follow((file) => {
      fs.truncateSync(file, 2 * MEGABYTE);
    });
    expect(found).toBeUndefined();
  });

  it('is left alone where it is small', async () => {
    const file = path.join(temporaryFolder(), 'small');
    const following = followOutputs(await helper(), [file]);
    fs.writeFileSync(file, 'small');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(await following.end()).toEqual(new Map());
  });
});

it.each([
  ['goes on to its end', ''],
  ['comes back to its beginning', "fs.writeSync(handle, 'new', 0);"],
])('the large output of a stage that %s is named by its bytes', async (_, then) => {
  const toy = new Toy();
  toy.stage(
    'large',
    `export const parameters = () => z.strictObject({});
     export const reads = {};
     export const writes = { large: 'large.bin' };
     export const appends = true;
     export async function run({ outputs }) {
       const handle = fs.openSync(outputs.large, 'w');
       for (let n = 0; n < 24; n += 1) {
         fs.writeSync(handle, Buffer.alloc(${String(MEGABYTE)}, n));
         await new Promise((done) => setTimeout(done, 10));
       }
       ${then}
       fs.closeSync(handle);
     }`,
  );
  toy.yaml('stages:\n  large: {}\n');
  expect((await toy.run()).failures).toEqual({});
  const object = toy.object('large', 'large');
  expect(path.basename(object)).toContain(sha256(fs.readFileSync(object)).slice(2));
});

it('the large outputs of instances that share a process are each named by their own bytes', async () => {
  const toy = new Toy();
  const large = (name: string, reads: string, first: number): void => {
    toy.stage(
      name,
      `export const parameters = () => z.strictObject({});
       export const reads = ${reads};
       export const writes = { ${name}: '${name}.bin' };
       export const appends = true;
       export const leavesNothing = true;
       export async function run({ outputs, log }) {
         log(String(process.pid));
         const handle = fs.openSync(outputs.${name}, 'w');
         for (let n = 0; n < 20; n += 1) {
           fs.writeSync(handle, Buffer.alloc(${String(MEGABYTE)}, n + ${String(first)}));
           await new Promise((done) => setTimeout(done, 10));
         }
         fs.closeSync(handle);
       }`,
    );
  };
  large('one', '{}', 1);
  large('two', "{ one: 'one.bin' }", 2);
  toy.yaml('stages:\n  one: {}\n  two: { needs: [one] }\n');
  const run = await toy.run([], { jobs: 1 });
  expect(run.failures).toEqual({});
  const pids = run.events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
  expect(pids).toHaveLength(2);
  expect(pids[1]).toBe(pids[0]);
  for (const name of ['one', 'two']) {
    const object = toy.object(name, name);
    expect(path.basename(object)).toContain(sha256(fs.readFileSync(object)).slice(2));
  }
});

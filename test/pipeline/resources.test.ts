import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { illnesses } from '../helpers/store-health.ts';
import { temporaryFolder, Toy, type Driven } from '../helpers/toy.ts';

/** One stage that writes as many bytes as it is asked to, and one that counts them. */
function writer(): Toy {
  const toy = new Toy();
  toy.stage(
    'make',
    `export const parameters = () => z.strictObject({ bytes: z.int().default(1000), source: z.string().min(1).meta({ path: 'file' }).optional() });
     export const reads = {};
     export const writes = { made: 'made.bin' };
     export async function run({ params, outputs }) {
       const handle = fs.openSync(outputs.made, 'w');
       for (let at = 0; at < params.bytes; at += 65536) fs.writeSync(handle, Buffer.alloc(Math.min(65536, params.bytes - at), 7));
       fs.closeSync(handle);
     }`,
  );
  toy.stage(
    'count',
    `export const parameters = () => z.strictObject({});
     export const reads = { made: 'made.bin' };
     export const writes = { count: 'count.txt' };
     export async function run({ inputs, outputs }) {
       fs.writeFileSync(outputs.count, String(fs.statSync(inputs.made.path).size));
     }`,
  );
  toy.yaml('stages:\n  make: { params: { bytes: 1000 } }\n  count: { needs: [make] }\n');
  return toy;
}

const mega = 1_000_000;

describe('a store that cannot be written', () => {
  it.skipIf(!canMount())(
    'because the disk is full: says so, touches nothing, and goes on once there is room',
    async () => {
      const toy = writer();
      const artifacts = path.join(temporaryFolder(), 'small');
      fs.mkdirSync(artifacts);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', artifacts]);
      try {
        await toy.drive({ artifacts });
        const before = objects(artifacts);
        const full = await toy.drive({ artifacts, sets: [`make.bytes=${3 * mega}`] });
        expect(full.status).toBe(1);
        expect(failure(full)).toMatch(
          /^The artifacts cannot be written: the disk is full \(.*\)\. Nothing that was there was touched; run again when it is mended\.$/,
        );
        expect(objects(artifacts)).toEqual(before);
        expect(illnesses(artifacts)).toEqual([]);
        execFileSync('mount', ['-o', 'remount,size=20m', artifacts]);
        const after = await toy.drive({ artifacts, sets: [`make.bytes=${3 * mega}`] });
        expect([
          after.status,
          fs.readFileSync(path.join(artifacts, 'count/count.txt'), 'utf8'),
        ]).toEqual([0, String(3 * mega)]);
      } finally {
        execFileSync('umount', [artifacts]);
      }
    },
  );

  it.skipIf(!canMount())(
    'because it is mounted read-only: says so, and works again when it is not',
    async () => {
      const toy = writer();
      const artifacts = path.join(temporaryFolder(), 'small');
      fs.mkdirSync(artifacts);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', artifacts]);
      try {
        await toy.drive({ artifacts });
        execFileSync('mount', ['-o', 'remount,ro', artifacts]);
        expect((await toy.drive({ artifacts })).status).toBe(0);
        const refused = await toy.drive({ artifacts, sets: ['make.bytes=2000'] });
        expect(refused.status).toBe(1);
        expect(failure(refused)).toMatch(
          /^The artifacts cannot be written: the file system is read-only \(/,
        );
        execFileSync('mount', ['-o', 'remount,rw', artifacts]);
        expect((await toy.drive({ artifacts, sets: ['make.bytes=2000'] })).status).toBe(0);
      } finally {
        execFileSync('umount', [artifacts]);
      }
    },
  );
});

describe('a file outside the store', () => {
  it('that cannot be read is named', async () => {
    const toy = writer();
    toy.write('there.csv', 'x');
    await toy.drive({ sets: ['make.source=there.csv'] });
    fs.rmSync(path.join(toy.root, 'there.csv'));
    const run = await toy.drive({ sets: ['make.source=there.csv'] });
    expect(run.stderr).toContain(`make.source: there is no ${path.join(toy.root, 'there.csv')}.`);
  });

  it('that is edited while its stage runs keeps the result out of the store, and is named', async () => {
    const toy = writer();
    const source = path.join(toy.root, 'there.csv');
    toy.write('there.csv', 'x');
    toy.stage(
      'make',
      `export const parameters = () => z.strictObject({ source: z.string().min(1).meta({ path: 'file' }), bytes: z.int().default(1) });
       export const reads = {};
       export const writes = { made: 'made.bin' };
       export async function run({ params, outputs }) {
         fs.writeFileSync(outputs.made, fs.readFileSync(params.source));
         if (fs.readFileSync(params.source, 'utf8') === 'x') fs.writeFileSync(params.source, 'y');
       }`,
    );
    const run = await toy.run([`make.source=${source}`]);
    expect(run.outcome.results.get('make')).toMatchObject({ kind: 'moved', files: ['there.csv'] });
    expect((await toy.run([`make.source=${source}`])).kinds).toMatchObject({
      make: 'ran',
      count: 'ran',
    });
  });

  it('such as the YAML, edited while a stage runs, likewise; a comment in it does not count', async () => {
    const toy = writer();
    const yaml = path.join(toy.root, 'pipeline.yaml');
    const edit = (change: string): void => {
      toy.stage(
        'make',
        `export const parameters = () => z.strictObject({ bytes: z.int().default(1) });
         export const reads = {};
         export const writes = { made: 'made.bin' };
         export async function run({ params, outputs }) {
           fs.writeFileSync(outputs.made, String(params.bytes));
           const text = fs.readFileSync(${JSON.stringify(yaml)}, 'utf8');
           fs.writeFileSync(${JSON.stringify(yaml)}, ${change});
         }`,
      );
    };
    edit(`text.replace('bytes: 1000', 'bytes: 1001')`);
    expect((await toy.run()).outcome.results.get('make')).toMatchObject({
      kind: 'moved',
      files: ['pipeline.yaml'],
    });
    edit(`text + '# a remark\\n'`);
    expect((await toy.run()).kinds).toMatchObject({ make: 'ran', count: 'ran' });
  });
});

function failure(run: Driven): string {
  const failed = run.events.find(({ result }) => result?.kind === 'failed')?.result as
    { failure: { message: string } } | undefined;
  return failed?.failure.message ?? `nothing failed: ${run.stdout} ${run.stderr}`;
}

function objects(artifacts: string): readonly string[] {
  return fs
    .readdirSync(path.join(artifacts, 'store/objects'), { recursive: true })
    .map(String)
    .sort();
}

/** Only root may mount; elsewhere these are left to the machines where CI is root. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = fs.mkdtempSync(path.join(temporaryFolder(), 'probe-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

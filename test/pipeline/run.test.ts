import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonText } from '../../lib/pipeline/explain.ts';
import { Toy } from '../helpers/toy.ts';

/** words -> upper -> each (two letters) -> join */
function letters(): Toy {
  const toy = new Toy();
  toy.write('lib/shout.ts', `export const shout = (text: string): string => text.toUpperCase();\n`);
  toy.stage(
    'words',
    `export const parameters = () => z.strictObject({ text: z.string().default('b a') });
     export const reads = {};
     export const writes = { words: 'words.txt' };
     export async function run({ params, outputs, log }) {
       fs.writeFileSync(outputs.words, params.text.split(' ').sort().join(' '));
       log('words written');
     }`,
  );
  toy.stage(
    'upper',
    `import { shout } from '../lib/shout.ts';
     export const parameters = () => z.strictObject({ mark: z.string().default('!') });
     export const reads = { words: 'words.txt' };
     export const writes = { upper: 'upper.txt' };
     export async function run({ params, inputs, outputs }) {
       fs.writeFileSync(outputs.upper, shout(fs.readFileSync(inputs.words.path, 'utf8')) + params.mark);
     }
     export const axes = { letter: () => 2 };`,
  );
  toy.stage(
    'each',
    `export const parameters = () => z.strictObject({ times: z.int().min(1).default(1) });
     export const reads = { upper: 'upper.txt' };
     export const writes = { letter: 'letter.txt' };
     export const foreach = 'letter';
     export async function run({ params, each, inputs, outputs, progress }) {
       const letter = fs.readFileSync(inputs.upper.path, 'utf8').split(/ |!/)[each.letter - 1];
       progress(1, 1, 'letter ' + each.letter);
       fs.writeFileSync(outputs.letter, letter.repeat(params.times));
     }`,
  );
  toy.stage(
    'join',
    `export const parameters = () => z.strictObject({});
     export const reads = { letters: { kind: 'letter.txt', each: 'letter' } };
     export const writes = { joined: 'joined.txt' };
     export async function run({ inputs, outputs }) {
       fs.writeFileSync(outputs.joined, inputs.letters.map((l) => l.each.letter + fs.readFileSync(l.path, 'utf8')).join('+'));
     }`,
  );
  toy.yaml(`stages:
  words: { params: { text: b a } }
  upper: { needs: [words] }
  each: { needs: [upper], foreach: letter, params: { times: 1 } }
  join: { needs: [each] }
`);
  return toy;
}

const all = ['words', 'upper', 'each[letter=1]', 'each[letter=2]', 'join'];

describe('a run', () => {
  it('executes every stage once, then nothing, and changes no byte', async () => {
    const toy = letters();
    const first = await toy.run();
    expect(first.executed).toEqual(all);
    expect(toy.read('join/joined.txt')).toBe('1A+2B');
    const before = snapshot(path.join(toy.root, 'artifacts'));
    const second = await toy.run();
    expect(second.executed).toEqual([]);
    expect(new Set(Object.values(second.kinds))).toEqual(new Set(['fresh']));
    expect(snapshot(path.join(toy.root, 'artifacts'))).toEqual(before);
  });

  it('executes only what a parameter touches, and restores what was there before', async () => {
    const toy = letters();
    await toy.run();
    expect((await toy.run(['each.times=2'])).executed).toEqual([
      'each[letter=1]',
      'each[letter=2]',
      'join',
    ]);
    expect(toy.read('join/joined.txt')).toBe('1AA+2BB');
    const back = await toy.run();
    expect(back.executed).toEqual([]);
    expect(back.kinds).toMatchObject({
      words: 'fresh',
      'each[letter=1]': 'restored',
      join: 'restored',
    });
    expect(toy.read('join/joined.txt')).toBe('1A+2B');
  });

  it('stops early where the bytes came out the same', async () => {
    const toy = letters();
    await toy.run();
    const run = await toy.run(['words.text=a b']);
    expect(run.executed).toEqual(['words']);
    expect(run.kinds['upper']).toBe('fresh');
  });

  it('does not count comments, types and unused code, and does count the code of a helper', async () => {
    const toy = letters();
    await toy.run();
    toy.write(
      'lib/shout.ts',
      `// louder\nexport const shout = (words: string): string => words.toUpperCase();\nexport const unused = 1;\n`,
    );
    expect((await toy.run()).executed).toEqual([]);
    toy.write(
      'lib/shout.ts',
      `export const shout = (text: string): string => text.toUpperCase() + '';\n`,
    );
    const entries = await toy.plan();
    const upper = entries.find(({ instance }) => instance.id === 'upper')?.state;
    expect(upper?.state === 'will-run' && upper.reasons.map(reasonText)).toEqual([
      'code changed: lib/shout.ts (shout changed)',
    ]);
    expect(entries.find(({ instance }) => instance.id === 'join')?.state.state).toBe('may-run');
    expect((await toy.run()).executed).toEqual(['upper']);
  });

  it('gives a failed stage one failure, blocks those below it and lets the others finish', async () => {
    const toy = letters();
    toy.stage(
      'each',
      `export const parameters = () => z.strictObject({ times: z.int().default(1) });
       export const reads = { upper: 'upper.txt' };
       export const writes = { letter: 'letter.txt' };
       export const foreach = 'letter';
       export async function run({ each, outputs }) {
         if (each.letter === 1) throw new Error('no such letter');
         fs.writeFileSync(outputs.letter, 'x');
       }`,
    );
    const run = await toy.run();
    expect(run.kinds).toMatchObject({
      'each[letter=1]': 'failed',
      'each[letter=2]': 'ran',
      join: 'blocked',
    });
    expect(run.failures).toEqual({ 'each[letter=1]': 'no such letter' });
  });

  it('lets a worker that dies fail alone', async () => {
    const toy = letters();
    toy.stage(
      'words',
      `export const parameters = () => z.strictObject({ text: z.string().default('') });
       export const reads = {};
       export const writes = { words: 'words.txt' };
       export async function run() { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); }`,
    );
    const run = await toy.run();
    expect(run.failures['words']).toBe('the worker process died: it was ended by SIGKILL');
  });

  it('does not record a result whose source moved while it ran, and names the file', async () => {
    const toy = letters();
    toy.stage(
      'words',
      `import { shout } from '../lib/shout.ts';
       export const parameters = () => z.strictObject({ text: z.string().default('') });
       export const reads = {};
       export const writes = { words: 'words.txt' };
       export async function run({ outputs }) {
         fs.appendFileSync(${JSON.stringify(path.join(toy.root, 'lib/shout.ts'))}, 'globalThis.moved = shout("x");');
         fs.writeFileSync(outputs.words, shout('a b'));
       }`,
    );
    const run = await toy.run();
    expect(run.outcome.results.get('words')).toMatchObject({
      kind: 'moved',
      files: ['lib/shout.ts'],
    });
    expect(run.kinds['upper']).toBe('blocked');
  });
});

describe('the store', () => {
  it('sets a damaged input aside and builds it again', async () => {
    const toy = letters();
    await toy.run();
    const object = fs.realpathSync(path.join(toy.root, 'artifacts/upper/upper.txt'));
    fs.chmodSync(object, 0o644);
    fs.writeFileSync(object, 'A C!');
    const run = await toy.run(['each.times=3']);
    expect(run.events.filter(({ type }) => type === 'warning')).toHaveLength(1);
    expect(toy.read('join/joined.txt')).toBe('1AAA+2BBB');
    expect(fs.readdirSync(path.join(toy.root, 'artifacts/store/damaged'))).toHaveLength(1);
  });

  it('lets nothing count that came of a large damaged input, on which the stage had begun already', async () => {
    const toy = new Toy();
    toy.stage(
      'much',
      `export const parameters = () => z.strictObject({});
       export const reads = {};
       export const writes = { much: 'much.txt' };
       export async function run({ outputs }) {
         fs.writeFileSync(outputs.much, 'a'.repeat(17 << 20));
       }`,
    );
    toy.stage(
      'count',
      `export const parameters = () => z.strictObject({ sign: z.string() });
       export const reads = { much: 'much.txt' };
       export const writes = { count: 'count.txt' };
       export async function run({ params, inputs, outputs }) {
         const letters = fs.readFileSync(inputs.much.path, 'utf8').replaceAll('b', '').length;
         fs.writeFileSync(outputs.count, params.sign + letters);
       }`,
    );
    toy.yaml('stages:\n  much: {}\n  count: { needs: [much], params: { sign: all } }\n');
    await toy.run();
    const object = fs.realpathSync(path.join(toy.root, 'artifacts/much/much.txt'));
    fs.chmodSync(object, 0o644);
    fs.writeFileSync(object, 'b', { flag: 'r+' });
    const run = await toy.run(['count.sign=letters']);
    expect(run.executed).toEqual(['count', 'much', 'count']);
    expect(run.events.filter(({ type }) => type === 'warning')).toHaveLength(1);
    expect(toy.read('count/count.txt')).toBe(`letters${17 << 20}`);
  });

  it('checks what a person is given byte by byte', async () => {
    const toy = letters();
    await toy.run();
    const object = toy.object('join', 'joined');
    fs.chmodSync(object, 0o644);
    fs.writeFileSync(object, '1A+2C');
    expect((await toy.run()).executed).toEqual(['join']);
    expect(toy.read('join/joined.txt')).toBe('1A+2B');
  });

  it('builds a missing object again, and takes a dropped one for fresh until it is needed', async () => {
    const toy = letters();
    toy.write(
      'stages/upper.ts',
      `${fs.readFileSync(path.join(toy.root, 'stages/upper.ts'), 'utf8')}\nexport const keep = false;\n`,
    );
    await toy.run();
    fs.rmSync(fs.realpathSync(path.join(toy.root, 'artifacts/upper/upper.txt')));
    expect((await toy.run()).executed).toEqual([]);
    const needed = await toy.run(['each.times=2']);
    expect(needed.executed).toEqual(['upper', 'each[letter=1]', 'each[letter=2]', 'join']);
    fs.rmSync(fs.realpathSync(path.join(toy.root, 'artifacts/words/words.txt')));
    expect((await toy.run(['each.times=2'])).executed).toEqual(['words']);
  });

  it('calls a forced result that differs not deterministic, and keeps the earlier one', async () => {
    const toy = letters();
    toy.stage(
      'words',
      `export const parameters = () => z.strictObject({ text: z.string().default('') });
       export const reads = {};
       export const writes = { words: 'words.txt' };
       export async function run({ outputs }) { fs.writeFileSync(outputs.words, 'a ' + process.hrtime.bigint()); }`,
    );
    await toy.run();
    const before = toy.read('words/words.txt');
    const forced = await toy.run([], { force: true, targets: ['words'] });
    expect(forced.failures['words']).toMatch(/^not deterministic: words ran again/);
    expect(toy.read('words/words.txt')).toBe(before);
  });
});

function snapshot(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => !entry.isDirectory())
      .map((entry) => {
        const name = path.join(entry.parentPath, entry.name);
        const stat = fs.lstatSync(name);
        const content = stat.isSymbolicLink()
          ? fs.readlinkSync(name)
          : createHash('sha256').update(fs.readFileSync(name)).digest('hex');
        return [path.relative(folder, name), `${stat.mtimeMs} ${content}`];
      }),
  );
}

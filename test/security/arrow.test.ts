import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFolds } from '../../lib/artifacts/folds.ts';
import { kinds } from '../artifacts/kinds.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz, troubleWith } from './fuzz.ts';
import { mutatedBytes } from './mutate.ts';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const whole = new Map<string, Buffer>();

beforeAll(async () => {
  for (const { kind, sample, write } of kinds) {
    await write(at(kind), sample);
    whole.set(kind, fs.readFileSync(at(kind)));
  }
});

const bytesOf = (kind: string): Buffer => whole.get(kind) ?? Buffer.alloc(0);

describe.each(kinds)('a mutated $kind', ({ kind, columns, read }) => {
  it('is read as its schema says, or refused', async () => {
    const outcomes = await fuzz({
      name: kind,
      seed: 31,
      count: 250,
      // Its own bytes most often, and parts of another kind's.
      make: (random) =>
        mutatedBytes(random, [bytesOf(kind), bytesOf(kind), bytesOf('folds.arrow')]),
      read: (bytes) => {
        fs.writeFileSync(at(kind), bytes);
        return read(at(kind));
      },
      wrong: ({ rows }) =>
        rows.every((row) => Object.keys(row).length === columns.length)
          ? undefined
          : 'a row with other columns',
    });
    expect(answered(outcomes)).toBe(outcomes.asked);
    expect(Object.keys(outcomes.refused)).toEqual(['damaged-artifact']);
  });
});

describe('lengths that lie are refused at once:', () => {
  const footerOf = (bytes: Buffer): number => bytes.readInt32LE(bytes.length - 10);

  it('every 32-bit number of the footer, made as large as it can be', async () => {
    const bytes = bytesOf('folds.arrow');
    const begin = bytes.length - 10 - footerOf(bytes);
    for (let place = begin; place < bytes.length - 6; place += 4) {
      for (const value of [0x7fffffff, 0xffffffff, 0x00ffffff, 0x0000ffff]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt32LE(value, place);
        await isAnswered(changed);
      }
    }
  });

  it('a footer in which every column is all the columns', async () => {
    // One list of a million tables, whose tables have that list as their children in turn.
    const size = 4_000_000;
    const footer = Buffer.alloc(size);
    fs.writeFileSync(at('folds.arrow'), arrowFile(selfSimilar(footer)));
    const thrown: unknown = await readFolds(at('folds.arrow')).catch((error: unknown) => error);
    expect(troubleWith(thrown)).toBeUndefined();
    expect((thrown as Error).message).toContain('a list in its description is longer than any');
  });

  it('a footer longer than any table needs', async () => {
    fs.writeFileSync(at('folds.arrow'), arrowFile(Buffer.alloc(0x1000008)));
    await expect(readFolds(at('folds.arrow'))).rejects.toThrow('its footer cannot be that long');
  });
});

it('a table cannot call itself another stage, nor act on a terminal', async () => {
  const bytes = bytesOf('folds.arrow');
  const changed = Buffer.from(bytes);
  const from = changed.lastIndexOf('folds.arrow');
  changed.write('\x1b[2J\n<b>', from, 'latin1');
  fs.writeFileSync(at('folds.arrow'), changed);
  const thrown: unknown = await readFolds(at('folds.arrow')).catch((error: unknown) => error);
  expect(troubleWith(thrown)).toBeUndefined();
  expect((thrown as Error).message).toContain('it is \\u001b[2J\\n<b>');
});

async function isAnswered(bytes: Buffer): Promise<void> {
  fs.writeFileSync(at('folds.arrow'), bytes);
  const thrown: unknown = await readFolds(at('folds.arrow')).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown !== undefined) expect(troubleWith(thrown)).toBeUndefined();
}

/** An Arrow file of that footer and nothing else. */
function arrowFile(footer: Buffer): Buffer {
  const tail = Buffer.alloc(10);
  tail.writeInt32LE(footer.length);
  tail.write('ARROW1', 4, 'latin1');
  return Buffer.concat([Buffer.from('ARROW1\0\0', 'latin1'), footer, tail]);
}

/**
 * A footer whose schema has as its fields a list that fills the rest of it, each item of which is one
 * table whose children are that same list.
 */
function selfSimilar(bytes: Buffer): Buffer {
  const [vtable, footer, schema, field, type, list] = [8, 40, 64, 96, 140, 160];
  bytes.writeUInt32LE(footer, 0);
  // One vtable for all tables: fields 0 to 5, four bytes each behind the table's head.
  bytes.writeUInt16LE(16, vtable);
  bytes.writeUInt16LE(28, vtable + 2);
  [0, 4, 8, 12, 0, 16].forEach((offset, n) => bytes.writeUInt16LE(offset, vtable + 4 + 2 * n));
  for (const table of [footer, schema, field, type]) bytes.writeInt32LE(table - vtable, table);
  const point = (place: number, target: number): number =>
    bytes.writeUInt32LE(target - place, place);
  // Field 0 of the footer is absent in that vtable, so its version is told by a vtable of its own.
  const own = 200;
  bytes.writeUInt16LE(8, own);
  bytes.writeUInt16LE(12, own + 2);
  bytes.writeUInt16LE(8, own + 4);
  bytes.writeUInt16LE(4, own + 6);
  bytes.writeInt32LE(footer - own, footer);
  bytes.writeInt16LE(4, footer + 8);
  point(footer + 4, schema);
  point(schema + 4, list + 64);
  bytes[field + 8] = 12;
  point(field + 12, type);
  point(field + 16, list + 64);
  const start = list + 64 + 4;
  const length = Math.floor((bytes.length - start) / 4);
  bytes.writeUInt32LE(length, list + 64);
  for (let n = 0; n < length; n += 1) {
    const place = start + 4 * n;
    bytes.writeUInt32LE((field - place) >>> 0, place);
  }
  return bytes;
}

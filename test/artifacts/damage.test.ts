import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldsSchema, readFolds, writeFolds } from '../../lib/artifacts/folds.ts';
import { loadMelMeans } from '../../lib/artifacts/mel-means.ts';
import { openTable, readTable } from '../../lib/artifacts/reader.ts';
import { spectraSchema as spectra } from '../../lib/artifacts/spectra.ts';
import { writeTable } from '../../lib/artifacts/writer.ts';
import { UserError } from '../../lib/pipeline/errors.ts';
import { temporaryFolder } from './folder.ts';
import { kinds } from './kinds.ts';

const at = temporaryFolder();

const facts = { folds: 5, by: 'clip', seed: 1, stratify: false, speakersShared: 24 } as const;
const folds = Array.from({ length: 20 }, (_, i) => ({ clip: `clip ${i}`, fold: 1, position: i }));

const spectraFacts = { rateHz: 8000, size: 4, hop: 2, window: 'hann', centred: false };

/** What came of reading: nothing thrown but the one error, which names the file and what it should be. */
async function outcome(
  kind: string,
  path: string,
  read: (path: string) => Promise<unknown>,
): Promise<'read' | 'refused'> {
  try {
    await read(path);
    return 'read';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code).toBe('damaged-artifact');
    expect(error.message.startsWith(`${path} cannot be read as ${kind}: `)).toBe(true);
    return 'refused';
  }
}

describe.each(kinds)('$kind', ({ kind, sample, write, read }) => {
  const whole = async (): Promise<Buffer> => {
    await write(at(kind), sample);
    return readFile(at(kind));
  };

  it('is refused when it is cut, wherever', async () => {
    const bytes = await whole();
    for (let length = 0; length < bytes.length; length += 97) {
      await writeFile(at(kind), bytes.subarray(0, length));
      expect(await outcome(kind, at(kind), read)).toBe('refused');
    }
  });

  it('with a byte that changed is read or refused, never more', async () => {
    const bytes = await whole();
    const outcomes = new Set<string>();
    for (let index = 0; index < bytes.length; index += 97) {
      for (const mask of [0xff, 0x01]) {
        const changed = Buffer.from(bytes);
        changed[index]! ^= mask;
        await writeFile(at(kind), changed);
        outcomes.add(await outcome(kind, at(kind), read));
      }
    }
    expect(outcomes).toContain('refused');
  });
});

it('random bytes in the footer are refused in no time', async () => {
  await writeFolds(at('folds.arrow'), facts, folds);
  const bytes = await readFile(at('folds.arrow'));
  const footer = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: footer, max: bytes.length - 11 }),
      fc.uint8Array({ minLength: 1, maxLength: 32 }),
      async (index, noise) => {
        const changed = Buffer.from(bytes);
        Buffer.from(noise).copy(changed, index, 0, bytes.length - 10 - index);
        await writeFile(at('folds.arrow'), changed);
        await outcome('folds.arrow', at('folds.arrow'), readFolds);
      },
    ),
    { numRuns: 100 },
  );
});

describe('the whole message', () => {
  const message = (path: string, reason: string) =>
    `${path} cannot be read as folds.arrow: ${reason}. The stage that writes it must run again.`;
  const damaged = (path: string, reason: string) =>
    new UserError('damaged-artifact', message(path, reason));

  it('of another kind', async () => {
    const { write, kind } = kinds[0]!;
    await write(at(kind), []);
    await expect(readFolds(at(kind))).rejects.toThrow(damaged(at(kind), 'it is clips.arrow'));
  });

  it('of another version', async () => {
    await writeTable({ ...foldsSchema, version: 2 }, at('folds.arrow'), facts, folds);
    await expect(readFolds(at('folds.arrow'))).rejects.toThrow(
      damaged(at('folds.arrow'), 'its version is 2, and 1 was expected'),
    );
  });

  it('of other columns', async () => {
    const { clip, fold } = foldsSchema.columns;
    const narrower = { ...foldsSchema, columns: { clip, fold } };
    await writeTable(narrower as unknown as typeof foldsSchema, at('folds.arrow'), facts, folds);
    await expect(readFolds(at('folds.arrow'))).rejects.toThrow(
      damaged(
        at('folds.arrow'),
        'its columns are clip utf8, fold int32, and clip utf8, fold int32, position int32 were expected',
      ),
    );
  });

  it.each([
    [0, 'it is too short for an Arrow file'],
    [17, 'it is too short for an Arrow file'],
    [500, 'its end is missing'],
  ])('of one cut to %i bytes', async (length, reason) => {
    await writeFolds(at('folds.arrow'), facts, folds);
    await truncate(at('folds.arrow'), length);
    await expect(readFolds(at('folds.arrow'))).rejects.toThrow(damaged(at('folds.arrow'), reason));
  });

  it('of something else', async () => {
    await writeFile(at('folds.arrow'), 'clip,fold,position\na,1,0\n');
    await expect(readFolds(at('folds.arrow'))).rejects.toThrow(
      damaged(at('folds.arrow'), 'it does not begin as an Arrow file does'),
    );
  });

  it('of one whose rows are not what the schema says', async () => {
    const { length: _, ...power } = spectra.columns.power;
    const lax: typeof spectra = { ...spectra, columns: { ...spectra.columns, power } };
    const row = { clip: 'a', frames: 2, bins: 3, power: new Float32Array(5) };
    await writeTable(lax, at('spectra.arrow'), spectraFacts, [row]);
    await expect(readTable(spectra, at('spectra.arrow'))).rejects.toThrow(
      new UserError(
        'damaged-artifact',
        `${at('spectra.arrow')} cannot be read as spectra.arrow: column power of row 1 wants 6 values (frames x bins), got 5. The stage that writes it must run again.`,
      ),
    );
  });
});

it('a file that is cut between its footer and its rows being read is refused', async () => {
  await writeFolds(at('folds.arrow'), facts, folds);
  const { rows } = await openTable(foldsSchema, at('folds.arrow'));
  await truncate(at('folds.arrow'), 1000);
  await expect(rows[Symbol.asyncIterator]().next()).rejects.toThrow('it ends too early');
});

it('what the file system says is passed on', async () => {
  await expect(readFolds(at('nowhere.arrow'))).rejects.toThrow('ENOENT');
  await mkdir(at('folder'));
  await expect(readFolds(at('folder'))).rejects.toThrow('EISDIR');
  await copyFile(import.meta.filename, at('copy.arrow'));
  await expect(loadMelMeans(at('copy.arrow'))).rejects.toThrow('it does not begin as');
});

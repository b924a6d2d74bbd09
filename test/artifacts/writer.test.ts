import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import {
  loadMelMeans,
  openMelMeansWriter,
  readMelMeans,
  writeMelMeans,
  type MelMean,
} from '../../lib/artifacts/mel-means.ts';
import type { MelFacts } from '../../lib/artifacts/mel-facts.ts';
import { openSpectraWriter, readSpectra } from '../../lib/artifacts/spectra.ts';
import { temporaryFolder } from './folder.ts';

const at = temporaryFolder();

const facts: MelFacts = {
  frames: 3,
  bands: 128,
  fmin: 0,
  fmax: 8000,
  hopSeconds: 512 / 44100,
  centred: true,
};
const rows = (count: number): MelMean[] =>
  Array.from({ length: count }, (_, i) => ({
    clip: `Actor_${String(i)}`,
    meanDb: Float32Array.of(i, -i / 3, NaN),
  }));

it.each([0, 1, 15, 16, 17, 32, 35])('%i rows lie in batches of sixteen', async (count) => {
  await writeMelMeans(at('means.arrow'), facts, rows(count));
  const batches = [...RecordBatchReader.from(await readFile(at('means.arrow')))];
  const sizes = Array.from({ length: Math.ceil(count / 16) }, (_, i) =>
    Math.min(16, count - 16 * i),
  );
  expect(batches.map(({ numRows }) => numRows).filter((size) => size > 0)).toEqual(sizes);
  const stream = await readMelMeans(at('means.arrow'));
  expect(stream.count).toBe(count);
  expect(stream.facts).toEqual(facts);
  expect(await loadMelMeans(at('means.arrow'))).toEqual({ facts, rows: rows(count) });
});

it('the bytes are these, in whatever process, time zone and locale', async () => {
  await writeMelMeans(at('means.arrow'), facts, rows(20));
  const bytes = await readFile(at('means.arrow'));
  const other = at('other.mjs');
  buildSync({
    stdin: {
      contents: `
        import { writeMelMeans } from './lib/artifacts/mel-means.ts';
        const facts = { centred: true, hopSeconds: 512 / 44100, fmax: 8000, fmin: 0, bands: 128, frames: 3 };
        const rows = Array.from({ length: 20 }, (_, i) => ({ meanDb: Float32Array.of(i, -i / 3, NaN), clip: 'Actor_' + i }));
        await writeMelMeans(process.argv[2], facts, rows);`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: other,
    logLevel: 'error',
  });
  for (const env of [
    { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    { TZ: 'America/Lima', LANG: 'C', LC_ALL: 'C' },
  ]) {
    const path = at(`other-${env.LANG}.arrow`);
    const { status, stderr } = spawnSync(process.execPath, [other, path], {
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((await readFile(path)).equals(bytes)).toBe(true);
  }
  expect(createHash('sha256').update(bytes).digest('hex')).toMatchInlineSnapshot(
    `"d4ab789795a2b3f3718e4188ae642e38baa1892c2eb78ebe2f75f4a3ee47b031"`,
  );
});

it('every NaN is the same NaN', async () => {
  const strange = new Float32Array(Uint32Array.of(0xffc12345, 0x7f800001, 0x7fc00000).buffer);
  await writeMelMeans(at('strange.arrow'), facts, [{ clip: 'a', meanDb: strange }]);
  await writeMelMeans(at('plain.arrow'), facts, [
    { clip: 'a', meanDb: new Float32Array(3).fill(NaN) },
  ]);
  expect((await readFile(at('strange.arrow'))).equals(await readFile(at('plain.arrow')))).toBe(
    true,
  );
});

it('every NaN is the same NaN wherever it stands, infinities beside it or not', async () => {
  const spectra = { rateHz: 8000, size: 4, hop: 2, window: 'hann', centred: false };
  const quiet = 0x7fc00000;
  const written: number[][] = [];
  const expected: number[][] = [];
  const writer = await openSpectraWriter(at('spectra.arrow'), spectra);
  for (let place = 0; place < 21; place++) {
    for (const strange of [0xffc12345, 0x7f800001, 0xffffffff]) {
      for (const others of [[1], [Infinity, -Infinity]]) {
        const power = Float32Array.from({ length: 21 }, (_, i) => others[i % others.length]!);
        const bits = new Uint32Array(power.buffer);
        // a NaN, and none
        for (const value of [strange, bits[place]!]) {
          bits[place] = value;
          await writer.write({ clip: 'a', frames: 7, bins: 3, power });
          expected.push([...bits.with(place, value === strange ? quiet : value)]);
        }
      }
    }
  }
  await writer.close();
  for await (const { power } of (await readSpectra(at('spectra.arrow'))).rows) {
    written.push([...new Uint32Array(power.slice().buffer)]);
  }
  expect(written).toEqual(expected);
});

it('a row may be overwritten by its owner once it was written', async () => {
  const writer = await openMelMeansWriter(at('means.arrow'), facts);
  const meanDb = new Float32Array(3);
  for (let i = 0; i < 20; i++) {
    meanDb.fill(i);
    await writer.write({ clip: String(i), meanDb });
  }
  await writer.close();
  const loaded = await loadMelMeans(at('means.arrow'));
  expect(loaded.rows.map((row) => row.meanDb[0])).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

it('rows come from an asynchronous source too, and lists may have any lengths', async () => {
  const facts = { rateHz: 8000, size: 4, hop: 2, window: 'hann', centred: false };
  const writer = await openSpectraWriter(at('spectra.arrow'), facts);
  const lengths = [1, 0, 900, 2, 5000, 0, ...Array.from({ length: 30 }, (_, i) => i)];
  for (const frames of lengths) {
    const power = Float32Array.from({ length: frames * 3 }, (_, i) => i + frames);
    await writer.write({ clip: String(frames), frames, bins: 3, power });
  }
  await writer.close();
  const stream = await readSpectra(at('spectra.arrow'));
  for (let pass = 0; pass < 2; pass++) {
    let row = 0;
    for await (const { frames, power } of stream.rows) {
      expect(frames).toBe(lengths[row++]);
      expect(power).toEqual(Float32Array.from({ length: frames * 3 }, (_, i) => i + frames));
    }
    expect(row).toBe(lengths.length);
  }
});

it.each<[string, object, string]>([
  ['a missing column', { clip: 'a' }, 'row 2, column mean_db: wants list<float32>, got undefined'],
  [
    'a list of the wrong length',
    { clip: 'a', meanDb: new Float32Array(2) },
    'row 2, column mean_db: wants 3 values (frames), got 2',
  ],
  [
    'a list of another type',
    { clip: 'a', meanDb: new Float64Array(3) },
    'row 2, column mean_db: wants list<float32>, got Float64Array',
  ],
  [
    'a text that is no Unicode',
    { clip: 'a\ud800', meanDb: new Float32Array(3) },
    'row 2, column clip: wants utf8, got "a\\ud800"',
  ],
])('%s is refused, and the writer goes on without it', async (_, row, message) => {
  const writer = await openMelMeansWriter(at('means.arrow'), facts);
  await writer.write(rows(1)[0]!);
  await expect(writer.write(row as MelMean)).rejects.toThrow(
    new Error(`mel-means.arrow, ${message}`),
  );
  await writer.write(rows(2)[1]!);
  await writer.close();
  expect((await loadMelMeans(at('means.arrow'))).rows).toEqual(rows(2));
});

it.each([0.5, 2 ** 31, NaN, '1'])('%s is no int32', async (frames) => {
  const facts = { rateHz: 8000, size: 4, hop: 2, window: 'hann', centred: false };
  const writer = await openSpectraWriter(at('spectra.arrow'), facts);
  const row = { clip: 'a', frames: frames as number, bins: 1, power: new Float32Array(1) };
  await expect(writer.write(row)).rejects.toThrow(
    `spectra.arrow, row 1, column frames: wants int32, got `,
  );
  await writer.abort();
});

it('facts that are not those of the schema are refused before a file is made', async () => {
  await expect(writeMelMeans(at('never.arrow'), { ...facts, bands: 0.5 }, [])).rejects.toThrow(
    'the facts of mel-means.arrow are wrong',
  );
  await expect(access(at('never.arrow'))).rejects.toThrow('ENOENT');
});

it('two writes at once are refused, and so is one after the end', async () => {
  const writer = await openMelMeansWriter(at('means.arrow'), facts);
  for (const row of rows(15)) await writer.write(row);
  const sixteenth = writer.write(rows(1)[0]!);
  await expect(writer.write(rows(1)[0]!)).rejects.toThrow(
    'mel-means.arrow: the write before this one was not awaited',
  );
  await sixteenth;
  await writer.close();
  await expect(writer.write(rows(1)[0]!)).rejects.toThrow('mel-means.arrow: the file is closed');
  await writer.abort();
});

it('a source of rows that fails leaves no open file and no table', async () => {
  const failing = function* (): Generator<MelMean> {
    yield* rows(20);
    throw new Error('the microphone is off');
  };
  await expect(writeMelMeans(at('means.arrow'), facts, failing())).rejects.toThrow(
    new Error('the microphone is off'),
  );
  await expect(loadMelMeans(at('means.arrow'))).rejects.toThrow('its end is missing');
});

it('a path that cannot be written says so in the words of the file system', async () => {
  await writeFile(at('file'), '');
  await expect(writeMelMeans(join(at('file'), 'x.arrow'), facts, [])).rejects.toThrow('ENOTDIR');
});

it('no column is a dictionary', async () => {
  await writeMelMeans(at('means.arrow'), facts, rows(3));
  expect(tableFromIPC(await readFile(at('means.arrow'))).schema.dictionaries.size).toBe(0);
});

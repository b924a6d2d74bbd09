import { readFile } from 'node:fs/promises';
import { tableFromIPC } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { kinds } from './kinds.ts';

const at = temporaryFolder();

describe.each(kinds)('$kind', (kind) => {
  it('comes back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(kind.rows, async (rows) => {
        await kind.write(at(kind.kind), rows);
        expect(await kind.read(at(kind.kind))).toEqual({ facts: kind.facts, rows });
      }),
      { numRuns: 25 },
    );
  });

  it('is the same bytes twice', async () => {
    await fc.assert(
      fc.asyncProperty(kind.rows, async (rows) => {
        await kind.write(at('first.arrow'), rows);
        await kind.write(at('second.arrow'), rows);
        expect((await readFile(at('first.arrow'))).equals(await readFile(at('second.arrow')))).toBe(
          true,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('is read by Arrow, from the footer and as a stream', async () => {
    await kind.write(at(kind.kind), kind.sample);
    const bytes = await readFile(at(kind.kind));
    for (const table of [tableFromIPC(bytes), tableFromIPC(bytes.subarray(8))]) {
      expect(table.numRows).toBe(kind.sample.length);
      expect(table.schema.fields.map(({ name }) => name)).toEqual(
        kind.columns.map((column) => column.split(' ')[0]),
      );
      expect(table.schema.fields.some(({ nullable }) => nullable)).toBe(false);
      expect(table.schema.metadata.get('kind')).toBe(kind.kind);
      expect(JSON.parse(table.schema.metadata.get('facts')!)).toEqual(kind.facts);
    }
  });

  it('describes every column, and the shape of every list', () => {
    expect(kind.undescribed).toEqual([]);
  });
});

it('the columns are those that other programs know', () => {
  const prediction = 'fold int32, truth int32, predicted int32, probabilities list<float32>';
  expect(Object.fromEntries(kinds.map(({ kind, columns }) => [kind, columns.join(', ')]))).toEqual({
    'clips.arrow':
      'clip utf8, file utf8, speaker utf8, sex utf8, emotion utf8, intensity utf8, statement utf8, repetition int32, duration_seconds float64, rate_hz int32, channels int32, lossy bool, fate utf8, reason utf8, label int32',
    'samples.arrow': 'clip utf8, samples list<float32>',
    'spectra.arrow': 'clip utf8, frames int32, bins int32, power list<float32>',
    'mel-means.arrow': 'clip utf8, mean_db list<float32>',
    'mel-spectrogram.arrow': 'clip utf8, frames int32, bands int32, db list<float32>',
    'folds.arrow': 'clip utf8, fold int32, position int32',
    'model.arrow': 'name utf8, shape list<int32>, values list<float32>',
    'history.arrow':
      'epoch int32, loss float64, train_accuracy float64, test_accuracy float64, test_uar float64',
    'comparison.arrow':
      'point utf8, parameters utf8, seed int32, fold int32, clips int32, wa float64, uar float64, collapsed bool, weights int32, epochs int32, steps int32, train utf8, evaluate utf8',
    'fold-predictions.arrow': `clip utf8, ${prediction}, attention list<float32>`,
    'baseline-predictions.arrow': `model utf8, clip utf8, ${prediction}`,
    'predictions.arrow': `model utf8, clip utf8, speaker utf8, ${prediction}, attention list<float32>`,
    'scores.arrow':
      'model utf8, fold int32, clips int32, wa float64, uar float64, wa_low float64, wa_high float64, uar_low float64, uar_high float64, collapsed bool, confusion list<int32>, recall list<float64>, precision list<float64>, f1 list<float64>, redraws int32',
  });
});

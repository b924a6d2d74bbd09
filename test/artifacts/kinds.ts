import * as fc from 'fast-check';
import {
  baselinePredictionsSchema,
  readBaselinePredictions,
  writeBaselinePredictions,
} from '../../lib/artifacts/baseline-predictions.ts';
import {
  comparisonSchema,
  readComparison,
  writeComparison,
} from '../../lib/artifacts/comparison.ts';
import { clipsSchema, readClips, writeClips } from '../../lib/artifacts/clips.ts';
import {
  foldPredictionsSchema,
  readFoldPredictions,
  writeFoldPredictions,
} from '../../lib/artifacts/fold-predictions.ts';
import { foldsSchema, readFolds, writeFolds } from '../../lib/artifacts/folds.ts';
import { historySchema, readHistory, writeHistory } from '../../lib/artifacts/history.ts';
import { melMeansSchema, readMelMeans, writeMelMeans } from '../../lib/artifacts/mel-means.ts';
import {
  melSpectrogramsSchema,
  readMelSpectrograms,
  writeMelSpectrograms,
} from '../../lib/artifacts/mel-spectrogram.ts';
import { modelSchema, readModel, writeModel } from '../../lib/artifacts/model.ts';
import {
  predictionsSchema,
  readPredictions,
  writePredictions,
} from '../../lib/artifacts/predictions.ts';
import { readSamples, samplesSchema, writeSamples } from '../../lib/artifacts/samples.ts';
import { columnsOf, type AnyColumn, type TableSchema } from '../../lib/artifacts/schema.ts';
import { readScores, scoresSchema, writeScores } from '../../lib/artifacts/scores.ts';
import { readSpectra, spectraSchema, writeSpectra } from '../../lib/artifacts/spectra.ts';

/** A kind of artifact with facts for it, its types hidden so that all may stand in one list. */
export interface Kind {
  readonly kind: string;
  /** `name type` of each column of the file. */
  readonly columns: readonly string[];
  readonly undescribed: readonly string[];
  readonly facts: unknown;
  readonly rows: fc.Arbitrary<readonly object[]>;
  /** Twenty rows, always the same. */
  readonly sample: readonly object[];
  readonly write: (path: string, rows: readonly object[]) => Promise<void>;
  readonly read: (path: string) => Promise<{ facts: unknown; rows: readonly object[] }>;
}

const classes = ['neutral', 'happy', 'naïve – 中'];
const corpus = {
  name: 'A "corpus"',
  layout: 'ravdess',
  synthetic: true,
  licence: 'CC0',
  citation: 'Nobody, 2020',
};
const mel = { frames: 3, bands: 4, fmin: 0, fmax: 8000, hopSeconds: 512 / 44100, centred: true };
const network = {
  attention: 'equations',
  channels: [5, 10],
  kernels: [11, 5],
  strides: [4, 1],
  pools: [1, 2],
  poolSize: 3,
  poolStride: 2,
  lambda: 0.8,
  batch: 51,
};
const split = { by: 'speaker', speakersShared: 0 } as const;

export const kinds: readonly Kind[] = [
  kind(clipsSchema, writeClips, readClips, { corpus, classes, rateHz: 44100, samples: 132300 }),
  kind(samplesSchema, writeSamples, readSamples, { rateHz: 44100, samples: 7 }),
  kind(spectraSchema, writeSpectra, readSpectra, {
    rateHz: 44100,
    size: 2048,
    hop: 512,
    window: 'hann',
    centred: true,
  }),
  kind(melMeansSchema, writeMelMeans, readMelMeans, mel),
  kind(melSpectrogramsSchema, writeMelSpectrograms, readMelSpectrograms, mel),
  kind(foldsSchema, writeFolds, readFolds, { folds: 5, seed: 1, stratify: false, ...split }),
  kind(modelSchema, writeModel, readModel, {
    classes,
    fold: 1,
    frames: 259,
    ...network,
    standardise: { mean: -41.5, deviation: 17.25 },
    backend: 'wasm',
  }),
  kind(historySchema, writeHistory, readHistory, { fold: 2, backend: 'wasm' }),
  kind(foldPredictionsSchema, writeFoldPredictions, readFoldPredictions, {
    classes,
    fold: 3,
    model: 'network',
    receptive: { frames: 83, stride: 32 },
  }),
  kind(baselinePredictionsSchema, writeBaselinePredictions, readBaselinePredictions, {
    classes,
    models: [{ id: 'majority', name: 'Majority', description: 'the commonest class' }],
  }),
  kind(predictionsSchema, writePredictions, readPredictions, { classes }),
  kind(scoresSchema, writeScores, readScores, { classes, level: 0.95, draws: 2000, ...split }),
  kind(comparisonSchema, writeComparison, readComparison, {
    title: 'lambda-channels',
    baseline: 'lambda=0.8',
    select: 'nested',
  }),
];

/** Rows that any schema admits: texts of any script, NaN, infinities, lists of the length asked for. */
function kind<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  write: (path: string, facts: Facts, rows: Iterable<Row>) => Promise<void>,
  read: (path: string) => Promise<{ facts: Facts; rows: Iterable<Row> | AsyncIterable<Row> }>,
  facts: Facts,
): Kind {
  const columns = columnsOf(schema);
  return {
    kind: schema.kind,
    columns: columns.map(({ name, type }) => `${name} ${type}`),
    undescribed: columns
      .filter(
        ({ doc, type, shape }) => doc === '' || type.startsWith('list') !== (shape !== undefined),
      )
      .map(({ name }) => name),
    facts,
    rows: fc.array(rowOf(columns, facts), { maxLength: 40, size: 'medium' }),
    sample: fc.sample(rowOf(columns, facts), { numRuns: 20, seed: 5 }),
    write: (path, rows) => write(path, facts, rows as readonly Row[]),
    read: async (path) => {
      const table = await read(path);
      const rows: Row[] = [];
      // Its lists are good until the next row is asked for.
      for await (const row of table.rows) rows.push(structuredClone(row));
      return { facts: table.facts, rows };
    },
  };
}

function rowOf<Row extends object, Facts>(
  columns: readonly AnyColumn<Row, Facts>[],
  facts: Facts,
): fc.Arbitrary<Row> {
  const free = columns.filter(({ length }) => length === undefined);
  const bound = columns.filter(({ length }) => length !== undefined);
  return fc
    .record(Object.fromEntries(free.map((column) => [column.property, valueOf(column)])))
    .chain((start) => {
      const lists = bound.map((column) => {
        const length = column.length!(start as Row, facts);
        return [column.property, valueOf(column, length)] as const;
      });
      return fc.record(Object.fromEntries(lists)).map((rest) => {
        const cells: Record<string, unknown> = { ...start, ...rest };
        return Object.fromEntries(columns.map(({ property: name }) => [name, cells[name]])) as Row;
      });
    });
}

function valueOf<Row, Facts>(
  { property, type, oneOf }: AnyColumn<Row, Facts>,
  length?: number,
): fc.Arbitrary<unknown> {
  const size = { minLength: length ?? 0, maxLength: length ?? 5, size: 'max' } as const;
  const small = { min: 0, max: 4 };
  switch (type) {
    case 'utf8':
      return oneOf === undefined ? fc.string({ unit: 'binary' }) : fc.constantFrom(...oneOf);
    case 'int32':
      return ['frames', 'bins', 'bands'].includes(property) ? fc.integer(small) : fc.integer();
    case 'float64':
      return fc.double();
    case 'bool':
      return fc.boolean();
    case 'list<int32>':
      return fc.int32Array(property === 'shape' ? { ...size, maxLength: 3, ...small } : size);
    case 'list<float32>':
      return fc.float32Array(size);
    case 'list<float64>':
      return fc.float64Array(size);
  }
}

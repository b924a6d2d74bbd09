import { openTable, readTable, type LoadedTable, type RowStream } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { openWriter, writeTable, type RowWriter } from './writer.ts';
import { melFacts, type MelFacts } from './mel-facts.ts';

/** The paper's input: a clip's mean level in each frame. */
export interface MelMean {
  readonly clip: string;
  /** Mean over the bands, dB; one number a frame. */
  readonly meanDb: Float32Array;
}

export type MelMeansFacts = MelFacts;

export const melMeansSchema: TableSchema<MelMean, MelMeansFacts> = {
  kind: 'mel-means.arrow',
  version: 1,
  facts: melFacts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    meanDb: {
      type: 'list<float32>',
      doc: "The paper's average frequency value: mean of the bands' decibels",
      unit: 'dB',
      shape: 'frames',
      length: (_, { frames }) => frames,
    },
  },
};

/** Writes the clips' mel means in one go, in the order of the clips. */
export function writeMelMeans(
  path: string,
  facts: MelMeansFacts,
  rows: Iterable<MelMean> | AsyncIterable<MelMean>,
): Promise<void> {
  return writeTable(melMeansSchema, path, facts, rows);
}

/** Writes the clips' mel means one by one, in the order of the clips. */
export function openMelMeansWriter(
  path: string,
  facts: MelMeansFacts,
): Promise<RowWriter<MelMean>> {
  return openWriter(melMeansSchema, path, facts);
}

/**
 * Reads the clips' mel means as they are asked for, two batches in memory at a time.
 *
 * @throws UserError `damaged-artifact`, here or while the rows are read
 */
export function readMelMeans(path: string): Promise<RowStream<MelMean, MelMeansFacts>> {
  return openTable(melMeansSchema, path);
}

/**
 * Reads the clips' mel means into memory.
 *
 * @throws UserError `damaged-artifact`
 */
export function loadMelMeans(path: string): Promise<LoadedTable<MelMean, MelMeansFacts>> {
  return readTable(melMeansSchema, path);
}

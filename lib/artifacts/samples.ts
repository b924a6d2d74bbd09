import { z } from 'zod';
import { openTable, type RowStream } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { openWriter, writeTable, type RowWriter } from './writer.ts';

/** The sound of a kept clip. */
export interface Sample {
  readonly clip: string;
  /** Mono, full scale 1. */
  readonly samples: Float32Array;
}

const facts = () =>
  z.strictObject({
    rateHz: z.number().positive(),
    /** In each clip. */
    samples: z.int().min(0),
  });

/** What holds for the whole table. */
export type SamplesFacts = z.output<ReturnType<typeof facts>>;

export const samplesSchema: TableSchema<Sample, SamplesFacts> = {
  kind: 'samples.arrow',
  version: 1,
  facts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    samples: {
      type: 'list<float32>',
      doc: 'Mono sound after cutting and resampling',
      unit: 'full scale',
      shape: 'samples',
      length: (_, { samples }) => samples,
    },
  },
};

/** Writes the clips' samples in one go, in the order of the clips. */
export function writeSamples(
  path: string,
  facts: SamplesFacts,
  rows: Iterable<Sample> | AsyncIterable<Sample>,
): Promise<void> {
  return writeTable(samplesSchema, path, facts, rows);
}

/** Writes the clips' samples one by one, in the order of the clips. */
export function openSamplesWriter(path: string, facts: SamplesFacts): Promise<RowWriter<Sample>> {
  return openWriter(samplesSchema, path, facts);
}

/**
 * Reads the clips' samples as they are asked for, two batches in memory at a time.
 *
 * @throws UserError `damaged-artifact`, here or while the rows are read
 */
export function readSamples(path: string): Promise<RowStream<Sample, SamplesFacts>> {
  return openTable(samplesSchema, path);
}

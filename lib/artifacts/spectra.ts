import { z } from 'zod';
import { openTable, type RowStream } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { openWriter, writeTable, type RowWriter } from './writer.ts';

/** The power spectrogram of a clip. */
export interface Spectrum {
  readonly clip: string;
  readonly frames: number;
  readonly bins: number;
  /** frames x bins, row-major: |X|^2. */
  readonly power: Float32Array;
}

const facts = () =>
  z.strictObject({
    rateHz: z.number().positive(),
    /** Samples in a frame. */
    size: z.int().min(1),
    /** Samples from one frame to the next. */
    hop: z.int().min(1),
    window: z.string(),
    /** Frame t is centred on sample t x hop; otherwise it begins there. */
    centred: z.boolean(),
  });

/** What holds for the whole table. */
export type SpectraFacts = z.output<ReturnType<typeof facts>>;

export const spectraSchema: TableSchema<Spectrum, SpectraFacts> = {
  kind: 'spectra.arrow',
  version: 1,
  facts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    frames: { type: 'int32', doc: 'Frames of the clip' },
    bins: { type: 'int32', doc: 'Frequencies of a frame, from 0 on, rateHz / size apart' },
    power: {
      type: 'list<float32>',
      doc: 'Power spectrogram, |X|^2',
      unit: 'full scale squared',
      shape: 'frames x bins',
      length: ({ frames, bins }) => frames * bins,
    },
  },
};

/** Writes the clips' spectra in one go, in the order of the clips. */
export function writeSpectra(
  path: string,
  facts: SpectraFacts,
  rows: Iterable<Spectrum> | AsyncIterable<Spectrum>,
): Promise<void> {
  return writeTable(spectraSchema, path, facts, rows);
}

/** Writes the clips' spectra one by one, in the order of the clips. */
export function openSpectraWriter(path: string, facts: SpectraFacts): Promise<RowWriter<Spectrum>> {
  return openWriter(spectraSchema, path, facts);
}

/**
 * Reads the clips' spectra as they are asked for, two batches in memory at a time.
 *
 * @throws UserError `damaged-artifact`, here or while the rows are read
 */
export function readSpectra(path: string): Promise<RowStream<Spectrum, SpectraFacts>> {
  return openTable(spectraSchema, path);
}

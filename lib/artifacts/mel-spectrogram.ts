import { openTable, type RowStream } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { openWriter, writeTable, type RowWriter } from './writer.ts';
import { melFacts, type MelFacts } from './mel-facts.ts';

/** The log-mel spectrogram of a clip. */
export interface MelSpectrogram {
  readonly clip: string;
  readonly frames: number;
  readonly bands: number;
  /** frames x bands, row-major, dB. */
  readonly db: Float32Array;
}

export type MelSpectrogramsFacts = MelFacts;

export const melSpectrogramsSchema: TableSchema<MelSpectrogram, MelSpectrogramsFacts> = {
  kind: 'mel-spectrogram.arrow',
  version: 1,
  facts: melFacts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    frames: { type: 'int32', doc: 'Frames of the clip' },
    bands: { type: 'int32', doc: 'Mel bands of a frame' },
    db: {
      type: 'list<float32>',
      doc: "Mel spectrogram, floored below the clip's own maximum",
      unit: 'dB',
      shape: 'frames x bands',
      length: ({ frames, bands }) => frames * bands,
    },
  },
};

/** Writes the clips' mel spectrograms in one go, in the order of the clips. */
export function writeMelSpectrograms(
  path: string,
  facts: MelSpectrogramsFacts,
  rows: Iterable<MelSpectrogram> | AsyncIterable<MelSpectrogram>,
): Promise<void> {
  return writeTable(melSpectrogramsSchema, path, facts, rows);
}

/** Writes the clips' mel spectrograms one by one, in the order of the clips. */
export function openMelSpectrogramsWriter(
  path: string,
  facts: MelSpectrogramsFacts,
): Promise<RowWriter<MelSpectrogram>> {
  return openWriter(melSpectrogramsSchema, path, facts);
}

/**
 * Reads the clips' mel spectrograms as they are asked for, two batches in memory at a time.
 *
 * @throws UserError `damaged-artifact`, here or while the rows are read
 */
export function readMelSpectrograms(
  path: string,
): Promise<RowStream<MelSpectrogram, MelSpectrogramsFacts>> {
  return openTable(melSpectrogramsSchema, path);
}

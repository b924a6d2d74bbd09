import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** What a network trained without this fold says of one of its clips. */
export interface FoldPrediction {
  readonly clip: string;
  readonly fold: number;
  /** Index in the classes. */
  readonly truth: number;
  readonly predicted: number;
  /** One for each class. */
  readonly probabilities: Float32Array;
  /** One weight for each position. */
  readonly attention: Float32Array;
}

const facts = () =>
  z.strictObject({
    classes: z.array(z.string()).readonly(),
    fold: z.int().min(1),
    model: z.string(),
    /** Position p hears the frames from p x stride to p x stride + frames - 1. */
    receptive: z.strictObject({ frames: z.int().min(1), stride: z.int().min(1) }).readonly(),
  });

/** What holds for the whole table. */
export type FoldPredictionsFacts = z.output<ReturnType<typeof facts>>;

export const foldPredictionsSchema: TableSchema<FoldPrediction, FoldPredictionsFacts> = {
  kind: 'fold-predictions.arrow',
  version: 1,
  facts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    fold: { type: 'int32', doc: 'The fold that tests the clip, from 1' },
    truth: { type: 'int32', doc: 'Index in the classes of what the speaker portrays' },
    predicted: { type: 'int32', doc: 'Index in the classes of what the model says' },
    probabilities: {
      type: 'list<float32>',
      doc: 'Probability of each class',
      shape: 'classes',
      length: (_, { classes }) => classes.length,
    },
    attention: { type: 'list<float32>', doc: 'Weight of each position', shape: 'positions' },
  },
};

/** Writes the predictions of a fold in one go, in the order of the fold. */
export function writeFoldPredictions(
  path: string,
  facts: FoldPredictionsFacts,
  rows: Iterable<FoldPrediction> | AsyncIterable<FoldPrediction>,
): Promise<void> {
  return writeTable(foldPredictionsSchema, path, facts, rows);
}

/**
 * Reads the predictions of a fold.
 *
 * @throws UserError `damaged-artifact`
 */
export function readFoldPredictions(
  path: string,
): Promise<LoadedTable<FoldPrediction, FoldPredictionsFacts>> {
  return readTable(foldPredictionsSchema, path);
}

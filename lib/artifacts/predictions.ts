import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** What a model trained without this fold says of one of its clips. */
export interface Prediction {
  /** `network`, or the id of a baseline. */
  readonly model: string;
  readonly clip: string;
  readonly speaker: string;
  readonly fold: number;
  /** Index in the classes. */
  readonly truth: number;
  readonly predicted: number;
  /** One for each class. */
  readonly probabilities: Float32Array;
  /** One weight for each position; empty for a baseline. */
  readonly attention: Float32Array;
}

const facts = () =>
  z.strictObject({
    classes: z.array(z.string()).readonly(),
  });

/** What holds for the whole table. */
export type PredictionsFacts = z.output<ReturnType<typeof facts>>;

export const predictionsSchema: TableSchema<Prediction, PredictionsFacts> = {
  kind: 'predictions.arrow',
  version: 1,
  facts,
  columns: {
    model: { type: 'utf8', doc: 'network, or the id of a baseline' },
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    speaker: { type: 'utf8', doc: 'Who speaks' },
    fold: { type: 'int32', doc: 'The fold that tests the clip, from 1' },
    truth: { type: 'int32', doc: 'Index in the classes of what the speaker portrays' },
    predicted: { type: 'int32', doc: 'Index in the classes of what the model says' },
    probabilities: {
      type: 'list<float32>',
      doc: 'Probability of each class',
      shape: 'classes',
      length: (_, { classes }) => classes.length,
    },
    attention: {
      type: 'list<float32>',
      doc: 'Weight of each position; empty for a baseline',
      shape: 'positions',
    },
  },
};

/** Writes all models' predictions in one go, by model, then in the order of the folds. */
export function writePredictions(
  path: string,
  facts: PredictionsFacts,
  rows: Iterable<Prediction> | AsyncIterable<Prediction>,
): Promise<void> {
  return writeTable(predictionsSchema, path, facts, rows);
}

/**
 * Reads all models' predictions.
 *
 * @throws UserError `damaged-artifact`
 */
export function readPredictions(path: string): Promise<LoadedTable<Prediction, PredictionsFacts>> {
  return readTable(predictionsSchema, path);
}

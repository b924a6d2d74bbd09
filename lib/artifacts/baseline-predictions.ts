import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** What a baseline trained without this fold says of one of its clips. */
export interface BaselinePrediction {
  readonly model: string;
  readonly clip: string;
  readonly fold: number;
  /** Index in the classes. */
  readonly truth: number;
  readonly predicted: number;
  /** One for each class. */
  readonly probabilities: Float32Array;
}

const facts = () =>
  z.strictObject({
    classes: z.array(z.string()).readonly(),
    models: z
      .array(
        z.strictObject({ id: z.string(), name: z.string(), description: z.string() }).readonly(),
      )
      .readonly(),
  });

/** What holds for the whole table. */
export type BaselinePredictionsFacts = z.output<ReturnType<typeof facts>>;

export const baselinePredictionsSchema: TableSchema<BaselinePrediction, BaselinePredictionsFacts> =
  {
    kind: 'baseline-predictions.arrow',
    version: 1,
    facts,
    columns: {
      model: { type: 'utf8', doc: 'Id of the baseline' },
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
    },
  };

/** Writes the baselines' predictions in one go, by model, then in the order of the folds. */
export function writeBaselinePredictions(
  path: string,
  facts: BaselinePredictionsFacts,
  rows: Iterable<BaselinePrediction> | AsyncIterable<BaselinePrediction>,
): Promise<void> {
  return writeTable(baselinePredictionsSchema, path, facts, rows);
}

/**
 * Reads the baselines' predictions.
 *
 * @throws UserError `damaged-artifact`
 */
export function readBaselinePredictions(
  path: string,
): Promise<LoadedTable<BaselinePrediction, BaselinePredictionsFacts>> {
  return readTable(baselinePredictionsSchema, path);
}

import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** One epoch of a training. */
export interface Epoch {
  /** 1-based. */
  readonly epoch: number;
  /** Training loss, mean cross-entropy of a clip, nats. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly testUar: number;
}

const facts = () =>
  z.strictObject({
    fold: z.int().min(1),
    backend: z.string(),
  });

/** What holds for the whole table. */
export type HistoryFacts = z.output<ReturnType<typeof facts>>;

export const historySchema: TableSchema<Epoch, HistoryFacts> = {
  kind: 'history.arrow',
  version: 1,
  facts,
  columns: {
    epoch: { type: 'int32', doc: 'From 1' },
    loss: { type: 'float64', doc: 'Training loss: mean cross-entropy of a clip', unit: 'nat' },
    trainAccuracy: { type: 'float64', doc: 'Share of the training clips called right' },
    testAccuracy: { type: 'float64', doc: 'Share of the test clips called right' },
    testUar: { type: 'float64', doc: 'Mean recall of the classes on the test clips' },
  },
};

/** Writes the epochs of a training in one go, in order. */
export function writeHistory(
  path: string,
  facts: HistoryFacts,
  rows: Iterable<Epoch> | AsyncIterable<Epoch>,
): Promise<void> {
  return writeTable(historySchema, path, facts, rows);
}

/**
 * Reads the epochs of a training.
 *
 * @throws UserError `damaged-artifact`
 */
export function readHistory(path: string): Promise<LoadedTable<Epoch, HistoryFacts>> {
  return readTable(historySchema, path);
}

import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** Where a clip is tested. */
export interface Fold {
  readonly clip: string;
  /** 1-based. */
  readonly fold: number;
  /** In the fold, 0-based. */
  readonly position: number;
}

const facts = () =>
  z.strictObject({
    folds: z.int().min(1),
    by: z.enum(['clip', 'speaker', 'list']),
    seed: z.int().min(0),
    stratify: z.boolean(),
    /** Speakers with clips in more than one fold. */
    speakersShared: z.int().min(0),
  });

/** What holds for the whole table. */
export type FoldsFacts = z.output<ReturnType<typeof facts>>;

export const foldsSchema: TableSchema<Fold, FoldsFacts> = {
  kind: 'folds.arrow',
  version: 1,
  facts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    fold: { type: 'int32', doc: 'The fold that tests the clip, from 1' },
    position: { type: 'int32', doc: 'Place in the fold, from 0' },
  },
};

/** Writes the folds in one go, sorted by fold and position. */
export function writeFolds(
  path: string,
  facts: FoldsFacts,
  rows: Iterable<Fold> | AsyncIterable<Fold>,
): Promise<void> {
  return writeTable(foldsSchema, path, facts, rows);
}

/**
 * Reads the folds.
 *
 * @throws UserError `damaged-artifact`
 */
export function readFolds(path: string): Promise<LoadedTable<Fold, FoldsFacts>> {
  return readTable(foldsSchema, path);
}

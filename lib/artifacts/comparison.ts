import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** How a repetition of a point of a sweep did on a fold, or on all of them. */
export interface ComparedScore {
  /** The label of the point, unique in the comparison. */
  readonly point: string;
  /** Its parameters that vary between points: JSON, keys sorted. */
  readonly parameters: string;
  /** Which repetition. */
  readonly seed: number;
  /** 0: the clips of all folds pooled. */
  readonly fold: number;
  readonly clips: number;
  /** Weighted accuracy: share of the clips called right. */
  readonly wa: number;
  /** Unweighted average recall: mean recall of the classes. */
  readonly uar: number;
  /** Every prediction is of one class. */
  readonly collapsed: boolean;
  /** Numbers that one network learns. */
  readonly weights: number;
  readonly epochs: number;
  /** Steps of the optimiser; those of all folds' trainings where `fold` is 0. */
  readonly steps: number;
  /** The stages that the numbers are from. */
  readonly train: string;
  readonly evaluate: string;
}

const facts = () =>
  z.strictObject({
    /** Name of the sweep, or what was compared. */
    title: z.string(),
    /** Label of the point that the others are tested against. */
    baseline: z.string(),
    select: z.enum(['test', 'nested']),
  });

/** What holds for the whole table. */
export type ComparisonFacts = z.output<ReturnType<typeof facts>>;

export const comparisonSchema: TableSchema<ComparedScore, ComparisonFacts> = {
  kind: 'comparison.arrow',
  version: 1,
  facts,
  columns: {
    point: { type: 'utf8', doc: 'Label of the point, unique in the comparison' },
    parameters: { type: 'utf8', doc: 'Its parameters that vary between points: JSON, keys sorted' },
    seed: { type: 'int32', doc: 'Which repetition' },
    fold: { type: 'int32', doc: 'From 1; 0 for the clips of all folds pooled' },
    clips: { type: 'int32', doc: 'How many clips were predicted' },
    wa: { type: 'float64', doc: 'Weighted accuracy: share of the clips called right' },
    uar: { type: 'float64', doc: 'Unweighted average recall: mean recall of the classes' },
    collapsed: { type: 'bool', doc: 'Every prediction is of one class' },
    weights: { type: 'int32', doc: 'Numbers that one network learns' },
    epochs: { type: 'int32', doc: 'Passes over the training clips' },
    steps: {
      type: 'int32',
      doc: "Steps of the optimiser; those of all folds' trainings where fold is 0",
    },
    train: { type: 'utf8', doc: 'The stage that trained' },
    evaluate: { type: 'utf8', doc: 'The stage that scored' },
  },
};

/** Writes the scores in one go, by point, then by seed, folds ascending and the pooled one last. */
export function writeComparison(
  path: string,
  facts: ComparisonFacts,
  rows: Iterable<ComparedScore> | AsyncIterable<ComparedScore>,
): Promise<void> {
  return writeTable(comparisonSchema, path, facts, rows);
}

/**
 * Reads the scores.
 *
 * @throws UserError `damaged-artifact`
 */
export function readComparison(path: string): Promise<LoadedTable<ComparedScore, ComparisonFacts>> {
  return readTable(comparisonSchema, path);
}

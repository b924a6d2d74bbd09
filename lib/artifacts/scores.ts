import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** How a model did on a fold, or on all of them. */
export interface Score {
  /** `network`, or the id of a baseline. */
  readonly model: string;
  /** 0: the clips of all folds pooled. */
  readonly fold: number;
  readonly clips: number;
  /** Weighted accuracy: share of the clips called right. */
  readonly wa: number;
  /** Unweighted average recall: mean recall of the classes. */
  readonly uar: number;
  /** Ends of the interval; `wa` itself where fold is not 0. */
  readonly waLow: number;
  readonly waHigh: number;
  readonly uarLow: number;
  readonly uarHigh: number;
  /** Every prediction is of one class. */
  readonly collapsed: boolean;
  /** classes x classes counts, truth-major. */
  readonly confusion: Int32Array;
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  readonly f1: Float64Array;
  /** Bootstrap samples drawn again because they lacked a class. */
  readonly redraws: number;
}

const facts = () =>
  z.strictObject({
    classes: z.array(z.string()).readonly(),
    /** Share of the bootstrap samples within an interval. */
    level: z.number().gt(0).lt(1),
    draws: z.int().min(1),
    by: z.enum(['clip', 'speaker', 'list']),
    speakersShared: z.int().min(0),
  });

/** What holds for the whole table. */
export type ScoresFacts = z.output<ReturnType<typeof facts>>;

export const scoresSchema: TableSchema<Score, ScoresFacts> = {
  kind: 'scores.arrow',
  version: 1,
  facts,
  columns: {
    model: { type: 'utf8', doc: 'network, or the id of a baseline' },
    fold: { type: 'int32', doc: 'From 1; 0 for the clips of all folds pooled' },
    clips: { type: 'int32', doc: 'How many clips were predicted' },
    wa: { type: 'float64', doc: 'Weighted accuracy: share of the clips called right' },
    uar: { type: 'float64', doc: 'Unweighted average recall: mean recall of the classes' },
    waLow: { type: 'float64', doc: "Lower end of wa's interval; wa itself where fold is not 0" },
    waHigh: { type: 'float64', doc: "Upper end of wa's interval; wa itself where fold is not 0" },
    uarLow: { type: 'float64', doc: "Lower end of uar's interval; uar itself where fold is not 0" },
    uarHigh: {
      type: 'float64',
      doc: "Upper end of uar's interval; uar itself where fold is not 0",
    },
    collapsed: { type: 'bool', doc: 'Every prediction is of one class' },
    confusion: {
      type: 'list<int32>',
      doc: 'Clips of each true class called each class',
      unit: 'clips',
      shape: 'truth x predicted',
      length: (_, { classes }) => classes.length * classes.length,
    },
    recall: {
      type: 'list<float64>',
      doc: 'Of the clips of each class, the share called so',
      shape: 'classes',
      length: (_, { classes }) => classes.length,
    },
    precision: {
      type: 'list<float64>',
      doc: 'Of the clips called each class, the share that are',
      shape: 'classes',
      length: (_, { classes }) => classes.length,
    },
    f1: {
      type: 'list<float64>',
      doc: 'Harmonic mean of recall and precision',
      shape: 'classes',
      length: (_, { classes }) => classes.length,
    },
    redraws: { type: 'int32', doc: 'Bootstrap samples drawn again because they lacked a class' },
  },
};

/** Writes the scores in one go. */
export function writeScores(
  path: string,
  facts: ScoresFacts,
  rows: Iterable<Score> | AsyncIterable<Score>,
): Promise<void> {
  return writeTable(scoresSchema, path, facts, rows);
}

/**
 * Reads the scores.
 *
 * @throws UserError `damaged-artifact`
 */
export function readScores(path: string): Promise<LoadedTable<Score, ScoresFacts>> {
  return readTable(scoresSchema, path);
}

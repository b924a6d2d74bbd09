import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

/** A tensor of a trained network. */
export interface Tensor {
  readonly name: string;
  readonly shape: Int32Array;
  /** Row-major. */
  readonly values: Float32Array;
}

const facts = () =>
  z.strictObject({
    classes: z.array(z.string()).readonly(),
    /** The fold that it was not trained on. */
    fold: z.int().min(1),
    /** Numbers in an input row. */
    frames: z.int().min(1),
    attention: z.string(),
    channels: z.array(z.int()).readonly(),
    kernels: z.array(z.int()).readonly(),
    strides: z.array(z.int()).readonly(),
    /** The layers, from 1, that a pool follows. */
    pools: z.array(z.int()).readonly(),
    poolSize: z.int(),
    poolStride: z.int(),
    lambda: z.number(),
    /** Clips in a full batch. */
    batch: z.int().min(1),
    /** What was subtracted from the input, and what it was divided by; 0 and 1 for nothing. */
    standardise: z.strictObject({ mean: z.number(), deviation: z.number() }).readonly(),
    backend: z.string(),
  });

/** What holds for the whole table. */
export type ModelFacts = z.output<ReturnType<typeof facts>>;

export const modelSchema: TableSchema<Tensor, ModelFacts> = {
  kind: 'model.arrow',
  version: 1,
  facts,
  columns: {
    name: { type: 'utf8', doc: 'Layer and parameter' },
    shape: { type: 'list<int32>', doc: 'Length of each axis, slowest first', shape: 'axes' },
    values: {
      type: 'list<float32>',
      doc: 'Values, row-major',
      shape: 'as the column shape says',
      length: ({ shape }) => shape.reduce((product, length) => product * length, 1),
    },
  },
};

/** Writes the tensors of a model in one go. */
export function writeModel(
  path: string,
  facts: ModelFacts,
  rows: Iterable<Tensor> | AsyncIterable<Tensor>,
): Promise<void> {
  return writeTable(modelSchema, path, facts, rows);
}

/**
 * Reads the tensors of a model.
 *
 * @throws UserError `damaged-artifact`
 */
export function readModel(path: string): Promise<LoadedTable<Tensor, ModelFacts>> {
  return readTable(modelSchema, path);
}

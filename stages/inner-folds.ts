import { z } from 'zod';
import { readFolds, writeFolds } from '../lib/artifacts/folds.ts';
import { UserError } from '../lib/pipeline/errors.ts';
import type { Run } from '../lib/pipeline/stage.ts';

export const summary =
  'the folds without one of them, numbered anew: a sweep chooses its best point on these';

export const parameters = () =>
  z.strictObject({
    without: z.int().min(1).describe('The test fold that is left out'),
    folds: z.int().min(2).describe('How many folds remain'),
  });

export const reads = { folds: 'folds.arrow' } as const;
export const writes = { inner: 'folds.arrow' } as const;
export const axes = { fold: (params: { readonly folds: number }) => params.folds };
export const leavesNothing = true;

export async function run({
  params,
  inputs,
  outputs,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const { facts, rows } = await readFolds(inputs.folds.path);
  const { without, folds } = params;
  if (facts.folds !== folds + 1 || without > facts.folds) {
    throw new UserError(
      'wrong-folds',
      `inner-folds: without fold ${without} of ${facts.folds}, ${facts.folds - 1} folds remain, not ${folds}.`,
    );
  }
  const inner = rows
    .filter(({ fold }) => fold !== without)
    .map((row) => ({ ...row, fold: row.fold > without ? row.fold - 1 : row.fold }));
  await writeFolds(outputs.inner, { ...facts, folds }, inner);
}

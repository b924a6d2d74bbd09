import { ClipTable } from '../clip-table.ts';
import type { Plan, PlanParameter } from '../plan.ts';
import { positionsOf, type Grid, type Signal } from '../signal.ts';
import type { Geometry } from './convolution-geometry.ts';

/** A convolution, laid out. */
export interface Parts {
  readonly input: Signal;
  readonly output: Signal;
  readonly geometry: Geometry;
  readonly weights: PlanParameter;
  readonly bias: PlanParameter | null;
}

/** What computes it; `byInput` is null where nobody wants that gradient. */
export interface Products {
  readonly forward: (clips: number) => void;
  /** Adds to the gradients by the weights and by the bias, after `forward` of the same clips. */
  readonly byWeights: (clips: number) => void;
  readonly byInput: ((clips: number) => void) | null;
}

/** What `mode` of the kernels is for max(0, .) of the result. */
export const RECTIFY = 1;

/** What it is for a result that is added to what is there. */
export const ACCUMULATE = 2;

/** Of each output position the address of its first input and its own in `output`. */
export function positionTable(geometry: Geometry, input: Grid, output: Grid): ClipTable {
  const { output: shape, strides, before } = geometry;
  const table = new ClipTable();
  for (const [i, j] of positionsOf(shape)) {
    table.addPlace(input, i * strides[0] - before[0], j * strides[1] - before[1]);
    table.addPlace(output, i, j);
  }
  return table;
}

/**
 * Adds to the gradient by the bias, if there is one.
 *
 * @param table lays a {@link positionTable} of the output's gradient
 */
export function biasGradient(
  plan: Plan,
  { output, geometry, bias }: Parts,
  table: () => number,
): (clips: number) => void {
  if (bias === null) return () => undefined;
  const { gradient } = plan.addressOf(bias);
  const positions = table();
  return (clips) => {
    const { perClip } = geometry;
    plan.kernels.sumChannels(positions, clips * perClip, gradient, output.shape.channels);
  };
}

/**
 * Bytes of inputs and gradients that pass while a block's sums stay in registers: half of a first-level
 * cache. Anything from 8 to 24 KB is as fast.
 */
const CHUNK_BYTES = 16_384;

/** How many positions pass meanwhile. @param run positions that lie evenly @param numbers of each position */
export function chunkOf(run: number, numbers: number): number {
  return run * Math.max(1, Math.floor(CHUNK_BYTES / (4 * numbers * run)));
}

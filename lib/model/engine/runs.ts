import { ClipTable } from './clip-table.ts';
import type { Plan } from './plan.ts';
import { positionsOf, type Grid, type Shape } from './signal.ts';

/** Stretches of numbers next to each other, the same in several grids. */
export interface Runs {
  /** For each run its address in each of the grids. */
  readonly table: number;
  readonly perClip: number;
  /** Numbers in a run. */
  readonly length: number;
}

/** The longest runs that all grids have in common: clips, rows, or positions. */
export function runsOf(plan: Plan, shape: Shape, grids: readonly Grid[]): Runs {
  const { height, width, channels } = shape;
  const wholeRows = grids.every(({ column }) => column === 4 * channels);
  const wholeClips = wholeRows && grids.every(({ row }) => row === 4 * channels * width);
  const rows = wholeClips ? 1 : height;
  const columns = wholeRows ? 1 : width;
  const table = new ClipTable();
  for (const [i, j] of positionsOf({ height: rows, width: columns, channels })) {
    for (const grid of grids) table.addPlace(grid, i, j);
  }
  const perClip = rows * columns;
  return {
    table: table.lay(plan),
    perClip,
    length: (height * width * channels) / perClip,
  };
}

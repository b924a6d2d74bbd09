import type { Plan } from './plan.ts';
import type { Grid, Shape } from './signal.ts';

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
  const table: number[] = [];
  for (let clip = 0; clip < plan.clips; clip++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (const grid of grids) {
          table.push(grid.address + clip * grid.clip + i * grid.row + j * grid.column);
        }
      }
    }
  }
  const perClip = rows * columns;
  return {
    table: plan.arena.table(table),
    perClip,
    length: (height * width * channels) / perClip,
  };
}

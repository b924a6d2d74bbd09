import type { Arena } from '../arena.ts';
import type { Plan, PlanParameter } from '../plan.ts';
import { positionsOf, type Grid, type Signal } from '../signal.ts';
import type { Geometry } from './convolution-geometry.ts';
import { ACCUMULATE } from './convolution-parts.ts';
import { turnedWeights } from './turned-weights.ts';

/**
 * The gradient by the input: a convolution of the output's gradient, spread out by the strides and
 * with zeros around, with the kernel turned round and its channels exchanged.
 */
export function inputGradient(
  plan: Plan,
  input: Signal,
  byY: Grid,
  geometry: Geometry,
  weights: PlanParameter,
): (clips: number) => void {
  const { kernels, arena } = plan;
  const { kernel, strides, before, output } = geometry;
  const { height, width, channels: inputs } = input.shape;
  const byX = plan.gradientOf(input);
  const rawRow = byY.row / strides[0];
  const rawColumn = byY.column / strides[1];
  const entries: number[] = [];
  for (const [clip, i, j] of positionsOf(plan.clips, input.shape)) {
    const row = i + before[0] - (kernel[0] - 1);
    const column = j + before[1] - (kernel[1] - 1);
    entries.push(
      byY.address + clip * byY.clip + row * rawRow + column * rawColumn,
      byX.address + clip * byX.clip + i * byX.row + j * byX.column,
    );
  }
  const table = arena.table(wholeFours(arena, entries, inputs));
  const turned = turnedWeights(plan, weights, kernel[0] * kernel[1], inputs);
  const noBias = arena.words(inputs + 12);
  const mode = plan.isFirstToWrite(input) ? 0 : ACCUMULATE;
  const length = kernel[1] * output.channels;
  return (clips) => {
    turned.pack();
    kernels.convolve(
      table,
      0,
      0,
      clips * height * width,
      kernel[0],
      length,
      rawRow,
      turned.address,
      noBias,
      inputs,
      mode,
    );
  };
}

/** Fills a table up to a whole number of fours with positions that are written where nobody looks. */
export function wholeFours(arena: Arena, table: number[], channels: number): number[] {
  const nowhere = arena.words(channels + 12);
  while (table.length % 8 !== 0) table.push(table[0]!, nowhere);
  return table;
}

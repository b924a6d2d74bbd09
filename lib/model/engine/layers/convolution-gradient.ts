import { ClipTable } from '../clip-table.ts';
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
  const spread = { ...byY, row: rawRow, column: rawColumn };
  const places = new ClipTable();
  for (const [i, j] of positionsOf(input.shape)) {
    places.addPlace(spread, i + before[0] - (kernel[0] - 1), j + before[1] - (kernel[1] - 1));
    places.addPlace(byX, i, j);
  }
  const table = inFours(plan, places, inputs);
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

/** A table of a whole number of fours: what is missing reads the first, and writes where nobody looks. */
export function inFours(plan: Plan, places: ClipTable, channels: number): number {
  const nowhere = plan.arena.words(channels + 12);
  const missing = -(plan.clips * (places.length / 2)) & 3;
  const behind = Array.from({ length: missing }, () => [places.first, nowhere]).flat();
  return places.lay(plan, behind);
}

import { Panels } from '../panels.ts';
import type { Plan } from '../plan.ts';
import type { Border, Grid, Shape } from '../signal.ts';
import type { Geometry } from './convolution-geometry.ts';
import {
  ACCUMULATE,
  biasGradient,
  chunkOf,
  positionTable,
  RECTIFY,
  type Parts,
  type Products,
} from './convolution-parts.ts';
import { turnedWeights } from './turned-weights.ts';

// Winograd's convolution, see kernels/tiles.ts.

/** With fewer, turning costs more than the products that it saves. */
const LEAST_CHANNELS = 16;
const PLANES = 16;

/** Whether a convolution is computed in tiles: in two dimensions, 3 x 3, one position after another. */
export function isTiled({ kernel, strides, output }: Geometry, input: Shape): boolean {
  return (
    kernel.every((span) => span === 3) &&
    strides.every((stride) => stride === 1) &&
    [input.channels, output.channels].every((count) => count >= LEAST_CHANNELS && count % 4 === 0)
  );
}

/** The zeros around a convolution's input and its output's gradient: the last tiles of an odd side look at more. */
export function tileBorders(
  { output, border, gradientBorder }: Geometry,
  input: Shape,
): Pick<Geometry, 'border' | 'gradientBorder'> {
  return { border: forTiles(border, output), gradientBorder: forTiles(gradientBorder, input) };
}

function forTiles(border: Border, { height, width }: Shape): Border {
  return {
    ...border,
    bottom: border.bottom + (height % 2),
    right: border.right + (width % 2),
  };
}

/** Multiplications for each pair of channels and as many results. */
export function tileProducts(results: Shape): number {
  const { rows, columns } = tilesOf(results);
  return PLANES * rows * columns;
}

function tilesOf({ height, width }: Shape): { readonly rows: number; readonly columns: number } {
  return { rows: Math.ceil(height / 2), columns: Math.ceil(width / 2) };
}

/** In tiles of 2 x 2 results: the same sums but for their last bits, with 16 of 36 multiplications. */
export function byTiles(plan: Plan, parts: Parts): Products {
  const { input, output, geometry, weights, bias } = parts;
  const { before } = geometry;
  const inputs = input.shape.channels;
  const { channels } = output.shape;
  const x = plan.valuesOf(input);
  const byY = plan.gradientOf(output);
  const w = plan.addressOf(weights);
  const convolution = tiled(plan, {
    ...{ from: movedBy(x, -before[0], -before[1]), inputs },
    ...{ to: plan.valuesOf(output), shape: output.shape },
    bias: bias === null ? null : plan.addressOf(bias).value,
    mode: output.rectified ? RECTIFY : 0,
    clips: plan.clips,
  });
  const weightGradients = weightGradient(plan, convolution, byY, weights.panels!, w.gradient);
  const byBias = biasGradient(plan, parts, () => positionTable(geometry, x, byY).lay(plan));
  return {
    forward: (clips) => {
      convolution.load(weights.panels!, w.value);
      for (let clip = 0; clip < clips; clip++) convolution.run(clip);
    },
    byWeights: (clips) => {
      weightGradients(clips);
      byBias(clips);
    },
    byInput: input.wanted ? byInputInTiles() : null,
  };

  /** The same with the weights turned round, of the output's gradient. */
  function byInputInTiles(): (clips: number) => void {
    const turned = turnedWeights(plan, weights, 9, inputs);
    const back = tiled(plan, {
      ...{ from: movedBy(byY, before[0] - 2, before[1] - 2), inputs: channels },
      ...{ to: plan.gradientOf(input), shape: input.shape },
      bias: null,
      mode: plan.isFirstToWrite(input) ? 0 : ACCUMULATE,
      clips: 1,
    });
    return (clips) => {
      turned.pack();
      back.load(turned.panels, turned.address);
      for (let clip = 0; clip < clips; clip++) back.run(clip);
    };
  }
}

interface TiledOptions {
  /** What the first tile looks at, and its channels. */
  readonly from: Grid;
  readonly inputs: number;
  /** The results. */
  readonly to: Grid;
  readonly shape: Shape;
  /** Address of a number for each channel, if any is added. */
  readonly bias: number | null;
  readonly mode: number;
  /** Clips whose turned values are kept. */
  readonly clips: number;
}

interface Tiled {
  readonly inputs: number;
  readonly shape: Shape;
  readonly rows: number;
  readonly columns: number;
  /** Of each tile, in order: where its channels lie in a plane of turned values and in one of products. */
  readonly table: number;
  /** Bytes of a plane of turned values. */
  readonly plane: number;
  /** The address of a clip's turned values. */
  readonly valuesOf: (clip: number) => number;
  /** Turns the weights. */
  readonly load: (panels: Panels, address: number) => void;
  /** Computes a clip. */
  readonly run: (clip: number) => void;
}

function tiled(plan: Plan, options: TiledOptions): Tiled {
  const { kernels, arena } = plan;
  const { from, inputs, to, shape, bias, mode, clips } = options;
  const { channels } = shape;
  const { rows, columns } = tilesOf(shape);
  // The kernel takes tiles by fours.
  const tiles = 4 * Math.ceil((rows * columns) / 4);
  const plane = 4 * inputs * tiles;
  const values = arena.words((clips * PLANES * plane) / 4);
  const productPlane = 4 * channels * tiles;
  const products = arena.words((PLANES * productPlane) / 4);
  const weightPanels = new Panels(inputs, channels);
  const weights = arena.words(PLANES * weightPanels.size);
  const noBias = arena.words(channels + 12);
  const table = arena.table(
    Array.from({ length: tiles }, (_, n) => [4 * inputs * n, 4 * channels * n]).flat(),
  );
  const valuesOf = (clip: number): number => values + (clip % clips) * PLANES * plane;
  return {
    ...{ inputs, shape, rows, columns, table, plane, valuesOf },
    load: (panels, address) => {
      eachPanel(panels, inputs, (at, bytes) => {
        const tap = address + 9 * at;
        kernels.tileWeights(tap, bytes, bytes, weights + at, 4 * weightPanels.size);
      });
    },
    run: (clip) => {
      const turned = valuesOf(clip);
      const first = from.address + clip * from.clip;
      kernels.tileValues(first, from.row, from.column, rows, columns, inputs, turned, plane);
      for (let n = 0; n < PLANES; n++) {
        kernels.convolve(
          table,
          turned + n * plane,
          products + n * productPlane,
          rows * columns,
          1,
          inputs,
          0,
          weights + 4 * n * weightPanels.size,
          noBias,
          channels,
          0,
        );
      }
      kernels.tileResults(
        products,
        productPlane,
        rows,
        columns,
        channels,
        to.address + clip * to.clip,
        to.row,
        to.column,
        shape.height,
        shape.width,
        bias ?? noBias,
        mode,
      );
    },
  };
}

/** The gradient by the weights, from the values that the forward pass has turned. */
function weightGradient(
  { kernels, arena }: Plan,
  { inputs, shape: { channels }, rows, columns, table, plane, valuesOf }: Tiled,
  byY: Grid,
  panels: Panels,
  gradient: number,
): (clips: number) => void {
  const { row, column } = byY;
  const turnedPanels = new Panels(inputs, channels);
  const size = PLANES * turnedPanels.size;
  const byTurned = arena.words(size);
  const gradientPlane = 4 * channels * rows * columns;
  const gradients = arena.words((PLANES * gradientPlane) / 4);
  const chunk = chunkOf(columns, inputs + channels);
  return (clips) => {
    kernels.clear(byTurned, 4 * size);
    for (let clip = 0; clip < clips; clip++) {
      const first = byY.address + clip * byY.clip;
      kernels.tileGradients(first, row, column, rows, columns, channels, gradients, gradientPlane);
      for (let n = 0; n < PLANES; n++) {
        kernels.convolveWeights(
          table,
          valuesOf(clip) + n * plane,
          gradients + n * gradientPlane,
          rows * columns,
          columns,
          4 * inputs,
          4 * channels,
          1,
          inputs,
          0,
          byTurned + 4 * n * turnedPanels.size,
          channels,
          chunk,
        );
      }
    }
    eachPanel(panels, inputs, (at, bytes) => {
      const tap = gradient + 9 * at;
      kernels.tileWeightGradients(byTurned + at, 4 * turnedPanels.size, bytes, tap, bytes);
    });
  };
}

/** @param work gets where a panel of `inputs` rows lies, and its bytes; that of nine times as many lies at nine times that */
function eachPanel(
  { widths }: Panels,
  inputs: number,
  work: (at: number, bytes: number) => void,
): void {
  let at = 0;
  for (const width of widths) {
    work(at, 4 * inputs * width);
    at += 4 * inputs * width;
  }
}

/** A grid whose first position is another one's. */
function movedBy(grid: Grid, rows: number, columns: number): Grid {
  return { ...grid, address: grid.address + rows * grid.row + columns * grid.column };
}

import type { Arena } from './arena.ts';

/** Height x width x channels of what passes from one layer to the next, for one clip. */
export interface Shape {
  /** 1 where there is one dimension. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Positions of zeros around a clip, so that a kernel at the edge needs no case of its own. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export const noBorder: Border = { top: 0, bottom: 0, left: 0, right: 0 };

/** Where the numbers of a signal lie: clips, rows, columns, channels, the last next to each other. */
export interface Grid {
  /** Of the first clip's first number, behind the border. */
  readonly address: number;
  /** Bytes from clip to clip, row to row, column to column. */
  readonly clip: number;
  readonly row: number;
  readonly column: number;
  /** All of it with its borders, for filling with zeros. */
  readonly whole: { readonly address: number; readonly bytes: number };
}

/**
 * What one layer gives to the next. The shape is known at once; where its numbers lie only after all
 * layers have said what they need of it (a border), when the plan is built.
 */
export interface Signal {
  readonly shape: Shape;
  /** Of the values; a layer that reads them widens it. */
  border: Border;
  /** Whether somebody wants the gradient by it: nobody wants that by the network's input. */
  readonly wanted: boolean;
  /** Of the gradient; the layer that gives the signal says it. */
  readonly gradientLayout: GradientLayout;
  /** The values are a rectifier's. */
  readonly rectified: boolean;
  /** Set by a reader that gives the gradient by the values themselves, as all do but a pooling. */
  gradientIsAfterRectifier: boolean;
}

/** A gradient's border, and the step from one position to the next: zeros stand between for strides. */
export interface GradientLayout {
  readonly border: Border;
  readonly stride: readonly [rows: number, columns: number];
}

const denseLayout: GradientLayout = { border: noBorder, stride: [1, 1] };

export function signalOf(
  shape: Shape,
  options: {
    readonly wanted?: boolean;
    readonly gradientLayout?: GradientLayout;
    readonly rectified?: boolean;
  } = {},
): Signal {
  const { wanted = true, gradientLayout = denseLayout, rectified = false } = options;
  return {
    shape,
    border: noBorder,
    wanted,
    gradientLayout,
    rectified,
    gradientIsAfterRectifier: false,
  };
}

export function widest(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.max(a.left, b.left),
    right: Math.max(a.right, b.right),
  };
}

/** How many numbers a clip's signal holds. */
export function sizeOfShape({ height, width, channels }: Shape): number {
  return height * width * channels;
}

/** Lays out `clips` clips with their borders. */
export function layGrid(
  arena: Arena,
  clips: number,
  { height, width, channels }: Shape,
  border: Border,
  [rowStride, columnStride]: readonly [number, number] = [1, 1],
): Grid {
  const pixel = 4 * channels;
  const row = (border.left + (width - 1) * columnStride + 1 + border.right) * pixel;
  const clip = (border.top + (height - 1) * rowStride + 1 + border.bottom) * row;
  const bytes = clips * clip;
  const address = arena.words(bytes / 4);
  return {
    address: address + border.top * row + border.left * pixel,
    clip,
    row: row * rowStride,
    column: pixel * columnStride,
    whole: { address, bytes },
  };
}

/** Every position of a clip, in order. */
export function positionsOf({ height, width }: Shape): (readonly [row: number, column: number])[] {
  const positions: (readonly [number, number])[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) positions.push([row, column]);
  }
  return positions;
}

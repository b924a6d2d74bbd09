import type { Border, Shape } from '../signal.ts';

/** Where a convolution's kernel meets its input. */
export interface Geometry {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly output: Shape;
  /** Zeros before the first row and column. */
  readonly before: readonly [number, number];
  /** Of zeros around the input. */
  readonly border: Border;
  /** Of zeros around the output's gradient, for the gradient by the input. */
  readonly gradientBorder: Border;
  /** Output positions of a clip. */
  readonly perClip: number;
}

/** @throws RangeError where the kernel fits nowhere */
export function geometryOf(
  { height, width }: Shape,
  {
    kernel,
    channels,
    strides = [1, 1],
    padding = 'valid',
  }: {
    readonly kernel: readonly [number, number];
    readonly channels: number;
    readonly strides?: readonly [number, number];
    readonly padding?: 'valid' | 'same';
  },
): Geometry {
  const rows = side(height, kernel[0], strides[0], padding);
  const columns = side(width, kernel[1], strides[1], padding);
  if (rows.size < 1 || columns.size < 1) {
    throw new RangeError(
      `a kernel of ${kernel.join(' x ')} does not fit into ${String(height)} x ${String(width)}`,
    );
  }
  const [top, left] = [rows.before, columns.before];
  return {
    kernel,
    strides,
    output: { height: rows.size, width: columns.size, channels },
    before: [top, left],
    border: { top, left, bottom: rows.after, right: columns.after },
    gradientBorder: {
      top: kernel[0] - 1 - top,
      left: kernel[1] - 1 - left,
      bottom: Math.max(0, height - 1 + top - (rows.size - 1) * strides[0]),
      right: Math.max(0, width - 1 + left - (columns.size - 1) * strides[1]),
    },
    perClip: rows.size * columns.size,
  };
}

/** Positions that a dimension leaves, and the zeros before and behind it. */
function side(
  size: number,
  span: number,
  stride: number,
  padding: 'valid' | 'same',
): { size: number; before: number; after: number } {
  if (padding === 'valid') {
    return { size: Math.floor((size - span) / stride) + 1, before: 0, after: 0 };
  }
  const positions = Math.ceil(size / stride);
  const zeros = Math.max(0, (positions - 1) * stride + span - size);
  const before = Math.floor(zeros / 2);
  return { size: positions, before, after: zeros - before };
}

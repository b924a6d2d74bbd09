/** The convolutional part of the network, one entry for each layer. Lists are of the same length. */
export interface Layers {
  /** Output channels. */
  readonly channels: readonly number[];
  /** Positions that a kernel spans. */
  readonly kernels: readonly number[];
  /** Positions from one application of the kernel to the next. */
  readonly strides: readonly number[];
  /** The layers, counted from 1, that a max-pooling follows. */
  readonly pools: readonly number[];
  readonly poolSize: number;
  readonly poolStride: number;
}

/** What one layer leaves. */
export interface LayerShape {
  /** Counted from 1. */
  readonly layer: number;
  readonly channels: number;
  /** Positions after the convolution. */
  readonly convolved: number;
  /** Positions after the pooling; as many as `convolved` where none follows. */
  readonly positions: number;
}

/** A network whose layers leave no position. */
export class NoPositionError extends RangeError {
  override readonly name = 'NoPositionError';
  /** Which list asks for too much. */
  readonly parameter: 'kernels' | 'pools';

  constructor(parameter: 'kernels' | 'pools', message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/**
 * How many positions stand after each layer, without padding: floor((positions - span) / stride) + 1.
 * The paper's network makes 259 -> 63 | 31 -> 27 | 13 -> 11 -> 9 | 4.
 *
 * @param frames numbers in an input row
 * @throws NoPositionError that names the layer which leaves no position
 */
export function layerShapes(frames: number, layers: Layers): LayerShape[] {
  const shapes: LayerShape[] = [];
  let positions = frames;
  layers.channels.forEach((channels, index) => {
    const layer = index + 1;
    const kernel = layers.kernels[index]!;
    const convolved = slide(positions, kernel, layers.strides[index]!);
    if (convolved < 1) {
      throw new NoPositionError(
        'kernels',
        `layer ${String(layer)} leaves no position: its kernel spans ${String(kernel)}, and ${given(positions, layer)}`,
      );
    }
    positions = convolved;
    if (layers.pools.includes(layer)) {
      positions = slide(convolved, layers.poolSize, layers.poolStride);
      if (positions < 1) {
        throw new NoPositionError(
          'pools',
          `the pool after layer ${String(layer)} leaves no position: it spans ${String(layers.poolSize)}, and the layer leaves ${String(convolved)}`,
        );
      }
    }
    shapes.push({ layer, channels, convolved, positions });
  });
  return shapes;
}

/**
 * Which input a last position has heard: position p hears the frames from p * stride to
 * p * stride + frames - 1.
 */
export function receptiveField(layers: Layers): { frames: number; stride: number } {
  let frames = 1;
  let stride = 1;
  const widen = (span: number, step: number): void => {
    frames += (span - 1) * stride;
    stride *= step;
  };
  layers.channels.forEach((_, index) => {
    widen(layers.kernels[index]!, layers.strides[index]!);
    if (layers.pools.includes(index + 1)) widen(layers.poolSize, layers.poolStride);
  });
  return { frames, stride };
}

function slide(positions: number, span: number, stride: number): number {
  return positions < span ? 0 : Math.floor((positions - span) / stride) + 1;
}

function given(positions: number, layer: number): string {
  return layer === 1
    ? `a clip has ${String(positions)} frames`
    : `the layer before it leaves ${String(positions)}`;
}

import type { Attention } from './attention/attention.ts';
import { zeros, type Parameter } from './initial.ts';
import { layerShapes, type Layers } from './shapes.ts';

/** Everything that gives the network its shape. */
export interface Architecture extends Layers {
  /** Numbers in an input row. */
  readonly frames: number;
  readonly classes: number;
  /** Clips in a full batch. */
  readonly batch: number;
  /** How sharply the attention chooses (lambda of the paper's equation 3). */
  readonly lambda: number;
}

/**
 * The network's parameters in the order in which their initial values are drawn: for each convolution
 * a kernel, span x input channels x output channels, and a bias; then the attention's.
 *
 * @throws NoPositionError where the layers leave no position
 */
export function networkParameters(
  architecture: Architecture,
  attention: Attention,
): readonly Parameter[] {
  const { frames, classes, batch, kernels } = architecture;
  const shapes = layerShapes(frames, architecture);
  let inputs = 1;
  const convolutions = shapes.flatMap(({ layer, channels }, index): Parameter[] => {
    const span = kernels[index]!;
    const initial = {
      kind: 'glorot-uniform',
      fanIn: span * inputs,
      fanOut: span * channels,
    } as const;
    const kernel = { name: kernelName(layer), shape: [span, inputs, channels], initial };
    inputs = channels;
    return [kernel, { name: biasName(layer), shape: [channels], initial: zeros }];
  });
  const { positions } = shapes.at(-1)!;
  return [
    ...convolutions,
    ...attention.parameters({ batch, positions, channels: inputs, classes }),
  ];
}

/** The name of a layer's kernel; layers count from 1. */
export function kernelName(layer: number): string {
  return `convolution-${String(layer)}/W`;
}

/** The name of a layer's bias. */
export function biasName(layer: number): string {
  return `convolution-${String(layer)}/b`;
}

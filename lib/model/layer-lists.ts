import type { Layers } from './shapes.ts';

/** What is wrong with the lists that make up the layers, and at which of their keys. */
export interface LayerListIssue {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Whether the lists fit each other: one value a layer, pools that name layers, in order, each once. */
export function layerListIssue({
  channels,
  kernels,
  strides,
  pools,
}: Pick<Layers, 'channels' | 'kernels' | 'strides' | 'pools'>): LayerListIssue | undefined {
  const layers = channels.length;
  if (kernels.length !== layers || strides.length !== layers) {
    return {
      path: [oddOne(layers, kernels.length, strides.length)],
      message: `channels has ${values(layers)}, kernels ${values(kernels.length)} and strides ${values(strides.length)}, but each needs one for every layer.`,
    };
  }
  for (const [index, layer] of pools.entries()) {
    if (layer > layers) {
      const there = layers === 1 ? 'there is only 1' : `there are only ${String(layers)}`;
      return {
        path: ['pools', index],
        message: `a pool follows layer ${String(layer)}, but ${there}.`,
      };
    }
    if (index > 0 && layer <= pools[index - 1]!) {
      return {
        path: ['pools', index],
        message: 'pools should name its layers in ascending order, each once.',
      };
    }
  }
  return undefined;
}

/** The list to be marked: the one that two others outvote, else kernels. */
function oddOne(channels: number, kernels: number, strides: number): string {
  if (kernels === strides) return 'channels';
  return kernels === channels ? 'strides' : 'kernels';
}

function values(count: number): string {
  return count === 1 ? '1 value' : `${String(count)} values`;
}

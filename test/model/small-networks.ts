import * as authors from '../../lib/model/attention/authors.ts';
import * as equations from '../../lib/model/attention/equations.ts';
import type { Architecture } from '../../lib/model/network.ts';
import { networkParameters } from '../../lib/model/network.ts';
import type { Attention } from '../../lib/model/attention/attention.ts';
import type { Clips } from '../../lib/model/trainer.ts';
import { initialWeights, type WeightStore } from '../../lib/model/weights.ts';
import { randomStream, type Random } from '../../lib/math/random.ts';

export const attentionModules: Readonly<Record<'equations' | 'authors', Attention>> = {
  equations,
  authors,
};

export { paperArchitecture as paper } from '../../lib/model/engine/networks.ts';

/** Two layers, small enough for finite differences of every parameter. */
export const small: Architecture = {
  frames: 41,
  classes: 3,
  batch: 5,
  lambda: 0.7,
  channels: [3, 4],
  kernels: [5, 3],
  strides: [2, 1],
  pools: [1, 2],
  poolSize: 3,
  poolStride: 2,
};

export function stream(seed: number, purpose: 'init' | 'shuffle' = 'init'): Random {
  return randomStream({ seed, stage: 'train', fold: 1, purpose });
}

/** Initial weights, with biases too that are not zero, so that their gradients are looked at as well. */
export function stirredWeights(
  architecture: Architecture,
  attention: Attention,
  seed: number,
): WeightStore {
  const random = stream(seed);
  const store = initialWeights(networkParameters(architecture, attention), random);
  for (const { name, values } of store.weights) {
    if (name.endsWith('/b')) values.forEach((_, i) => (values[i] = 0.3 * random.normal()));
  }
  return store;
}

/** Clips whose class is heard in their mean and in how fast they swing. */
export function madeUpClips(count: number, architecture: Architecture, seed: number): Clips {
  const random = stream(seed);
  const { frames, classes } = architecture;
  const labels = Int32Array.from({ length: count }, () => random.below(classes));
  const values = new Float32Array(count * frames);
  labels.forEach((label, clip) => {
    for (let t = 0; t < frames; t++) {
      const swing = (t % (2 + label)) / (2 + label) - 0.5;
      values[clip * frames + t] = swing + 0.4 * label + 0.5 * random.normal();
    }
  });
  return { values, labels };
}

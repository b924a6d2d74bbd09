import type { Random } from '../../math/random.ts';
import { Entrance } from './entrance.ts';
import { instantiate } from './instance.ts';
import { batchNormalisation } from './layers/batch-normalisation.ts';
import { convolution } from './layers/convolution.ts';
import { crossEntropy, type CrossEntropyOptions, type Loss } from './layers/cross-entropy.ts';
import { dropout } from './layers/dropout.ts';
import { maxPooling } from './layers/max-pooling.ts';
import { positionAttention } from './layers/position-attention.ts';
import { Plan, type BuiltPlan } from './plan.ts';
import { signalOf } from './signal.ts';

/** A convolution, batch normalisation, ReLU, and perhaps a pooling of the size of its strides. */
export interface Block {
  readonly channels: number;
  readonly kernel: readonly [bands: number, frames: number];
  readonly strides: readonly [bands: number, frames: number];
  readonly pool: readonly [bands: number, frames: number] | null;
}

export interface SmallArchitecture {
  /** Mel bands and frames of a clip. */
  readonly bands: number;
  readonly frames: number;
  readonly classes: number;
  readonly batch: number;
  readonly blocks: readonly Block[];
  readonly lambda: number;
  /** The share of the attended channels that a step of training forgets. */
  readonly dropout: number;
}

const stride1 = [1, 1] as const;

/** The network that hears in two dimensions: 88,276 parameters. */
export const smallArchitecture: SmallArchitecture = {
  bands: 64,
  frames: 150,
  classes: 4,
  batch: 32,
  blocks: [
    { channels: 16, kernel: [5, 5], strides: [2, 2], pool: [2, 2] },
    { channels: 32, kernel: [3, 3], strides: stride1, pool: null },
    { channels: 48, kernel: [3, 3], strides: stride1, pool: [2, 2] },
    { channels: 64, kernel: [3, 3], strides: stride1, pool: [2, 1] },
    { channels: 64, kernel: [3, 3], strides: stride1, pool: null },
  ],
  lambda: 0.3,
  dropout: 0.3,
};

/**
 * The network as a plan. Convolutions are padded to the same size and have no bias; the attention of
 * equations 1 to 4 goes over all cells of the grid that the last block leaves.
 *
 * @param random draws the masks of the dropout
 */
export function planSmallNetwork(
  network: SmallArchitecture,
  random: Random,
  options: CrossEntropyOptions = {},
): { readonly plan: BuiltPlan; readonly entrance: Entrance; readonly loss: Loss } {
  const plan = new Plan(instantiate, network.batch);
  const { bands, frames, classes, lambda } = network;
  const input = signalOf({ height: bands, width: frames, channels: 1 }, { wanted: false });
  let signal = input;
  network.blocks.forEach(({ channels, kernel, strides, pool }, index) => {
    const name = `convolution-${String(index + 1)}`;
    const weights = `${name}/W`;
    signal = convolution(plan, signal, { weights, channels, kernel, strides, padding: 'same' });
    signal = batchNormalisation(plan, signal, {
      scale: `${name}/scale`,
      shift: `${name}/shift`,
      rectify: true,
    }).output;
    if (pool !== null) signal = maxPooling(plan, signal, { size: pool, strides: pool });
  });
  const { sum } = positionAttention(plan, signal, {
    hidden: 'attention/W',
    bias: 'attention/b',
    scorer: 'attention/u',
    lambda,
  });
  const kept = dropout(plan, sum, { rate: network.dropout, random });
  const logits = convolution(plan, kept, {
    weights: 'classes/W',
    bias: 'classes/b',
    channels: classes,
    kernel: [1, 1],
  });
  const loss = crossEntropy(plan, logits, options);
  const built = plan.build();
  return { plan: built, entrance: new Entrance(plan, input), loss };
}

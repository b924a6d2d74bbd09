import type { Attention } from '../attention/attention.ts';
import { ModelError } from '../errors.ts';
import { biasName, kernelName, type Architecture } from '../network.ts';
import { layerShapes } from '../shapes.ts';
import { Entrance } from './entrance.ts';
import { instantiate } from './instance.ts';
import { convolution } from './layers/convolution.ts';
import { crossEntropy, type Loss } from './layers/cross-entropy.ts';
import { maxPooling } from './layers/max-pooling.ts';
import { Plan, type BuiltPlan } from './plan.ts';
import { signalOf } from './signal.ts';

/** A planned network, and where to put what goes in and find what comes out. */
export interface PlannedNetwork {
  readonly plan: BuiltPlan;
  readonly entrance: Entrance;
  readonly loss: Loss;
  /** Address of the attention's weights, clips x positions; null where they belong to no position. */
  readonly alpha: number | null;
  readonly positions: number;
}

/**
 * The paper's network as a plan: a clip is one row of `frames` positions of one channel.
 *
 * @throws NoPositionError where the layers leave no position
 * @throws ModelError `attention-without-layers`
 */
export function planNetwork(architecture: Architecture, attention: Attention): PlannedNetwork {
  const { frames, classes, batch, lambda, kernels, strides } = architecture;
  const { pools, poolSize, poolStride } = architecture;
  // refused in the words of the lists that ask for too much
  layerShapes(frames, architecture);
  if (attention.planned === undefined) throw withoutLayers();
  const plan = new Plan(instantiate, batch);
  const input = signalOf({ height: 1, width: frames, channels: 1 }, { wanted: false });
  let signal = input;
  architecture.channels.forEach((channels, index) => {
    const layer = index + 1;
    signal = convolution(plan, signal, {
      weights: kernelName(layer),
      bias: biasName(layer),
      channels,
      kernel: [1, kernels[index]!],
      strides: [1, strides[index]!],
      rectify: true,
    });
    if (pools.includes(layer)) {
      signal = maxPooling(plan, signal, { size: [1, poolSize], strides: [1, poolStride] });
    }
  });
  const { logits, alpha } = attention.planned(plan, signal, classes, lambda);
  const loss = crossEntropy(plan, logits);
  const built = plan.build();
  return {
    plan: built,
    entrance: new Entrance(plan, input),
    loss,
    alpha: alpha === null ? null : alpha(),
    positions: signal.shape.width,
  };
}

function withoutLayers(): ModelError {
  return new ModelError(
    'attention-without-layers',
    'the backend wasm has no layers for this attention, only TF.js has',
  );
}

import { randomStream, type Random } from '../../math/random.ts';
import * as authors from '../attention/authors.ts';
import * as equations from '../attention/equations.ts';
import { fillInitial, sizeOf } from '../initial.ts';
import { networkParameters, type Architecture } from '../network.ts';
import { initialWeights, type Weight } from '../weights.ts';
import { Arena } from './arena.ts';
import { Entrance } from './entrance.ts';
import { instantiate } from './instance.ts';
import { convolution } from './layers/convolution.ts';
import type { Loss } from './layers/cross-entropy.ts';
import { planNetwork } from './network.ts';
import { adam } from './optimiser.ts';
import { Plan, type BuiltPlan } from './plan.ts';
import { signalOf } from './signal.ts';
import { planSmallNetwork, smallArchitecture } from './small-network.ts';

// What the bench times: networks of made-up clips, with the arithmetic that they ask for.

/** A network with a batch of made-up clips in it. */
export interface TimedNetwork {
  /** One step of training on the batch: forward, backward, optimiser. @returns its summed loss */
  readonly step: () => number;
  /** The forward pass of training alone. */
  readonly forward: () => void;
  /**
   * 2 x the multiply-adds of convolutions and dense layers for the whole batch, nothing padded counted:
   * of `forward`, and of `step`, which is the forward products, the gradients by the weights and those by
   * the inputs (there is none by the network's input), as the sums that define them have them; and of
   * `computed`, as many as a step computes for them.
   */
  readonly flops: { readonly forward: number; readonly step: number; readonly computed: number };
  readonly parameters: number;
}

/** The paper's network: 259 frames, four layers, four classes. */
export const paperArchitecture: Architecture = {
  frames: 259,
  classes: 4,
  batch: 51,
  lambda: 0.8,
  channels: [5, 10, 20, 30],
  kernels: [11, 5, 3, 3],
  strides: [4, 1, 1, 1],
  pools: [1, 2, 4],
  poolSize: 3,
  poolStride: 2,
};

/** The paper's network under Adam, as the stage `train` has it. */
export async function paperNetwork({
  attention = 'equations',
  batch = 51,
}: {
  readonly attention?: 'equations' | 'authors';
  readonly batch?: number;
} = {}): Promise<TimedNetwork> {
  const architecture = { ...paperArchitecture, batch };
  const module = { equations, authors }[attention];
  const network = planNetwork(architecture, module);
  const weights = initialWeights(networkParameters(architecture, module), stream('init'));
  return timed(network, weights.weights, batch, { learningRate: 0.001, epsilon: 1e-7 });
}

/** The small two-dimensional network under AdamW, classes weighted alike and labels smoothed by 0.1. */
export async function smallNetwork({ batch = 32 } = {}): Promise<TimedNetwork> {
  const network = planSmallNetwork({ ...smallArchitecture, batch }, stream('dropout'), {
    smoothing: 0.1,
    scale: 1 / batch,
  });
  const random = stream('init');
  const weights = network.plan.parameters.map(({ name, shape }) => beginning(name, shape, random));
  return timed(network, weights, batch, { learningRate: 0.002, epsilon: 1e-8, decay: 0.01 });
}

/**
 * The forward products of the paper's four convolutions for a batch of 51, nothing else: no pooling
 * between them, so each has an input of its own.
 *
 * @public For bench/.
 */
export async function forwardProducts(): Promise<{
  readonly run: () => void;
  readonly flops: number;
}> {
  const plans = [
    { width: 259, inputs: 1, channels: 5, span: 11, stride: 4 },
    { width: 31, inputs: 5, channels: 10, span: 5, stride: 1 },
    { width: 13, inputs: 10, channels: 20, span: 3, stride: 1 },
    { width: 11, inputs: 20, channels: 30, span: 3, stride: 1 },
  ].map(({ width, inputs, channels, span, stride }) => {
    const plan = new Plan(instantiate, 51);
    const input = signalOf({ height: 1, width, channels: inputs }, { wanted: false });
    convolution(plan, input, {
      ...{ weights: 'W', bias: 'b', channels },
      ...{ kernel: [1, span], strides: [1, stride], rectify: true },
    });
    const built = plan.build();
    const random = stream('init');
    built.load(built.parameters.map(({ name, shape }) => beginning(name, shape, random)));
    fill(new Entrance(plan, input), random);
    return built;
  });
  return {
    run: () => {
      for (const plan of plans) plan.forward(51, true);
    },
    flops: plans.reduce((total, { products }) => total + 2 * 51 * products.forward, 0),
  };
}

/**
 * The loop that reaches the most multiplications and additions which WebAssembly SIMD allows here.
 *
 * @public For bench/.
 */
export async function peak(): Promise<{
  readonly run: (rounds: number) => void;
  readonly flopsPerRound: number;
}> {
  const arena = new Arena();
  const kernels = instantiate(arena.memory);
  const numbers = arena.words(40);
  return {
    run: (rounds) => {
      kernels.peak(rounds, numbers);
    },
    flopsPerRound: 64,
  };
}

interface Network {
  readonly plan: BuiltPlan;
  readonly entrance: Entrance;
  readonly loss: Loss;
}

function timed(
  { plan, entrance, loss }: Network,
  weights: readonly Weight[],
  batch: number,
  options: Parameters<typeof adam>[1],
): TimedNetwork {
  plan.load(weights);
  const random = stream('augment');
  fill(entrance, random);
  loss.setLabels(Array.from({ length: batch }, () => random.below(4)));
  const move = adam(plan, options);
  const { forward, backward, computed } = plan.products;
  return {
    step: () => {
      plan.forward(batch, true);
      plan.backward(batch);
      move();
      return loss.value();
    },
    forward: () => {
      plan.forward(batch, true);
    },
    flops: {
      forward: 2 * batch * forward,
      step: 2 * batch * (forward + backward),
      computed: 2 * batch * computed,
    },
    parameters: weights.reduce((total, { values }) => total + values.length, 0),
  };
}

/** Normal numbers wherever the clips stand. */
function fill(entrance: Entrance, random: Random): void {
  for (let place = 0; place < entrance.clips; place++) {
    entrance.put(
      place,
      Float32Array.from({ length: entrance.size }, () => random.normal()),
    );
  }
}

/** Factors of batch normalisation begin at 1, addends and biases at 0, the others as Glorot has it. */
function beginning(name: string, shape: readonly number[], random: Random): Weight {
  const values = new Float32Array(sizeOf(shape));
  if (name.endsWith('/scale')) values.fill(1);
  else if (shape.length > 1) {
    const fanOut = shape.at(-1)!;
    const fanIn = values.length / fanOut;
    fillInitial(values, { kind: 'glorot-uniform', fanIn, fanOut }, random);
  }
  return { name, shape, values };
}

function stream(purpose: 'init' | 'dropout' | 'augment'): Random {
  return randomStream({ seed: 1, stage: 'bench', fold: 0, purpose });
}

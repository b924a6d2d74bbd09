import type { BuiltPlan } from './plan.ts';

export interface AdamOptions {
  readonly learningRate: number;
  /** 0.9 and 0.999 by default, as Kingma and Ba (2015) recommend. */
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon: number;
  /** The share of each parameter taken away in a step is this times the learning rate (AdamW); 0 by default. */
  readonly decay?: number;
}

/**
 * Adam, or AdamW with a decay above zero, over all parameters of a plan.
 *
 * @returns a step by the plan's latest gradients; it may be given another learning rate
 */
export function adam(plan: BuiltPlan, options: AdamOptions): (learningRate?: number) => void {
  const { beta1 = 0.9, beta2 = 0.999, epsilon, decay = 0 } = options;
  const { kernels, blocks } = plan;
  const { size, values, gradient, mean, square } = blocks;
  let meanDecayed = 1;
  let squareDecayed = 1;
  return (learningRate = options.learningRate) => {
    meanDecayed *= beta1;
    squareDecayed *= beta2;
    const rate = learningRate / (1 - meanDecayed);
    const correction = 1 / (1 - squareDecayed);
    kernels.adam(
      size,
      values,
      gradient,
      mean,
      square,
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      rate,
      correction,
      epsilon,
      learningRate * decay,
    );
  };
}

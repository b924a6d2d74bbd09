import type { Plan } from '../plan.ts';
import { signalOf, type Signal } from '../signal.ts';
import { closedUp } from './closed-up.ts';
import { convolution } from './convolution.ts';
import { tanh } from './tanh.ts';

export interface PositionAttentionOptions {
  /** Names of the hidden layer's matrix and bias, and of the vector that scores it. */
  readonly hidden: string;
  readonly bias: string;
  readonly scorer: string;
  readonly lambda: number;
}

export interface AttendedPositions {
  /** One position of as many channels: the weighted sum. */
  readonly sum: Signal;
  /** Where the weights lie, clips x positions, once the plan is built. */
  readonly alpha: () => number;
}

/**
 * Equations 1 to 4 of the paper (Gans, Theodores and Rusu, 2020) up to the weighted sum: e_i = u'
 * tanh(W a_i + b), alpha = softmax(lambda e) over the positions of a clip, c = sum_i alpha_i a_i.
 */
export function positionAttention(
  plan: Plan,
  spread: Signal,
  { hidden, bias, scorer, lambda }: PositionAttentionOptions,
): AttendedPositions {
  const input = closedUp(plan, spread);
  const { height, width, channels } = input.shape;
  const positions = height * width;
  const linear = convolution(plan, input, { weights: hidden, bias, channels, kernel: [1, 1] });
  const scored = tanh(plan, linear);
  const u = plan.vector(scorer, [channels, 1]);
  const sum = signalOf({ height: 1, width: 1, channels });
  input.gradientIsAfterRectifier = true;
  const { kernels, arena } = plan;
  let weights = 0;
  plan.layer(() => {
    const alpha = arena.words(plan.clips * positions);
    weights = alpha;
    const slopes = arena.words(positions);
    const scorerAt = plan.addressOf(u);
    const [a, t, c] = [input, scored, sum].map((signal) => plan.valuesOf(signal).address);
    const [byA, byT, byC] = [input, scored, sum].map((signal) => plan.gradientOf(signal).address);
    if (!plan.isFirstToWrite(input)) {
      throw new Error('Internal error: an attention is the last to read its positions');
    }
    return {
      forward: (clips) => {
        kernels.weighPositions(
          clips,
          positions,
          channels,
          lambda,
          a!,
          t!,
          scorerAt.value,
          alpha,
          c!,
        );
      },
      backward: (clips) => {
        kernels.weighPositionsGradient(
          clips,
          positions,
          channels,
          lambda,
          a!,
          t!,
          scorerAt.value,
          alpha,
          byC!,
          slopes,
          scorerAt.gradient,
          byT!,
          byA!,
        );
      },
    };
  });
  return { sum, alpha: () => weights };
}

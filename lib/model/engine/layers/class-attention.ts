import type { Plan } from '../plan.ts';
import { signalOf, type Signal } from '../signal.ts';

/**
 * What the authors' code did under the name of attention: e_ij = u_i h_j, with one row of u for each
 * place in the batch, alpha = softmax(lambda e) over the whole batch, logits_j = sum_i alpha_ij h_j.
 *
 * @param hidden h, one position of a channel for each class
 * @param scorer name of u, batch x classes x 1
 */
export function classAttention(
  plan: Plan,
  hidden: Signal,
  { scorer, lambda }: { readonly scorer: string; readonly lambda: number },
): Signal {
  const classes = hidden.shape.channels;
  const u = plan.vector(scorer, [plan.clips, classes, 1]);
  const logits = signalOf(hidden.shape);
  hidden.gradientIsAfterRectifier = true;
  const { kernels, arena } = plan;
  plan.layer(() => {
    const alpha = arena.words(plan.clips * classes * classes);
    const at = plan.addressOf(u);
    const [h, y] = [hidden, logits].map((signal) => plan.valuesOf(signal).address);
    const [byH, byY] = [hidden, logits].map((signal) => plan.gradientOf(signal).address);
    if (!plan.isFirstToWrite(hidden)) throw new Error('Internal error: h has another reader');
    return {
      forward: (clips) => {
        kernels.weighClasses(clips, classes, lambda, h!, at.value, alpha, y!);
      },
      backward: (clips) => {
        kernels.weighClassesGradient(
          clips,
          classes,
          lambda,
          h!,
          at.value,
          alpha,
          byY!,
          at.gradient,
          byH!,
        );
      },
    };
  });
  return logits;
}

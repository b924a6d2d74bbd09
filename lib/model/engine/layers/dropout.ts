import type { Random } from '../../../math/random.ts';
import type { Plan } from '../plan.ts';
import { runsOf } from '../runs.ts';
import { sizeOfShape, signalOf, type Signal } from '../signal.ts';

/**
 * In training sets each number to zero with probability `rate` and divides the others by 1 - rate
 * (Srivastava et al., 2014, in its inverted form); else leaves all as they are.
 *
 * @param rate 0 to below 1
 * @param random one number is drawn for each of the batch's, in order
 */
export function dropout(
  plan: Plan,
  input: Signal,
  { rate, random }: { readonly rate: number; readonly random: Random },
): Signal {
  input.gradientIsAfterRectifier = true;
  const output = signalOf(input.shape, { wanted: input.wanted });
  const { kernels, arena } = plan;
  plan.layer(() => {
    const size = sizeOfShape(input.shape);
    const { height, width, channels } = input.shape;
    const address = arena.words(plan.clips * size);
    const row = 4 * width * channels;
    const whole = { address, bytes: 4 * plan.clips * size };
    const mask = { address, clip: height * row, row, column: 4 * channels, whole };
    const runs = runsOf(plan, input.shape, [plan.valuesOf(input), mask, plan.valuesOf(output)]);
    const forward = (clips: number, training: boolean): void => {
      const factors = arena.floats(address, clips * size);
      if (training) {
        for (let i = 0; i < factors.length; i++) {
          factors[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
        }
      } else factors.fill(1);
      kernels.multiply(runs.table, clips * runs.perClip, runs.length);
    };
    if (!input.wanted) return { forward, backward: () => undefined, inJavaScript: true };
    if (!plan.isFirstToWrite(input))
      throw new Error('Internal error: a dropout reads its input alone');
    const grids = [plan.gradientOf(output), mask, plan.gradientOf(input)];
    const back = runsOf(plan, input.shape, grids);
    return {
      inJavaScript: true,
      forward,
      backward: (clips) => {
        kernels.multiply(back.table, clips * back.perClip, back.length);
      },
    };
  });
  return output;
}

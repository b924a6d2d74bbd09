import type { Plan } from '../plan.ts';
import { runsOf } from '../runs.ts';
import { signalOf, type Signal } from '../signal.ts';

/** tanh of every number. */
export function tanh(plan: Plan, input: Signal): Signal {
  input.gradientIsAfterRectifier = true;
  const output = signalOf(input.shape, { wanted: input.wanted });
  const { kernels } = plan;
  plan.layer(() => {
    const x = plan.valuesOf(input);
    const y = plan.valuesOf(output);
    const runs = runsOf(plan, input.shape, [x, y]);
    const forward = (clips: number): void => {
      kernels.tanh(runs.table, clips * runs.perClip, runs.length);
    };
    if (!input.wanted) return { forward, backward: () => undefined };
    if (!plan.isFirstToWrite(input)) throw new Error('Internal error: tanh reads its input alone');
    const back = runsOf(plan, input.shape, [y, plan.gradientOf(output), plan.gradientOf(input)]);
    return {
      forward,
      backward: (clips) => {
        kernels.tanhGradient(back.table, clips * back.perClip, back.length);
      },
    };
  });
  return output;
}

import type { Plan } from '../plan.ts';
import { runsOf } from '../runs.ts';
import { signalOf, type Signal } from '../signal.ts';

/**
 * The signal with nothing between its numbers, nor between its gradients, for kernels that go through
 * a clip as one list: a copy where the layer that gives it has put zeros between them.
 */
export function closedUp(plan: Plan, input: Signal): Signal {
  if (isClosedUp(input)) return input;
  input.gradientIsAfterRectifier = true;
  const output = signalOf(input.shape, { wanted: input.wanted });
  const { kernels } = plan;
  plan.layer(() => {
    const grids = [plan.valuesOf(input), plan.valuesOf(output)];
    const { table, perClip, length } = runsOf(plan, input.shape, grids);
    const forward = (clips: number): void => {
      kernels.copy(table, clips * perClip, length);
    };
    if (!input.wanted) return { forward, backward: () => undefined };
    if (!plan.isFirstToWrite(input))
      throw new Error('Internal error: a copy reads its input alone');
    const back = runsOf(plan, input.shape, [plan.gradientOf(output), plan.gradientOf(input)]);
    return {
      forward,
      backward: (clips) => {
        kernels.copy(back.table, clips * back.perClip, back.length);
      },
    };
  });
  return output;
}

function isClosedUp({ border, gradientLayout }: Signal): boolean {
  const { border: around, stride } = gradientLayout;
  return (
    [border, around].every((one) => one.top + one.bottom + one.left + one.right === 0) &&
    stride.every((step) => step === 1)
  );
}

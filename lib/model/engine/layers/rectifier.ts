import type { Plan } from '../plan.ts';
import { runsOf } from '../runs.ts';
import type { Signal } from '../signal.ts';

/**
 * What a layer that rectifies does first on the way back: its output's gradient becomes the one before
 * the rectifier, in place; nothing where there is no rectifier or the readers have seen to it.
 */
export function rectifierGradient(plan: Plan, output: Signal): (clips: number) => void {
  if (!output.rectified || !output.gradientIsAfterRectifier) return () => undefined;
  const grids = [plan.valuesOf(output), plan.gradientOf(output)];
  const { table, perClip, length } = runsOf(plan, output.shape, grids);
  return (clips) => {
    plan.kernels.rectifierGradient(table, clips * perClip, length);
  };
}

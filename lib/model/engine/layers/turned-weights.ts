import { Panels } from '../panels.ts';
import type { Plan, PlanParameter } from '../plan.ts';

/** Weights that the gradient by the input is a convolution with. */
export interface TurnedWeights {
  readonly panels: Panels;
  readonly address: number;
  /** Takes them from the weights as they are now. */
  readonly pack: () => void;
}

/**
 * The kernel turned round, its channels exchanged.
 *
 * @param taps positions that the kernel spans
 * @param inputs channels that it reads
 */
export function turnedWeights(
  plan: Plan,
  weights: PlanParameter,
  taps: number,
  inputs: number,
): TurnedWeights {
  const { kernels, arena } = plan;
  const from = weights.panels!;
  const outputs = from.channels;
  const panels = new Panels(taps * outputs, inputs);
  const first = plan.addressOf(weights).value;
  const addresses = new Array<number>(panels.size).fill(arena.words(1));
  for (let tap = 0; tap < taps; tap++) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        const place = from.place((taps - 1 - tap) * inputs + i, o);
        addresses[panels.place(tap * outputs + o, i)] = first + 4 * place;
      }
    }
  }
  const table = arena.table(addresses);
  const address = arena.words(panels.size);
  return {
    panels,
    address,
    pack: () => {
      kernels.gather(table, panels.size, address);
    },
  };
}

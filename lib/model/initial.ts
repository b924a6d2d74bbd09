import type { Random } from '../math/random.ts';

/** How a parameter begins. */
export type Initial =
  | { readonly kind: 'zeros' }
  /** Uniform within +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010, eq. 16). */
  | { readonly kind: 'glorot-uniform'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Normal, drawn again beyond two deviations: what TensorFlow calls truncated normal. */
  | { readonly kind: 'truncated-normal'; readonly deviation: number };

/** A trained tensor: its name, its shape, and how it begins. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
}

export const zeros: Initial = { kind: 'zeros' };

/** How many numbers a tensor of this shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

/** Fills `values` as `initial` says, drawing from `random` in order. */
export function fillInitial(values: Float32Array, initial: Initial, random: Random): void {
  switch (initial.kind) {
    case 'zeros':
      values.fill(0);
      return;
    case 'glorot-uniform': {
      const limit = Math.sqrt(6 / (initial.fanIn + initial.fanOut));
      for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
      return;
    }
    case 'normal':
      for (let i = 0; i < values.length; i++) values[i] = random.normal() * initial.deviation;
      return;
    case 'truncated-normal':
      for (let i = 0; i < values.length; i++) values[i] = truncated(random) * initial.deviation;
      return;
    default:
      initial satisfies never;
  }
}

function truncated(random: Random): number {
  for (;;) {
    const drawn = random.normal();
    if (Math.abs(drawn) <= 2) return drawn;
  }
}

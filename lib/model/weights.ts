import type { Random } from '../math/random.ts';
import { fillInitial, sizeOf, type Parameter } from './initial.ts';

/** A parameter with its values, row-major. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All parameters of a network: one flat array, and a view of it for each. */
export interface WeightStore {
  readonly flat: Float32Array;
  /** Views of `flat`, in order. */
  readonly weights: readonly Weight[];
}

/** The parameters as they begin, drawn from `random` in order. */
export function initialWeights(parameters: readonly Parameter[], random: Random): WeightStore {
  const size = parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const flat = new Float32Array(size);
  let offset = 0;
  const weights = parameters.map(({ name, shape, initial }): Weight => {
    const values = flat.subarray(offset, offset + sizeOf(shape));
    offset += values.length;
    fillInitial(values, initial, random);
    return { name, shape, values };
  });
  return { flat, weights };
}

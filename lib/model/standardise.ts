import { ModelError } from './errors.ts';

/** What was subtracted from every input, and what it was then divided by. */
export interface Standardisation {
  readonly mean: number;
  readonly deviation: number;
}

/** Leaves the inputs as they are. */
export const unstandardised: Standardisation = { mean: 0, deviation: 1 };

/**
 * Mean and standard deviation (of the population) over all values of the training part of a fold:
 * one pair for the whole fold, so that the loudness of one clip against another is kept.
 *
 * @throws ModelError `constant-input` where the values are all the same
 */
export function standardisation(values: Float32Array): Standardisation {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  const deviation = Math.sqrt(squares / values.length);
  if (!(deviation > 0)) {
    throw new ModelError(
      'constant-input',
      `every value of the training clips is ${String(mean)}: there is nothing to learn from`,
    );
  }
  return { mean, deviation };
}

/** The values less the mean, divided by the deviation, as float32. */
export function standardised(
  values: Float32Array,
  { mean, deviation }: Standardisation,
): Float32Array {
  return values.map((value) => (value - mean) / deviation);
}

/**
 * The arithmetic mean.
 *
 * @throws RangeError without values
 */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('there is no mean of no values');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The sample standard deviation, whose divisor is one less than the count of values, in two passes;
 * undefined of fewer than two values, which have no spread.
 */
export function standardDeviation(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * The quantile of sorted values by linear interpolation between the two nearest order statistics:
 * definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, which is the
 * default of numpy and R. The interpolation is numpy's, which takes the nearer end as its origin.
 *
 * @param sorted values in ascending order, at least one
 * @param q 0 (the smallest) to 1 (the largest)
 * @throws RangeError without values, or for a `q` outside [0, 1]
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) throw new RangeError('there is no quantile of no values');
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must lie between 0 and 1, not ${q}`);
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const t = place - below;
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}

/**
 * p-values corrected for their number by Holm's step-down procedure ("A Simple Sequentially Rejective
 * Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979, pages 65 to 70): the smallest
 * of m is multiplied by m, the next by m - 1 and so on; none becomes smaller than one before it, nor
 * larger than 1. Whoever calls those below alpha differences is wrong about any of them with a
 * probability of at most alpha, however the tests depend on each other.
 *
 * @param pValues 0 to 1 each, in any order
 * @returns the corrected values in the order of `pValues`
 * @throws RangeError for a value that is no probability
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no probability`);
  }
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, pValues[index]! * (pValues.length - rank)));
    corrected[index] = floor;
  });
  return corrected;
}

import type { Random } from '../math/random.ts';

/** What a sign-flip test says. */
export interface SignFlipTest {
  /** Two-sided. */
  readonly p: number;
  /** Every pattern of signs was counted; otherwise a sample of them was drawn. */
  readonly exact: boolean;
}

/** Up to so many pairs all 2^n patterns are counted: as sums of two halves, 2^16 each at most. */
export const mostExactPairs = 32;

/** With more pairs, so many patterns are drawn. */
export const patternsDrawn = 9999;

/** What separates two sums that differ from those that are equal but for rounding, relative. */
const tolerance = 1e-12;

/**
 * The randomisation test of paired differences (Fisher, "The Design of Experiments", 1935, section
 * 21; Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989, chapter 2): if a pair's two
 * sides are exchangeable, each difference might as well have had the other sign. p is the share of
 * the patterns of signs whose sum is as far from zero as the one observed. With more than
 * `mostExactPairs` pairs, `draws` random patterns are counted, and p is (b + 1) / (draws + 1), which
 * counts the observed pattern among them and never is 0.
 *
 * @param differences one for each pair: here, what each speaker adds to the difference of two UARs
 * @param random used where patterns are drawn; equal streams draw equal patterns
 * @throws RangeError without differences, for one that is not finite, or for `draws` below 1
 */
export function signFlipTest(
  differences: ArrayLike<number>,
  random: Random,
  draws = patternsDrawn,
): SignFlipTest {
  const pairs = differences.length;
  if (pairs === 0) throw new RangeError('there is no test of no pairs');
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be a positive integer, not ${draws}`);
  }
  let observed = 0;
  let size = 0;
  for (let i = 0; i < pairs; i++) {
    if (!Number.isFinite(differences[i]!)) {
      throw new RangeError(`difference ${i} is ${differences[i]!}, no number to test`);
    }
    observed += differences[i]!;
    size += Math.abs(differences[i]!);
  }
  const exact = pairs <= mostExactPairs;
  const least = Math.abs(observed) - size * tolerance;
  // Every sum is as far from zero as zero is.
  if (least <= 0) return { p: 1, exact };
  const p = exact
    ? exactShare(differences, least)
    : (drawnExtremes(differences, least, random, draws) + 1) / (draws + 1);
  return { p, exact };
}

/** The smallest p that `signFlipTest` can give for so many pairs: all signs equal, either way. */
export function smallestP(pairs: number, draws = patternsDrawn): number {
  if (pairs > mostExactPairs) return 1 / (draws + 1);
  let patterns = 1;
  for (let i = 0; i < pairs; i++) patterns *= 2;
  return Math.min(1, 2 / patterns);
}

/**
 * The share of all sign patterns whose sum is at least `least` from zero. A sum is one of the left
 * half's plus one of the right half's: with both sorted, one walk through them counts the pairs.
 */
function exactShare(differences: ArrayLike<number>, least: number): number {
  const middle = differences.length >> 1;
  const left = sortedSums(differences, 0, middle);
  const right = sortedSums(differences, middle, differences.length);
  let above = 0;
  let from = right.length;
  for (let l = 0; l < left.length; l++) {
    while (from > 0 && left[l]! + right[from - 1]! >= least) from -= 1;
    above += right.length - from;
  }
  // Turning all signs round gives the sums at or below -least.
  return Math.min(1, (2 * above) / (left.length * right.length));
}

/** The sums of differences[from] to differences[to - 1] under every pattern of signs, ascending. */
function sortedSums(differences: ArrayLike<number>, from: number, to: number): Float64Array {
  const sums = new Float64Array(1 << (to - from));
  let filled = 1;
  for (let i = from; i < to; i++) {
    for (let s = 0; s < filled; s++) {
      sums[filled + s] = sums[s]! - differences[i]!;
      sums[s]! += differences[i]!;
    }
    filled *= 2;
  }
  return sums.sort();
}

function drawnExtremes(
  differences: ArrayLike<number>,
  least: number,
  random: Random,
  draws: number,
): number {
  let extremes = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) bits = random.nextUint32();
      sum += (bits & 1) === 0 ? differences[i]! : -differences[i]!;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= least) extremes += 1;
  }
  return extremes;
}

import { patternsDrawn } from '../../metrics/sign-flips.ts';
import { percentLevel } from '../sentences.ts';
import { count, counted } from '../text.ts';
import type { Comparison } from './data.ts';
import { chosenOf } from './sentences.ts';
import { probability } from './words.ts';

/** A paragraph for a paper's methods section: how the points were compared. */
export function method(comparison: Comparison): string {
  const { draws, seed, level, alpha, tests, speakers } = comparison;
  const enumerated = tests.exact
    ? `all patterns of signs of the ${counted(speakers, 'speaker')} counted`
    : `with ${count(patternsDrawn)} random patterns of signs`;
  return [
    'Of each run, the predictions of all test folds are pooled; a point’s UAR (mean recall of the classes) and WA (plain accuracy) are the means over its seeds, and the spreads are standard deviations: over the seeds’ pooled values, and over the folds within a seed, averaged over the seeds.',
    `Intervals are ${percentLevel(level)} percentiles of ${counted(draws, 'bootstrap draw')} (seed ${String(seed)}) of speakers and then of their clips (Davison and Hinkley 1997), the same for all points, so that those of a difference are paired.`,
    `Each point is tested against the baseline by a paired sign-flip randomisation test over speakers (Fisher 1935; Noreen 1989), two-sided, ${enumerated}: the difference of two UARs is a sum over speakers, and were the points alike, each speaker’s part could as well have had the other sign.`,
    tests.count > 1
      ? `The p-values are corrected for ${counted(tests.count, 'comparison')} by Holm’s procedure (1979); “better” and “worse” are said below ${probability(alpha)}, “within the noise” otherwise.`
      : `“Better” and “worse” are said of p below ${probability(alpha)}, “within the noise” otherwise.`,
    'Test and intervals ask whether the difference would be found again with other speakers, given the networks as they were trained; they take speakers as independent, though one network judges several. How far training again would move it is what the seeds say: a difference of less than two of its standard errors over the seeds is called “within the seeds’ noise” however small its p.',
    chosenOf(comparison) === undefined
      ? 'The best point is the one of the highest mean UAR on the test folds.'
      : 'For each outer fold, the point of the highest inner UAR (pooled over the inner folds, mean over the seeds) was chosen, ties going to the earlier point, and its predictions of the outer fold were pooled over the outer folds (nested cross-validation: Varma and Simon 2006; Cawley and Talbot 2010).',
  ].join(' ');
}

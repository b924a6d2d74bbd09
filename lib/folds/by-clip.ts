import type { Random } from '../math/random.ts';
import { numbered, type Assignment } from './assignment.ts';

/**
 * Deals the shuffled clips into folds like cards, so that sizes differ by at most one. Speakers are
 * not looked at. A fold's clips stand in the shuffled order.
 *
 * @param labels label of each clip, 0 to classes - 1
 * @param folds at most the number of clips
 * @param stratify deal one class after the other, so that each class, too, differs by at most one
 * @throws RangeError for more folds than clips, or fewer than one
 */
export function foldsByClip(
  labels: ArrayLike<number>,
  folds: number,
  stratify: boolean,
  random: Random,
): Assignment {
  const clips = labels.length;
  if (!Number.isInteger(folds) || folds < 1 || folds > clips) {
    throw new RangeError(`${clips} clips do not fill ${folds} folds`);
  }
  const order = random.shuffle(Array.from({ length: clips }, (_, clip) => clip));
  // The sort is stable: within a class the clips stay shuffled.
  const deal = stratify ? order.toSorted((a, b) => labels[a]! - labels[b]!) : order;
  const fold = new Int32Array(clips);
  deal.forEach((clip, turn) => {
    fold[clip] = (turn % folds) + 1;
  });
  return numbered(fold, order);
}

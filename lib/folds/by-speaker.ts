import type { Random } from '../math/random.ts';
import { numbered, type Assignment } from './assignment.ts';

/**
 * Deals whole speakers into folds: no speaker is in two. The shuffled speakers of one sex are dealt
 * after those of the other, so that folds differ by at most one speaker, and by at most one of each
 * sex. A fold's clips stand in a shuffled order, not speaker after speaker.
 *
 * @param speakers speaker of each clip
 * @param sexes sex of each clip's speaker: the speaker's first clip counts
 * @param folds at most the number of speakers
 * @throws RangeError for more folds than speakers, or fewer than one
 */
export function foldsBySpeaker(
  speakers: readonly string[],
  sexes: readonly string[],
  folds: number,
  random: Random,
): Assignment {
  const sexOf = new Map<string, string>();
  speakers.forEach((speaker, clip) => {
    if (!sexOf.has(speaker)) sexOf.set(speaker, sexes[clip]!);
  });
  if (!Number.isInteger(folds) || folds < 1 || folds > sexOf.size) {
    throw new RangeError(`${sexOf.size} speakers do not fill ${folds} folds`);
  }
  const byName = [...sexOf.keys()].sort(byCodeUnit);
  const deal = random.shuffle(byName).toSorted((a, b) => byCodeUnit(sexOf.get(a)!, sexOf.get(b)!));
  const foldOf = new Map(deal.map((speaker, turn) => [speaker, (turn % folds) + 1]));
  const order = random.shuffle(speakers.map((_, clip) => clip));
  return numbered(
    Int32Array.from(speakers, (speaker) => foldOf.get(speaker)!),
    order,
  );
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { randomStream } from '../../math/random.ts';
import {
  comparedIntervals,
  meanScores,
  shareRight,
  speakerDifferences,
  type MeanScores,
  type PointIntervals,
  type ShareRight,
} from '../../metrics/points.ts';
import { signFlipTest } from '../../metrics/sign-flips.ts';
import type { ClipSet } from './clip-sets.ts';
import type { Difference, Landmark } from './data.ts';
import type { GatheredPoint } from './gather.ts';
import type { Request } from './request.ts';

/** Something whose UAR is compared: a point, its loudness baseline, the procedure of nested selection. */
export interface Contender {
  readonly set: ClipSet;
  /** For each clip of the set. */
  readonly right: ShareRight;
}

/** What the bootstrap and the tests say of some contenders. */
export interface Judged {
  readonly scoresOf: (contender: Contender) => MeanScores & { readonly intervals: PointIntervals };
  /** The first less the second; both on the same clips, and asked for when they were judged. */
  readonly differenceOf: (one: Contender, other: Contender) => Difference;
}

/** How the network of a point did on its clips, mean over its runs. */
export function networkOf({ runs }: GatheredPoint): Contender {
  const { set } = runs[0]!.network;
  return {
    set,
    right: shareRight(
      set.truth,
      runs.map(({ network }) => network.predicted),
    ),
  };
}

/** How a baseline did on the clips of a point, mean over its runs; nothing where a run lacks it. */
export function landmarkOf({ runs }: GatheredPoint, model: string): Contender | undefined {
  const found = runs.flatMap(({ landmarks }) => landmarks.filter((of) => of.model === model));
  const set = found[0]?.aligned.set;
  if (set === undefined || found.length < runs.length) return undefined;
  return {
    set,
    right: shareRight(
      set.truth,
      found.map(({ aligned }) => aligned.predicted),
    ),
  };
}

/**
 * Intervals of contenders and of differences between them. Those on the same clips are scored on the
 * same samples; equal ones are computed once, for the loudness baseline is mostly the same everywhere.
 *
 * @param onDraw called after each draw with how many of all were done
 */
export function judge(
  contenders: readonly Contender[],
  pairs: readonly (readonly [Contender, Contender])[],
  { draws, level, seed }: Pick<Request, 'draws' | 'level' | 'seed'>,
  onDraw: (done: number, all: number) => void,
): Judged {
  const sets = [...new Set(contenders.map(({ set }) => set))];
  const scores = new Map<Contender, MeanScores & { readonly intervals: PointIntervals }>();
  const differences = new Map<Contender, Map<Contender, Difference>>();
  sets.forEach((set, place) => {
    const distinct = distinctOf(contenders.filter((of) => of.set === set));
    const inSet = pairs.filter(([one, other]) => one.set === set && other.set === set);
    const placeOf = (contender: Contender): number => distinct.placeOf.get(contender)!;
    const { truth, speakers, classes } = set;
    const judged = comparedIntervals(
      {
        truth,
        speakers,
        classes: classes.length,
        draws,
        level,
        random: randomStream({ seed, stage: 'compare', fold: 0, purpose: 'bootstrap' }),
        onDraw: (done) => {
          onDraw(place * draws + done, sets.length * draws);
        },
      },
      distinct.rights,
      inSet.map(([one, other]) => [placeOf(one), placeOf(other)]),
    );
    for (const [contender, index] of distinct.placeOf) {
      const intervals = judged.points[index]!;
      scores.set(contender, { ...meanScores(truth, contender.right, classes.length), intervals });
    }
    inSet.forEach(([one, other], pair) => {
      const [low, high] = judged.differences[pair]!;
      const ofOne = differences.get(one) ?? new Map<Contender, Difference>();
      differences.set(one, ofOne.set(other, { ...testOf(one, other, seed), low, high }));
    });
  });
  return {
    scoresOf: (contender) => scores.get(contender)!,
    differenceOf: (one, other) => differences.get(one)!.get(other)!,
  };
}

function testOf(one: Contender, other: Contender, seed: number): Pick<Difference, 'uar' | 'p'> {
  const { truth, speakers, classes } = one.set;
  const perSpeaker = speakerDifferences(truth, speakers, classes.length, one.right, other.right);
  const random = randomStream({ seed, stage: 'compare', fold: 0, purpose: 'sign-flips' });
  return {
    uar: perSpeaker.reduce((sum, difference) => sum + difference, 0),
    p: signFlipTest(perSpeaker, random).p,
  };
}

/** Contenders that called the same clips right stand at one place. */
function distinctOf(contenders: readonly Contender[]): {
  readonly rights: readonly ShareRight[];
  readonly placeOf: ReadonlyMap<Contender, number>;
} {
  const rights: ShareRight[] = [];
  const places = new Map<string, number>();
  const placeOf = new Map<Contender, number>();
  for (const contender of contenders) {
    const key = contender.right.join();
    const place = places.get(key) ?? rights.push(contender.right) - 1;
    places.set(key, place);
    placeOf.set(contender, place);
  }
  return { rights, placeOf };
}

/** A baseline as the comparison tells it. */
export function landmarkIn(judged: Judged, model: string, contender: Contender): Landmark {
  const { uar, wa, intervals } = judged.scoresOf(contender);
  return { model, uar, uarLow: intervals.uar[0], uarHigh: intervals.uar[1], wa };
}

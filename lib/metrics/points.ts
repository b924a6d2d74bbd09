import {
  bootstrapSamples,
  percentileInterval,
  type Interval,
  type SampleRequest,
} from './bootstrap.ts';

/**
 * How a point of a comparison did on each clip: the share of its repetitions (seeds) that called the
 * clip right, 0 to 1. Its UAR and WA are then the means over its repetitions.
 */
export type ShareRight = Float64Array;

/** WA and UAR as means over repetitions; see `Scores`. */
export interface MeanScores {
  readonly wa: number;
  readonly uar: number;
}

export interface PointIntervals {
  readonly wa: Interval;
  readonly uar: Interval;
}

export interface ComparedIntervals {
  /** In the order of the points. */
  readonly points: readonly PointIntervals[];
  /** Of the difference of UAR, the first minus the second, in the order of the pairs. */
  readonly differences: readonly Interval[];
  /** How many samples lacked a class and were drawn again. */
  readonly redraws: number;
}

/**
 * The share of repetitions that called each clip right.
 *
 * @param predictions one for each repetition, each as long as `truth`
 * @throws RangeError without a repetition, or if lengths differ
 */
export function shareRight(
  truth: ArrayLike<number>,
  predictions: readonly ArrayLike<number>[],
): ShareRight {
  if (predictions.length === 0) throw new RangeError('a point needs a repetition');
  const right = new Float64Array(truth.length);
  for (const predicted of predictions) {
    if (predicted.length !== truth.length) {
      throw new RangeError(`${truth.length} true labels, but ${predicted.length} predicted ones`);
    }
    for (let clip = 0; clip < right.length; clip++) {
      if (predicted[clip] === truth[clip]) right[clip]! += 1;
    }
  }
  return right.map((repetitions) => repetitions / predictions.length);
}

/**
 * WA and UAR of a point, each clip counted `times`.
 *
 * @param times how often each clip is in the sample; once each where it is left out
 */
export function meanScores(
  truth: ArrayLike<number>,
  right: ShareRight,
  classes: number,
  times?: ArrayLike<number>,
): MeanScores {
  const hits = new Float64Array(classes);
  const clips = new Float64Array(classes);
  for (let clip = 0; clip < right.length; clip++) {
    const weight = times === undefined ? 1 : times[clip]!;
    clips[truth[clip]!]! += weight;
    hits[truth[clip]!]! += weight * right[clip]!;
  }
  let all = 0;
  let allHits = 0;
  let occurring = 0;
  let recalls = 0;
  for (let c = 0; c < classes; c++) {
    if (clips[c] === 0) continue;
    all += clips[c]!;
    allHits += hits[c]!;
    occurring += 1;
    recalls += hits[c]! / clips[c]!;
  }
  if (all === 0) throw new RangeError('there are no scores of no clips');
  return { wa: allHits / all, uar: recalls / occurring };
}

/**
 * Percentile intervals of the points' WA and UAR and of differences between them, all over the same
 * samples of speakers and clips (`bootstrapSamples`). They hold for other speakers and clips like
 * these, for the networks as they were trained: training again is not resampled.
 *
 * @param pairs indices of the points whose UARs are compared
 * @throws RangeError as `bootstrapSamples`, or where a point has another count of clips
 */
export function comparedIntervals(
  request: SampleRequest & { readonly level: number },
  points: readonly ShareRight[],
  pairs: readonly (readonly [number, number])[],
): ComparedIntervals {
  const { truth, classes, draws, level } = request;
  for (const right of points) {
    if (right.length !== truth.length) {
      throw new RangeError(`${truth.length} true labels, but a point of ${right.length} clips`);
    }
  }
  const wa = points.map(() => new Float64Array(draws));
  const uar = points.map(() => new Float64Array(draws));
  const differences = pairs.map(() => new Float64Array(draws));
  const redraws = bootstrapSamples(request, (times, draw) => {
    points.forEach((right, point) => {
      const scores = meanScores(truth, right, classes, times);
      wa[point]![draw] = scores.wa;
      uar[point]![draw] = scores.uar;
    });
    pairs.forEach(([one, other], pair) => {
      differences[pair]![draw] = uar[one]![draw]! - uar[other]![draw]!;
    });
  });
  return {
    points: points.map((_, point) => ({
      wa: percentileInterval(wa[point]!, level),
      uar: percentileInterval(uar[point]!, level),
    })),
    differences: differences.map((values) => percentileInterval(values, level)),
    redraws,
  };
}

/**
 * What each speaker adds to the difference of two points' UARs, which is their sum: the mean over the
 * classes of the speaker's clips called right by the one less those by the other, each over the
 * class's count of clips of all speakers.
 *
 * @param speakers speaker of each clip, as an index from 0 without gaps
 * @returns one value for each speaker
 */
export function speakerDifferences(
  truth: ArrayLike<number>,
  speakers: ArrayLike<number>,
  classes: number,
  one: ShareRight,
  other: ShareRight,
): Float64Array {
  const clips = new Float64Array(classes);
  let count = 0;
  for (let clip = 0; clip < truth.length; clip++) {
    clips[truth[clip]!]! += 1;
    count = Math.max(count, speakers[clip]! + 1);
  }
  const occurring = clips.reduce((so, ofClass) => so + (ofClass > 0 ? 1 : 0), 0);
  const differences = new Float64Array(count);
  for (let clip = 0; clip < truth.length; clip++) {
    const difference = one[clip]! - other[clip]!;
    differences[speakers[clip]!]! += difference / (clips[truth[clip]!]! * occurring);
  }
  return differences;
}

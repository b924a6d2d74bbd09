import type { Random } from '../math/random.ts';
import { quantile } from './quantile.ts';
import { scoresOf } from './scores.ts';

/** [lower, upper] end, both in [0, 1]. */
export type Interval = readonly [number, number];

/** What the samples are drawn from. */
export interface SampleRequest {
  /** Label of each clip, 0 to classes - 1. */
  readonly truth: ArrayLike<number>;
  /** Speaker of each clip, as an index from 0 without gaps. */
  readonly speakers: ArrayLike<number>;
  readonly classes: number;
  /** How many samples are drawn. */
  readonly draws: number;
  readonly random: Random;
  /** Called after each draw; may throw to stop. */
  readonly onDraw?: (done: number) => void;
}

export interface BootstrapRequest extends SampleRequest {
  /** Predicted label of each clip. */
  readonly predicted: ArrayLike<number>;
  /** The share of the draws between the interval's ends, e.g. 0.95. */
  readonly level: number;
}

export interface BootstrapIntervals {
  readonly wa: Interval;
  readonly uar: Interval;
  /** How many samples lacked a class and were drawn again. */
  readonly redraws: number;
}

/**
 * Percentile intervals of WA and UAR over `bootstrapSamples`: two models asked with equal streams are
 * scored on the same samples.
 *
 * @throws RangeError if lengths differ, there is no clip, a speaker index has no clip, or `draws`
 *   or `level` is out of range
 */
export function bootstrapIntervals(request: BootstrapRequest): BootstrapIntervals {
  const { truth, predicted, speakers, classes, draws, level } = request;
  if (predicted.length !== truth.length) {
    throw new RangeError(
      `${truth.length} true labels, ${predicted.length} predicted ones and ` +
        `${speakers.length} speakers`,
    );
  }
  checkLevel(level);
  const wa = new Float64Array(draws);
  const uar = new Float64Array(draws);
  const confusion = new Int32Array(classes * classes);
  const redraws = bootstrapSamples(request, (times, draw) => {
    confusion.fill(0);
    for (let clip = 0; clip < times.length; clip++) {
      confusion[truth[clip]! * classes + predicted[clip]!]! += times[clip]!;
    }
    const scores = scoresOf(confusion, classes);
    wa[draw] = scores.wa;
    uar[draw] = scores.uar;
  });
  return { wa: percentileInterval(wa, level), uar: percentileInterval(uar, level), redraws };
}

/**
 * Samples of a bootstrap in two stages, which keeps what clips of one speaker have in common (Davison
 * and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8): as many speakers as
 * there are, drawn with replacement, and of each drawn speaker as many clips as it has, drawn with
 * replacement. A sample that lacks a class of the truth is drawn again and counted, so that every UAR
 * is a mean over the same classes; it ends because a sample with every class always has a chance.
 *
 * The random numbers used depend on `truth` and `speakers` alone.
 *
 * @param use is told how often each clip is in the sample (an array that the next draw overwrites),
 *   and the draw, from 0
 * @returns how many samples lacked a class
 * @throws RangeError if lengths differ, there is no clip, a speaker index has no clip, or `draws` is
 *   out of range
 */
export function bootstrapSamples(
  request: SampleRequest,
  use: (times: Int32Array, draw: number) => void,
): number {
  const { truth, classes, draws, random, onDraw } = request;
  check(request);
  const clipsOf = clipsBySpeaker(request.speakers);
  const occurring = new Uint8Array(classes);
  for (let i = 0; i < truth.length; i++) occurring[truth[i]!] = 1;

  const times = new Int32Array(truth.length);
  const drawn = new Uint8Array(classes);
  let redraws = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (;;) {
      times.fill(0);
      drawn.fill(0);
      for (let s = 0; s < clipsOf.length; s++) {
        const clips = clipsOf[random.below(clipsOf.length)]!;
        for (let c = 0; c < clips.length; c++) {
          const clip = clips[random.below(clips.length)]!;
          times[clip]! += 1;
          drawn[truth[clip]!] = 1;
        }
      }
      if (drawn.every((there, label) => there === occurring[label])) break;
      redraws += 1;
    }
    use(times, draw);
    onDraw?.(draw + 1);
  }
  return redraws;
}

/**
 * The interval that leaves equal shares of the values below and above it.
 *
 * @throws RangeError without values, or for a `level` outside (0, 1)
 */
export function percentileInterval(values: Float64Array, level: number): Interval {
  checkLevel(level);
  const sorted = values.slice().sort();
  const tail = (1 - level) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

function check({ truth, speakers, draws }: SampleRequest): void {
  if (truth.length === 0) throw new RangeError('there is no interval of no clips');
  if (speakers.length !== truth.length) {
    throw new RangeError(`${truth.length} true labels and ${speakers.length} speakers`);
  }
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be a positive integer, not ${draws}`);
  }
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`level must lie between 0 and 1, not ${level}`);
  }
}

function clipsBySpeaker(speakers: ArrayLike<number>): readonly Int32Array[] {
  const clipsOf: number[][] = [];
  for (let clip = 0; clip < speakers.length; clip++) (clipsOf[speakers[clip]!] ??= []).push(clip);
  return Array.from(clipsOf, (clips: number[] | undefined, speaker) => {
    if (clips === undefined) throw new RangeError(`speaker ${speaker} has no clip`);
    return Int32Array.from(clips);
  });
}

import type { Random } from '../math/random.ts';
import { quantile } from './quantile.ts';
import { scoresOf } from './scores.ts';

/** [lower, upper] end, both in [0, 1]. */
export type Interval = readonly [number, number];

export interface BootstrapRequest {
  /** Label of each clip, 0 to classes - 1. */
  readonly truth: ArrayLike<number>;
  /** Predicted label of each clip. */
  readonly predicted: ArrayLike<number>;
  /** Speaker of each clip, as an index from 0 without gaps. */
  readonly speakers: ArrayLike<number>;
  readonly classes: number;
  /** How many samples are drawn. */
  readonly draws: number;
  /** The share of the draws between the interval's ends, e.g. 0.95. */
  readonly level: number;
  readonly random: Random;
  /** Called after each draw; may throw to stop. */
  readonly onDraw?: (done: number) => void;
}

export interface BootstrapIntervals {
  readonly wa: Interval;
  readonly uar: Interval;
  /** How many samples lacked a class and were drawn again. */
  readonly redraws: number;
}

/**
 * Percentile intervals of WA and UAR by a bootstrap in two stages, which keeps what clips of one
 * speaker have in common (Davison and Hinkley, "Bootstrap Methods and their Application", 1997,
 * section 3.8): as many speakers as there are, drawn with replacement, and of each drawn speaker as
 * many clips as it has, drawn with replacement. A sample that lacks a class of the truth is drawn
 * again and counted, so that every UAR is a mean over the same classes; it ends because a sample
 * with every class always has a chance.
 *
 * The random numbers used depend on `truth` and `speakers` alone: two models asked with equal
 * streams are scored on the same samples.
 *
 * @throws RangeError if lengths differ, there is no clip, a speaker index has no clip, or `draws`
 *   or `level` is out of range
 */
export function bootstrapIntervals(request: BootstrapRequest): BootstrapIntervals {
  const { truth, predicted, classes, draws, level, random, onDraw } = request;
  check(request);
  const clipsOf = clipsBySpeaker(request.speakers);
  const occurring = new Uint8Array(classes);
  for (let i = 0; i < truth.length; i++) occurring[truth[i]!] = 1;

  const wa = new Float64Array(draws);
  const uar = new Float64Array(draws);
  const confusion = new Int32Array(classes * classes);
  let redraws = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (;;) {
      confusion.fill(0);
      for (let s = 0; s < clipsOf.length; s++) {
        const clips = clipsOf[random.below(clipsOf.length)]!;
        for (let c = 0; c < clips.length; c++) {
          const clip = clips[random.below(clips.length)]!;
          confusion[truth[clip]! * classes + predicted[clip]!]! += 1;
        }
      }
      if (holdsEvery(occurring, confusion)) break;
      redraws += 1;
    }
    const scores = scoresOf(confusion, classes);
    wa[draw] = scores.wa;
    uar[draw] = scores.uar;
    onDraw?.(draw + 1);
  }
  return { wa: interval(wa, level), uar: interval(uar, level), redraws };
}

function check({ truth, predicted, speakers, draws, level }: BootstrapRequest): void {
  if (truth.length === 0) throw new RangeError('there is no interval of no clips');
  if (predicted.length !== truth.length || speakers.length !== truth.length) {
    throw new RangeError(
      `${truth.length} true labels, ${predicted.length} predicted ones and ` +
        `${speakers.length} speakers`,
    );
  }
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be a positive integer, not ${draws}`);
  }
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

function holdsEvery(occurring: Uint8Array, confusion: Int32Array): boolean {
  const classes = occurring.length;
  for (let c = 0; c < classes; c++) {
    if (occurring[c] === 0) continue;
    let clips = 0;
    for (let p = 0; p < classes; p++) clips += confusion[c * classes + p]!;
    if (clips === 0) return false;
  }
  return true;
}

function interval(values: Float64Array, level: number): Interval {
  const sorted = values.slice().sort();
  const tail = (1 - level) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

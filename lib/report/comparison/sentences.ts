import { interval, percentLevel } from '../sentences.ts';
import { count, counted, fixed, listed, percent } from '../text.ts';
import type { Against, Comparison, Difference, Nested, PointResult, Tested } from './data.ts';
import { pEquals, quoted, signedRange, standingWords } from './words.ts';

export type Chosen = Extract<Nested, { kind: 'chosen' }>;

/** The result of nested selection, where there is one. */
export function chosenOf({ nested }: Comparison): Chosen | undefined {
  return nested?.kind === 'chosen' ? nested : undefined;
}

/** The point of the highest UAR on the test folds. */
export function bestOf({ points, best }: Comparison): PointResult {
  return points[best]!;
}

/** The point that the others are tested against; none where it failed. */
export function baselineOf(comparison: Comparison): PointResult | undefined {
  return comparison.points.find(({ label }) => label === comparison.baseline);
}

/** The first paragraph: which point, by which criterion, with which UAR. */
export function answer(comparison: Comparison): string {
  const { points, level, classes } = comparison;
  const chosen = chosenOf(comparison);
  const best = bestOf(comparison);
  const of = chosen?.uar ?? best.uar;
  const seeds = best.runs.length;
  const facts =
    `${percent(of.mean)} (${percentLevel(level)} interval ${interval(of.low, of.high)}; ` +
    `${seeds === 1 ? 'one seed' : `mean over ${counted(seeds, 'seed')}`}; guessing gives ${percent(1 / classes.length)})`;
  if (chosen !== undefined) {
    return `Choosing among ${counted(points.length, 'point')} on inner validation folds gives an unweighted average recall (UAR) of ${facts} on test folds that had no part in the choice. ${choicesInWords(chosen)} To train one network for use, take ${quoted(chosen.overall.point)}, which does best over all inner folds (${percent(chosen.overall.innerUar)}).`;
  }
  if (points.length === 1) {
    return `The only point with a result, ${quoted(best.label)}, has an unweighted average recall (UAR) of ${facts}.`;
  }
  return `Of ${counted(points.length, 'point')}, ${quoted(best.label)} has the highest unweighted average recall (UAR) on the test folds: ${facts}.`;
}

/** Which point nested selection chose how often, the most frequent first. */
function choicesInWords({ choices }: Chosen): string {
  const times = new Map<string, number>();
  for (const { point } of choices) times.set(point, (times.get(point) ?? 0) + 1);
  const ordered = [...times].sort(([, a], [, b]) => b - a);
  const all = choices.length;
  const told = ordered.map(
    ([point, n], index) =>
      `${quoted(point)} in ${count(n)}${index === 0 ? ` of ${counted(all, 'choice')}` : ''}`,
  );
  const shown = told.length > 6 ? [...told.slice(0, 5), `${count(told.length - 5)} more`] : told;
  return `Chosen: ${listed(shown)}.`;
}

/** How it stands to the baseline; whether that is better beyond noise sets the tone of the page. */
export function verdict(comparison: Comparison): { better: boolean; text: string } {
  const baseline = baselineOf(comparison);
  if (baseline === undefined) {
    return {
      better: false,
      text: `The baseline, ${quoted(comparison.baseline)}, has no result, so no point is tested against it.`,
    };
  }
  const chosen = chosenOf(comparison);
  const best = bestOf(comparison);
  const headline =
    chosen === undefined
      ? againstInWords(best.against, comparison, baseline)
      : procedureInWords(chosen, comparison, baseline);
  return {
    better: headline.better,
    text: [headline.text, countsInWords(comparison)].filter((part) => part !== '').join(' '),
  };
}

function againstInWords(
  against: Against,
  { tests, points }: Comparison,
  baseline: PointResult,
): { better: boolean; text: string } {
  switch (against.kind) {
    case 'itself':
      return {
        better: false,
        text:
          points.length === 1
            ? 'It is the baseline itself; there is nothing to compare it with.'
            : 'It is the baseline itself: no other point did better.',
      };
    case 'no-baseline':
      return { better: false, text: '' };
    case 'unpaired':
      return {
        better: false,
        text: `It was tested on other clips than the baseline, ${quoted(baseline.label)}, so the two cannot be compared clip by clip.`,
      };
    case 'better':
    case 'worse':
    case 'noise':
    case 'seed-noise':
      return testedInWords(against, tests.count, baseline);
  }
}

function testedInWords(
  { kind, difference, corrected, seedError }: Tested,
  tests: number,
  baseline: PointResult,
): { better: boolean; text: string } {
  const correction = tests === 1 ? '' : ` by Holm’s correction for ${counted(tests, 'comparison')}`;
  const p = `${pEquals(corrected)}${correction}`;
  const judged = {
    better: `That is beyond the noise (${p}).`,
    worse: `That is beyond the noise (${p}).`,
    noise: `That is within the noise (${p}).`,
    'seed-noise': `Over the speakers that is beyond the noise (${p}), but other seeds move it as far: it is less than two of its standard errors over the seeds, ${fixed((seedError ?? 0) * 100, 1)} points each.`,
  }[kind];
  return {
    better: kind === 'better',
    text: `Its UAR is ${differenceInWords(difference, baseline)} ${judged}`,
  };
}

function procedureInWords(
  chosen: Chosen,
  { alpha }: Comparison,
  baseline: PointResult,
): { better: boolean; text: string } {
  if (chosen.against === null) {
    return {
      better: false,
      text: `The baseline, ${quoted(baseline.label)}, was tested on other clips, so the two cannot be compared clip by clip.`,
    };
  }
  const clear = chosen.against.p < alpha;
  const noise = clear ? 'beyond the noise' : 'within the noise';
  return {
    better: clear && chosen.against.uar > 0,
    text: `The UAR of the chosen points together is ${differenceInWords(chosen.against, baseline)} That is ${noise} (${pEquals(chosen.against.p)}, one test).`,
  };
}

function differenceInWords({ uar, low, high }: Difference, baseline: PointResult): string {
  const standing =
    uar === 0
      ? 'exactly as high as'
      : `${fixed(Math.abs(uar) * 100, 1)} points ${uar > 0 ? 'above' : 'below'}`;
  return `${standing} the baseline’s, ${quoted(baseline.label)} (${percent(baseline.uar.mean)}; difference ${signedRange(low, high)}).`;
}

/** How many points can be told from the baseline at all. */
function countsInWords(comparison: Comparison): string {
  const { points, tests } = comparison;
  if (tests.count === 0) return '';
  if (tests.count === 1) {
    // Of a best point that was tested, the sentence before says it.
    if (chosenOf(comparison) === undefined && 'difference' in bestOf(comparison).against) return '';
    const other = points.find(({ against }) => 'difference' in against)!;
    return `The one point tested against it, ${quoted(other.label)}, is ${standingWords[other.against.kind]}.`;
  }
  const count = (kind: Against['kind']): number =>
    points.filter(({ against }) => against.kind === kind).length;
  const apart = count('better') + count('worse');
  const which =
    chosenOf(comparison) === undefined
      ? 'points tested against it'
      : 'single points tested against the baseline';
  const tested = `${String(tests.count)} ${which}`;
  if (apart === 0) {
    return `None of the ${tested} can be told from it: all their differences are within the noise${count('seed-noise') === 0 ? '' : ', of speakers or of seeds'}.`;
  }
  return `Of the ${tested}, ${String(count('better'))} ${count('better') === 1 ? 'is' : 'are'} better beyond the noise, ${String(count('worse'))} worse, and ${String(tests.count - apart)} cannot be told from it.`;
}

/** How far the numbers move without any cause. */
export function noise(comparison: Comparison): string {
  const { points, speakers } = comparison;
  const spreads = points.flatMap(({ uar }) =>
    uar.deviationOverSeeds === null ? [] : [uar.deviationOverSeeds],
  );
  const seeds =
    spreads.length === 0
      ? 'Each point was trained with one seed, so how far another seed would move it is not known.'
      : `How much is noise: another seed alone moves a point’s UAR by ${fixed(median(spreads) * 100, 1)} points (standard deviation over seeds, median of the points; the largest is ${fixed(Math.max(...spreads) * 100, 1)}).`;
  const { mean, low, high } = (chosenOf(comparison) ?? bestOf(comparison)).uar;
  return `${seeds} Other clips of other speakers would move it further: with the ${counted(speakers, 'speaker')} here, the interval reaches ${fixed((mean - low) * 100, 1)} points down and ${fixed((high - mean) * 100, 1)} up.`;
}

/** In a sentence, what the choice was made on; nothing where there was none to make. */
export function chosenOn({ select, points, nested }: Comparison): string {
  if (points.length === 1) return '';
  if (select === 'nested' && nested?.kind === 'chosen') {
    return 'The choice was made on inner validation folds, so this UAR is an honest one (select: nested).';
  }
  return `The best of ${String(points.length)} was picked on the test folds themselves, so its UAR is optimistic (${select === 'test' ? 'select: test' : 'nested selection was not possible'}).`;
}

/** What the choice was made on, and why that matters. */
export function selection(comparison: Comparison): string {
  const { select, points, nested } = comparison;
  if (select === 'test') {
    if (points.length === 1) return '';
    return `The best point was picked on the same test folds that its UAR is from. The highest of ${String(points.length)} noisy values is too high on average, even where all points are equally good, so this UAR is optimistic, and new recordings should be expected to score lower. With select: nested, each test fold’s point is chosen on inner validation folds that hold none of its clips, which gives the UAR of the whole procedure without that advantage.`;
  }
  if (nested?.kind === 'impossible') {
    return `Nested selection was asked for, but cannot be made: ${nested.why} The best point above is therefore picked on the test folds, and its UAR is optimistic.`;
  }
  const best = bestOf(comparison);
  const chosen = chosenOf(comparison)!;
  const ahead = best.uar.mean - chosen.uar.mean;
  const flattery =
    ahead > 0
      ? `${fixed(ahead * 100, 1)} points more than the honest figure`
      : 'no more than the honest figure';
  const agreement =
    new Set(chosen.choices.map(({ point }) => point)).size === 1
      ? 'All folds chose the same point.'
      : 'The folds did not all choose the same point: the differences between those chosen are too small for this corpus to settle.';
  return `For each test fold, the point was chosen by networks that were trained and validated on the other folds alone; only then was it tested. That matters because the highest of ${String(points.length)} noisy values is too high on average: picked on the test folds, the best point, ${quoted(best.label)}, would have claimed ${percent(best.uar.mean)}, ${flattery}. ${agreement}`;
}

/** Whether anything here hears more than loudness. */
export function loudness(comparison: Comparison): { beaten: boolean; text: string } {
  const chosen = chosenOf(comparison);
  const best = bestOf(comparison);
  const difference = (chosen ?? best).loudness;
  const landmark = best.landmarks.find(({ model }) => model === 'loudness');
  if (difference === null || landmark === undefined) {
    return {
      beaten: false,
      text: 'No loudness baseline was computed, so nothing here tells a network from one that hears only how loud a clip is.',
    };
  }
  const what = chosen === undefined ? 'The best point' : 'The chosen points together';
  const one = chosen === undefined;
  const landmarkText = `the loudness baseline, a logistic regression on a clip’s length and its mean, maximum and range of level (UAR ${percent(landmark.uar)}; difference ${signedRange(difference.low, difference.high)}, ${pEquals(difference.p)})`;
  if (difference.uar > 0 && difference.p < comparison.alpha) {
    return { beaten: true, text: `${what} beat${one ? 's' : ''} ${landmarkText}.` };
  }
  const how =
    difference.uar > 0
      ? `${what} lie${one ? 's' : ''} above, but within the noise of, ${landmarkText}.`
      : `${what} do${one ? 'es' : ''} not do better than ${landmarkText}.`;
  return {
    beaten: false,
    text: `${how} So nothing here shows that a network hears more than how long and how loud a clip is, however the points differ among themselves.`,
  };
}

/** The first line where a corpus is synthetic; nothing otherwise. */
export function syntheticNotice({ corpora }: Comparison): string | undefined {
  if (!corpora.some(({ synthetic }) => synthetic)) return undefined;
  return 'The corpus is synthetic: a machine spoke its clips, so the numbers below show that the pipeline works and say nothing about people.';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

import { meanScores, shareRight, type ShareRight } from '../../metrics/points.ts';
import { mean } from '../../metrics/spread.ts';
import { listed } from '../text.ts';
import type { Aligned, ClipSet } from './clip-sets.ts';
import type { Choice, Overall } from './data.ts';
import type { GatheredPoint, GatheredRun } from './gather.ts';

/** What nested selection chose, and how it did on the clips that it had not chosen by. */
export type Selection =
  | { readonly kind: 'impossible'; readonly why: string }
  | {
      readonly kind: 'chosen';
      readonly choices: readonly Choice[];
      readonly overall: Overall;
      readonly excluded: readonly string[];
      readonly set: ClipSet;
      readonly right: ShareRight;
      /** UAR of the whole procedure for each seed. */
      readonly uars: readonly number[];
    };

/**
 * Nested selection (Varma and Simon, "Bias in error estimation when using cross-validation for model
 * selection", 2006; Cawley and Talbot, 2010): for each outer fold the point that does best on the
 * inner folds, whose networks never saw the outer fold's clips; then that point's predictions of the
 * outer fold. Runs that deal the clips alike choose together, by their mean; ties go to the earlier
 * point. A point that lacks a run or an inner evaluation cannot be chosen.
 */
export function selectNested(points: readonly GatheredPoint[]): Selection {
  const seeds = [...new Set(points.flatMap(({ runs }) => runs.map(({ seed }) => seed)))].sort(
    (a, b) => a - b,
  );
  const candidates = points.filter((point) => isComplete(point, seeds));
  const [first] = candidates;
  if (first === undefined) {
    return {
      kind: 'impossible',
      why: 'No point has every repetition with an inner evaluation for each of its folds.',
    };
  }
  const odd = candidates.filter((point) =>
    seeds.some((seed) => !dealtAlike(runOf(point, seed).network, runOf(first, seed).network)),
  );
  if (odd.length > 0) {
    return {
      kind: 'impossible',
      why: `The points do not share their clips and folds: ${listed(odd.map(({ label }) => label))} ${odd.length === 1 ? 'deals' : 'deal'} them otherwise than ${first.label}, so there is no outer fold to choose for.`,
    };
  }
  const { set } = runOf(first, seeds[0]!).network;
  const predicted = new Map(seeds.map((seed) => [seed, new Int32Array(set.truth.length)]));
  const choices: Choice[] = [];
  const totals = candidates.map(() => 0);
  for (const group of groupsOf(first, seeds)) {
    for (const fold of foldsOf(runOf(first, group[0]!))) {
      const inner = candidates.map((candidate) => innerUarOf(candidate, group, fold));
      inner.forEach((uar, place) => (totals[place]! += uar));
      const place = highest(inner);
      const point = candidates[place]!;
      const testUar = mean(
        group.map((seed) => {
          const { network } = runOf(point, seed);
          copyFold(network, fold, predicted.get(seed)!);
          return uarOfFold(network, fold);
        }),
      );
      choices.push({ fold, seeds: group, point: point.label, innerUar: inner[place]!, testUar });
    }
  }
  const all = seeds.map((seed) => predicted.get(seed)!);
  return {
    kind: 'chosen',
    choices,
    overall: {
      point: candidates[highest(totals)]!.label,
      innerUar: totals[highest(totals)]! / choices.length,
    },
    excluded: points.filter((point) => !candidates.includes(point)).map(({ label }) => label),
    set,
    right: shareRight(set.truth, all),
    uars: all.map((one) => uarOf({ set, predicted: one })),
  };
}

function isComplete(point: GatheredPoint, seeds: readonly number[]): boolean {
  return seeds.every((seed) => {
    const run = point.runs.find((of) => of.seed === seed);
    return (
      run !== undefined &&
      foldsOf(run).every((fold) => run.inner.some((inner) => inner.fold === fold))
    );
  });
}

function runOf(point: GatheredPoint, seed: number): GatheredRun {
  return point.runs.find((run) => run.seed === seed)!;
}

function foldsOf({ network }: GatheredRun): number[] {
  return [...new Set(network.folds)].sort((a, b) => a - b);
}

function dealtAlike(one: Aligned, other: Aligned): boolean {
  return one.set === other.set && one.folds.every((fold, clip) => fold === other.folds[clip]);
}

/** The seeds whose runs deal the clips alike. */
function groupsOf(point: GatheredPoint, seeds: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const seed of seeds) {
    const { network } = runOf(point, seed);
    const group = groups.find(([member]) => dealtAlike(runOf(point, member!).network, network));
    if (group === undefined) groups.push([seed]);
    else group.push(seed);
  }
  return groups;
}

function innerUarOf(point: GatheredPoint, seeds: readonly number[], fold: number): number {
  return mean(
    seeds.map((seed) =>
      uarOf(runOf(point, seed).inner.find((inner) => inner.fold === fold)!.aligned),
    ),
  );
}

/** The place of the largest value, the first of equals. */
function highest(values: readonly number[]): number {
  return values.reduce((best, value, place) => (value > values[best]! ? place : best), 0);
}

function uarOf({ set, predicted }: Pick<Aligned, 'set' | 'predicted'>): number {
  return meanScores(set.truth, shareRight(set.truth, [predicted]), set.classes.length).uar;
}

function uarOfFold({ set, predicted, folds }: Aligned, fold: number): number {
  const times = folds.map((of) => (of === fold ? 1 : 0));
  return meanScores(set.truth, shareRight(set.truth, [predicted]), set.classes.length, times).uar;
}

function copyFold({ predicted, folds }: Aligned, fold: number, to: Int32Array): void {
  folds.forEach((of, clip) => {
    if (of === fold) to[clip] = predicted[clip]!;
  });
}

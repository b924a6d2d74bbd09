import type { UpstreamStage } from '../../pipeline/stage.ts';
import type { Artifact, Corpus } from './gather.ts';
import type { FailedPoint, Parameters } from './request.ts';

/**
 * The comparison as the page, the JSON, the Markdown and the CSV tell it. Shares, UAR and WA: 0 to 1.
 * Nothing here differs between two machines that computed the same.
 */
export interface Comparison {
  readonly title: string;
  readonly select: 'test' | 'nested';
  /** Label of the point that the others are tested against. */
  readonly baseline: string;
  readonly draws: number;
  readonly seed: number;
  readonly level: number;
  /** Below it, a corrected p is called a difference: 1 - level. */
  readonly alpha: number;
  readonly corpora: readonly Corpus[];
  /** Of the baseline's evaluation, or the first point's where the baseline failed. */
  readonly classes: readonly string[];
  readonly clips: number;
  readonly speakers: number;
  /** The parameters that vary, in the order in which the points name them. */
  readonly parameters: readonly string[];
  readonly points: readonly PointResult[];
  readonly failed: readonly FailedPoint[];
  /** The point of the highest mean UAR on the test folds, the earlier of equals: its place. */
  readonly best: number;
  /** What selection on inner folds gave; null where `select` is test. */
  readonly nested: Nested | null;
  readonly tests: Tests;
  readonly stages: readonly UpstreamStage[];
  readonly artifacts: readonly Artifact[];
}

/** The tests against the baseline as a family. */
export interface Tests {
  /** How many were corrected for. */
  readonly count: number;
  /** The smallest p that a test of so many speakers can give, before the correction. */
  readonly smallestP: number;
  /** Every pattern of signs was counted, none drawn. */
  readonly exact: boolean;
}

export interface PointResult {
  readonly label: string;
  readonly parameters: Parameters;
  readonly clips: number;
  readonly speakers: number;
  readonly uar: Estimate;
  readonly wa: Estimate;
  readonly runs: readonly RunResult[];
  /** Of all folds of all runs, how many predict a single class; and how many there are. */
  readonly collapsed: number;
  readonly trainings: number;
  /** Numbers that one network learns. */
  readonly weights: number;
  /** Steps of the optimiser over all its trainings. */
  readonly steps: number;
  readonly landmarks: readonly Landmark[];
  /** Against the loudness baseline on the same folds; null where there is none. */
  readonly loudness: Difference | null;
  readonly against: Against;
}

export interface Estimate {
  /** Over the runs, of all test clips pooled. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation over the runs; null of a single one. */
  readonly deviationOverSeeds: number | null;
  /** Over all folds of all runs. */
  readonly meanOverFolds: number;
  /** Standard deviation over the folds of a run, mean over the runs; null of a single fold. */
  readonly deviationOverFolds: number | null;
}

/** A baseline that hardly listens, on the same clips and folds: mean over the runs. */
export interface Landmark {
  readonly model: string;
  readonly uar: number;
  readonly uarLow: number;
  readonly uarHigh: number;
  readonly wa: number;
}

/** Of two UARs. */
export interface Difference {
  readonly uar: number;
  readonly low: number;
  readonly high: number;
  /** Of the sign-flip test over speakers, two-sided, not corrected. */
  readonly p: number;
}

/** How a point stands to the baseline. */
export type Against =
  | { readonly kind: 'itself' }
  /** The baseline has no result. */
  | { readonly kind: 'no-baseline' }
  /** Tested on other clips than the baseline. */
  | { readonly kind: 'unpaired' }
  | Tested;

/** A point that was tested against the baseline. */
export interface Tested {
  /** Noise of the speakers: p is too large. Of the seeds: training again moves it as far. */
  readonly kind: 'better' | 'worse' | 'noise' | 'seed-noise';
  readonly difference: Difference;
  /** p by Holm's correction. */
  readonly corrected: number;
  /** Standard error of the difference over the seeds; null where a side has a single one. */
  readonly seedError: number | null;
}

export interface RunResult {
  readonly seed: number;
  readonly evaluate: string;
  readonly train: string;
  readonly by: string;
  readonly speakersShared: number;
  readonly backends: readonly string[];
  readonly clips: number;
  readonly uar: number;
  readonly wa: number;
  /** Every prediction of all folds is of one and the same class. */
  readonly collapsed: boolean;
  readonly folds: readonly FoldResult[];
}

export interface FoldResult {
  readonly fold: number;
  readonly clips: number;
  readonly uar: number;
  readonly wa: number;
  readonly collapsed: boolean;
  readonly weights: number;
  readonly epochs: number;
  readonly steps: number;
}

/** What choosing a point on inner folds, and testing it on the outer one, gave. */
export type Nested =
  | { readonly kind: 'impossible'; readonly why: string }
  | {
      readonly kind: 'chosen';
      readonly choices: readonly Choice[];
      readonly overall: Overall;
      /** Points that lack a run or an inner evaluation, and so could not be chosen. */
      readonly excluded: readonly string[];
      readonly uar: { readonly mean: number; readonly low: number; readonly high: number };
      readonly wa: { readonly mean: number; readonly low: number; readonly high: number };
      readonly deviationOverSeeds: number | null;
      /** Of the whole procedure; null where the baseline has no result on these clips. */
      readonly against: Difference | null;
      readonly loudness: Difference | null;
    };

/** The point of the highest inner UAR, mean over all outer folds: the one to train for use. */
export interface Overall {
  readonly point: string;
  readonly innerUar: number;
}

/** The point chosen for an outer fold. */
export interface Choice {
  readonly fold: number;
  /** The runs that share this way of dealing the clips into folds. */
  readonly seeds: readonly number[];
  readonly point: string;
  /** Its UAR pooled over the inner folds, mean over the seeds: what it was chosen by. */
  readonly innerUar: number;
  /** Its UAR on the outer fold, mean over the seeds. */
  readonly testUar: number;
}

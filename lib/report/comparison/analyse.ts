import { holm } from '../../metrics/holm.ts';
import { mostExactPairs, smallestP } from '../../metrics/sign-flips.ts';
import { standardDeviation } from '../../metrics/spread.ts';
import { UserError } from '../../pipeline/errors.ts';
import {
  judge,
  landmarkIn,
  landmarkOf,
  networkOf,
  type Contender,
  type Judged,
} from './contenders.ts';
import type { Against, Comparison, Nested, PointResult, RunResult, Tested } from './data.ts';
import type { Gathered, GatheredPoint } from './gather.ts';
import { selectNested, type Selection } from './nested.ts';
import type { Request } from './request.ts';
import { errorOverSeeds, estimate, runResult } from './summary.ts';

/** A point with what is compared of it. */
interface Entry {
  readonly point: GatheredPoint;
  readonly network: Contender;
  readonly landmarks: readonly { readonly model: string; readonly contender: Contender }[];
}

/**
 * Turns finished runs into a comparison.
 *
 * @param onDraw called after each bootstrap draw with how many of all were done; may throw to stop
 * @throws UserError `runs-of-other-clips` where the runs of one point are not tested on the same clips
 */
export function analyse(
  request: Request,
  gathered: Gathered,
  onDraw: (done: number, all: number) => void,
): Comparison {
  const entries = gathered.points.map(entryOf);
  const baseline = entries.find(({ point }) => point.label === request.baseline);
  const selection = request.select === 'nested' ? selectNested(gathered.points) : null;
  const procedure = selection?.kind === 'chosen' ? selection : undefined;
  const loudness = procedure && loudnessOn(entries, procedure);

  const pairs: (readonly [Contender, Contender])[] = [];
  const pair = (one: Contender | undefined, other: Contender | undefined): void => {
    if (one !== undefined && other?.set === one.set) pairs.push([one, other]);
  };
  for (const entry of entries) {
    if (entry !== baseline) pair(entry.network, baseline?.network);
    pair(entry.network, loudnessOf(entry));
  }
  pair(procedure, baseline?.network);
  pair(procedure, loudness);
  const contenders = [
    ...entries.flatMap(({ network, landmarks }) => [
      network,
      ...landmarks.map(({ contender }) => contender),
    ]),
    ...(procedure === undefined ? [] : [procedure]),
  ];
  const judged = judge(contenders, pairs, request, onDraw);

  const alpha = alphaOf(request.level);
  const runs = entries.map(({ point }) => point.runs.map(runResult));
  const standings = against(entries, runs, baseline, judged, alpha);
  const points = entries.map((entry, place) =>
    pointResult(entry, runs[place]!, judged, standings[place]!),
  );
  const headline = (baseline ?? entries[0]!).network.set;
  const tested = standings.filter((standing) => 'corrected' in standing).length;
  return {
    title: request.title,
    select: request.select,
    baseline: request.baseline,
    draws: request.draws,
    seed: request.seed,
    level: request.level,
    alpha,
    corpora: gathered.corpora,
    classes: headline.classes,
    clips: headline.clips.length,
    speakers: headline.speakerNames.length,
    parameters: [
      ...new Set(
        [...gathered.points, ...request.failed].flatMap((of) => Object.keys(of.parameters)),
      ),
    ],
    points,
    failed: request.failed,
    best: points.reduce((best, { uar }, place) => {
      return uar.mean > points[best]!.uar.mean ? place : best;
    }, 0),
    nested: selection && nestedResult(selection, judged, baseline?.network, loudness),
    tests: {
      count: tested,
      smallestP: smallestP(headline.speakerNames.length),
      exact: headline.speakerNames.length <= mostExactPairs,
    },
    // What was compared stands above; of the stages it needs, how they were set.
    stages: gathered.stages.filter(({ use }) => use !== 'compare'),
    artifacts: gathered.artifacts,
  };
}

/** 0.95 -> 0.05, to 15 decimals: bare subtraction gives 0.050000000000000044, which 0.05 is below. */
function alphaOf(level: number): number {
  return Number((1 - level).toFixed(15));
}

function entryOf(point: GatheredPoint): Entry {
  const [first, ...others] = point.runs;
  const other = others.find(({ network }) => network.set !== first!.network.set);
  if (other !== undefined) {
    throw new UserError(
      'runs-of-other-clips',
      `The point ${point.label} is tested on other clips with seed ${String(other.seed)} (stage ${other.evaluate}) than with seed ${String(first!.seed)} (stage ${first!.evaluate}). Only runs on the same clips can be repetitions of one point: make them two points.`,
    );
  }
  const models = [
    ...new Set(point.runs.flatMap(({ landmarks }) => landmarks.map((of) => of.model))),
  ];
  return {
    point,
    network: networkOf(point),
    landmarks: models.flatMap((model) => {
      const contender = landmarkOf(point, model);
      return contender === undefined ? [] : [{ model, contender }];
    }),
  };
}

function loudnessOf({ landmarks }: Entry): Contender | undefined {
  return landmarks.find(({ model }) => model === 'loudness')?.contender;
}

/** The loudness baseline on the clips of nested selection: the first candidate's. */
function loudnessOn(entries: readonly Entry[], { set }: Contender): Contender | undefined {
  return entries.map(loudnessOf).find((contender) => contender?.set === set);
}

/** How every point stands to the baseline, corrected for all tests that could be made. */
function against(
  entries: readonly Entry[],
  runs: readonly (readonly RunResult[])[],
  baseline: Entry | undefined,
  judged: Judged,
  alpha: number,
): Against[] {
  const differences = entries.map((entry) =>
    entry === baseline || baseline?.network.set !== entry.network.set
      ? undefined
      : judged.differenceOf(entry.network, baseline.network),
  );
  const corrected = holm(differences.flatMap((of) => (of === undefined ? [] : [of.p])));
  return entries.map((entry, place): Against => {
    if (baseline === undefined) return { kind: 'no-baseline' };
    if (entry === baseline) return { kind: 'itself' };
    const difference = differences[place];
    if (difference === undefined) return { kind: 'unpaired' };
    const p = corrected.shift()!;
    const seedError = errorOverSeeds(runs[place]!, runs[entries.indexOf(baseline)]!);
    const kind = p >= alpha ? 'noise' : beyondSeeds(difference.uar, seedError);
    return { kind, difference, corrected: p, seedError };
  });
}

/** The sign-flip test takes the networks as they are: what training again does, only seeds tell. */
function beyondSeeds(difference: number, error: number | null): Tested['kind'] {
  if (error !== null && Math.abs(difference) < 2 * error) return 'seed-noise';
  return difference > 0 ? 'better' : 'worse';
}

function pointResult(
  entry: Entry,
  runs: readonly RunResult[],
  judged: Judged,
  standing: Against,
): PointResult {
  const { point, network, landmarks } = entry;
  const folds = runs.flatMap((run) => run.folds);
  const { intervals } = judged.scoresOf(network);
  const loudness = loudnessOf(entry);
  return {
    label: point.label,
    parameters: point.parameters,
    clips: network.set.clips.length,
    speakers: network.set.speakerNames.length,
    uar: estimate(runs, 'uar', intervals.uar),
    wa: estimate(runs, 'wa', intervals.wa),
    runs,
    collapsed: folds.filter(({ collapsed }) => collapsed).length,
    trainings: folds.length,
    weights: folds.reduce((most, { weights }) => Math.max(most, weights), 0),
    steps: folds.reduce((sum, { steps }) => sum + steps, 0),
    landmarks: landmarks.map(({ model, contender }) => landmarkIn(judged, model, contender)),
    loudness: loudness === undefined ? null : judged.differenceOf(network, loudness),
    against: standing,
  };
}

function nestedResult(
  selection: Selection,
  judged: Judged,
  baseline: Contender | undefined,
  loudness: Contender | undefined,
): Nested {
  if (selection.kind === 'impossible') return selection;
  const { choices, overall, excluded, uars } = selection;
  const { uar, wa, intervals } = judged.scoresOf(selection);
  return {
    kind: 'chosen',
    choices,
    overall,
    excluded,
    uar: { mean: uar, low: intervals.uar[0], high: intervals.uar[1] },
    wa: { mean: wa, low: intervals.wa[0], high: intervals.wa[1] },
    deviationOverSeeds: standardDeviation(uars) ?? null,
    against: baseline?.set === selection.set ? judged.differenceOf(selection, baseline) : null,
    loudness: loudness === undefined ? null : judged.differenceOf(selection, loudness),
  };
}

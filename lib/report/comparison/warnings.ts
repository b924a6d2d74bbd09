import { byCodeUnit, count, counted, listed } from '../text.ts';
import type { Warning } from '../warnings.ts';
import type { Comparison } from './data.ts';
import { baselineOf, bestOf } from './sentences.ts';
import { probability, quoted } from './words.ts';

/** The backends that promise the same bits on every machine. */
const deterministicBackends: readonly string[] = ['wasm'];

/** What a reader must know before believing a number, the gravest first. */
export function warnings(comparison: Comparison): Warning[] {
  return [
    ...corpusWarnings(comparison),
    ...splitWarnings(comparison),
    ...testWarnings(comparison),
    ...seedWarnings(comparison),
    ...trainingWarnings(comparison),
  ];
}

function corpusWarnings({ corpora }: Comparison): Warning[] {
  if (!corpora.some(({ synthetic }) => synthetic)) return [];
  return [
    {
      code: 'synthetic-corpus',
      text: 'The corpus is synthetic. It exercises the pipeline; no number here says anything about people, and which point is best here need not be best for them.',
    },
  ];
}

function splitWarnings({ points }: Comparison): Warning[] {
  const shared = points
    .flatMap(({ runs }) => runs)
    .reduce((most, { speakersShared }) => Math.max(most, speakersShared), 0);
  if (shared === 0) return [];
  return [
    {
      code: 'speakers-shared',
      text: `${counted(shared, 'speaker')} ${shared === 1 ? 'has' : 'have'} clips in more than one fold: networks are tested on voices that they were trained on, and will do worse on new ones; which point is best may change too. Splitting by speaker avoids this.`,
    },
  ];
}

function testWarnings(comparison: Comparison): Warning[] {
  const { points, tests, speakers, alpha } = comparison;
  const found: Warning[] = [];
  const reached = Math.min(1, tests.smallestP * tests.count);
  if (tests.count > 0 && reached >= alpha) {
    found.push({
      code: 'few-speakers',
      text: `With ${counted(speakers, 'speaker')} the test cannot give a p below ${probability(tests.smallestP)}, which corrected for ${counted(tests.count, 'comparison')} is ${probability(reached)}: no difference, however large, could be called one. It takes more speakers, or fewer points.`,
    });
  }
  const unpaired = points.filter(({ against }) => against.kind === 'unpaired');
  if (unpaired.length > 0) {
    found.push({
      code: 'other-clips',
      text: `Tested on other clips than the baseline: ${named(unpaired)}. Their numbers stand beside the others, but cannot be paired with them, and part of every difference is the clips’.`,
    });
  }
  if (points.some(({ landmarks }) => landmarks.every(({ model }) => model !== 'loudness'))) {
    found.push({
      code: 'no-loudness-baseline',
      text: 'Not every point stands beside a loudness baseline on its own folds: a network that hears only loudness would not be noticed there.',
    });
  }
  return found;
}

function seedWarnings({ points, failed }: Comparison): Warning[] {
  const found: Warning[] = [];
  const most = points.reduce((so, { runs }) => Math.max(so, runs.length), 0);
  const fewer = points.filter(({ runs }) => runs.length < most);
  if (most === 1 && points.length > 1) {
    found.push({
      code: 'one-seed',
      text: 'Each point was trained with one seed: a difference between two points may be that of two seeds, and nothing here could tell.',
    });
  }
  if (fewer.length > 0) {
    found.push({
      code: 'unequal-seeds',
      text: `With fewer than ${counted(most, 'seed')}: ${named(fewer)}. A mean over fewer seeds is a noisier one.`,
    });
  }
  if (failed.length > 0) {
    found.push({
      code: 'failed-points',
      text: `${counted(failed.length, 'run')} failed and ${failed.length === 1 ? 'is' : 'are'} in no number here; see “What failed”.`,
    });
  }
  return found;
}

function trainingWarnings(comparison: Comparison): Warning[] {
  const found: Warning[] = [];
  const telling = [...new Set([bestOf(comparison), baselineOf(comparison)])].filter(
    (point) => point !== undefined && point.collapsed > 0,
  );
  for (const point of telling) {
    if (point === undefined) continue;
    found.push({
      code: 'collapsed-folds',
      text: `${quoted(point.label)} collapsed in ${count(point.collapsed)} of ${count(point.trainings)} folds: there it gave every test clip the same class, and learned nothing.`,
    });
  }
  const loose = [
    ...new Set(comparison.points.flatMap(({ runs }) => runs.flatMap(({ backends }) => backends))),
  ]
    .filter((backend) => !deterministicBackends.includes(backend))
    .sort(byCodeUnit);
  if (loose.length > 0) {
    found.push({
      code: 'backend-not-deterministic',
      text: `Trained with the backend ${listed(loose)}, which does not promise the same bits on another machine: rebuilding there may move every number.`,
    });
  }
  return found;
}

function named(points: readonly { readonly label: string }[]): string {
  const labels = points.map(({ label }) => quoted(label));
  return listed(
    labels.length > 6 ? [...labels.slice(0, 5), `${count(labels.length - 5)} more`] : labels,
  );
}

// @ts-check
import path from 'node:path';
import { emotion, hasCommand, paperYaml, pipeline, pipelineYaml } from './pipeline.mjs';
import { spread } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 *
 * @typedef {object} JobsRow
 * @property {string} name
 * @property {Spread} one seconds of the whole command with --jobs 1
 * @property {Spread} two with --jobs 2
 * @property {number} ratio of the medians
 *
 * @typedef {object} JobsData
 * @property {readonly JobsRow[]} rows
 * @property {boolean} sample
 * @property {readonly string[]} skipped
 */

/** Points of the sweep; times five folds, each a training. */
const POINTS = 4;

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<JobsData>} */
export async function measureJobs({ quick, corpus, ravdess, scratch }) {
  const turns = quick ? 1 : 5;
  const epochs = quick ? 10 : 200;
  const place = ['--corpus', corpus, '--artifacts', path.join(scratch, 'jobs')];
  const base = [
    ...(ravdess === undefined ? [] : ['--config', paperYaml]),
    ...[...place, '--set', `train.epochs=${epochs}`],
    ...(ravdess === undefined ? [] : ['--set', `train-authors.epochs=${epochs}`]),
  ];
  const skipped =
    ravdess === undefined ? ['RAVDESS: no --corpus or RAVDESS_DIR; the sample is used'] : [];
  // What trainings stand on is there before the clock runs.
  await pipeline([...base, 'mel', 'split']);

  /** @param {readonly string[]} stages @param {string} name */
  const forced = (stages, name) =>
    compared(name, turns, async (jobs) => {
      const words = [...base, ...stages, '--only', '--force', '--jobs', String(jobs)];
      return (await pipeline(words)).seconds;
    });
  const rows = [await forced(['train'], 'the five folds of train')];
  if (ravdess !== undefined) {
    const both = ['train', 'train-authors'];
    rows.push(await forced(both, 'the ten trainings of paper.yaml'));
  }
  if (await hasCommand('sweep')) {
    // One training a fold, and one evaluation to compare by.
    const swept = ['--config', pipelineYaml, ...place, '--set', `train.epochs=${epochs}`];
    await pipeline([...swept, 'mel', 'split']);
    let first = 0;
    rows.push(
      await compared(`a sweep over ${POINTS} lambdas, to its page`, turns, async (jobs) => {
        // Other lambdas each time, or the store would have them all.
        first += POINTS;
        const lambdas = Array.from({ length: POINTS }, (_, n) =>
          (0.2 + (first + n) / 1000).toFixed(3),
        );
        const grid = `train.lambda=${lambdas.join(',')}`;
        return (await emotion(['sweep', ...swept, '--grid', grid, '--jobs', String(jobs)])).seconds;
      }),
    );
  } else {
    skipped.push('a sweep: this checkout has no command sweep');
  }
  return { rows, sample: ravdess === undefined, skipped };
}

/**
 * The same with one job and with two, in turns.
 *
 * @param {string} name
 * @param {number} turns
 * @param {(jobs: number) => Promise<number>} run gives seconds
 * @returns {Promise<JobsRow>}
 */
async function compared(name, turns, run) {
  /** @type {number[]} */
  const one = [];
  /** @type {number[]} */
  const two = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const taken = [await run(1), await run(2)];
    if (turn === 0) continue; // the first is not counted
    one.push(taken[0] ?? Number.NaN);
    two.push(taken[1] ?? Number.NaN);
  }
  const [alone, together] = [spread(one), spread(two)];
  return {
    ...{ name, one: alone, two: together },
    ratio: alone.median / together.median,
  };
}

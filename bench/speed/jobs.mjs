// @ts-check
import path from 'node:path';
import { canPin } from './cores.mjs';
import { emotion, hasCommand, paperYaml, pipeline, pipelineYaml } from './pipeline.mjs';
import { Player, spread } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 *
 * @typedef {object} JobsRow
 * @property {string} name
 * @property {Spread} [core] seconds of the whole command with --jobs 1, held to one core
 * @property {Spread} one with --jobs 1 and both cores, the second for what V8 does beside
 * @property {Spread} two with --jobs 2
 * @property {number} [ratioOfCores] of the medians of `core` and `two`
 * @property {number} ratio of those of `one` and `two`
 *
 * @typedef {object} JobsData
 * @property {readonly JobsRow[]} rows
 * @property {JobsRow} arithmetic what two processes bring that only multiply and add, in the same turns
 * @property {boolean} sample
 * @property {readonly string[]} skipped
 */

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {(jobs: 1 | 2, alone?: boolean) => Promise<number>} run gives seconds
 * @property {boolean} [pins] `alone` holds it to one core
 */

/** Calls of the peak's loop: about a second. */
const LOOPS = 40_000;

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

  /** @param {readonly string[]} stages @param {string} name @returns {Entry} */
  const forced = (stages, name) => ({
    name,
    run: async (jobs, alone) => {
      const words = [...base, ...stages, '--only', '--force', '--jobs', String(jobs)];
      return (await pipeline(words, alone)).seconds;
    },
  });
  /** @type {Entry[]} */
  const entries = [{ ...forced(['train'], 'the five folds of train'), pins: canPin }];
  if (!canPin) skipped.push('one core alone: there is no taskset');
  if (ravdess !== undefined) {
    entries.push(forced(['train', 'train-authors'], 'the ten trainings of paper.yaml'));
  }
  if (await hasCommand('sweep')) {
    // One training a fold, and one evaluation to compare by.
    const swept = ['--config', pipelineYaml, ...place, '--set', `train.epochs=${epochs}`];
    await pipeline([...swept, 'mel', 'split']);
    let first = 0;
    entries.push({
      name: `a sweep over ${POINTS} lambdas, to its page`,
      run: async (jobs) => {
        // Other lambdas each time, or the store would have them all.
        first += POINTS;
        const lambdas = Array.from({ length: POINTS }, (_, n) =>
          (0.2 + (first + n) / 1000).toFixed(3),
        );
        const grid = `train.lambda=${lambdas.join(',')}`;
        return (await emotion(['sweep', ...swept, '--grid', grid, '--jobs', String(jobs)])).seconds;
      },
    });
  } else {
    skipped.push('a sweep: this checkout has no command sweep');
  }
  const players = [await peakPlayer(), await peakPlayer()];
  try {
    const [arithmetic, ...rows] = await comparedInTurns(turns, [machineEntry(players), ...entries]);
    if (arithmetic === undefined) throw new Error('the machine itself was not measured');
    return { rows, arithmetic, sample: ravdess === undefined, skipped };
  } finally {
    for (const player of players) player.end();
  }
}

function peakPlayer() {
  const file = path.join(import.meta.dirname, 'peak-worker.mjs');
  return Player.start({ name: 'peak', command: [process.execPath, file, '4', '2'] });
}

/**
 * The same work for both numbers: two processes' loops, one after the other or side by side.
 *
 * @param {readonly Player[]} players @returns {Entry}
 */
function machineEntry(players) {
  return {
    name: 'multiplying and adding alone: what the machine allows',
    run: async (jobs) => {
      if (jobs === 2)
        return Math.max(...(await Promise.all(players.map((one) => one.play(LOOPS)))));
      let seconds = 0;
      for (const player of players) seconds += await player.play(LOOPS);
      return seconds;
    },
  };
}

/**
 * Each with one job, on one core too where that is asked for, and with two, all in turns: what the machine
 * does falls on all alike.
 *
 * @param {number} turns
 * @param {readonly Entry[]} entries
 * @returns {Promise<JobsRow[]>}
 */
async function comparedInTurns(turns, entries) {
  const measured = entries.map((entry) => ({
    ...entry,
    core: /** @type {number[]} */ ([]),
    one: /** @type {number[]} */ ([]),
    two: /** @type {number[]} */ ([]),
  }));
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const { run, pins, core, one, two } of measured) {
      const held = pins === true ? [await run(1, true)] : [];
      const [alone, together] = [await run(1), await run(2)];
      if (turn === 0) continue; // the first is not counted
      core.push(...held);
      one.push(alone);
      two.push(together);
    }
  }
  return measured.map(({ name, core, one, two }) => {
    const [alone, together] = [spread(one), spread(two)];
    const row = { name, one: alone, two: together, ratio: alone.median / together.median };
    if (core.length === 0) return row;
    const held = spread(core);
    return { ...row, core: held, ratioOfCores: held.median / together.median };
  });
}

// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { canWatchPeaks, watchPeaks } from '../peaks.mjs';
import { emotionCommand, pipelineYaml, timed } from './pipeline.mjs';

/**
 * @typedef {object} GrowthRow
 * @property {number} times how often the corpus is listed, or the training is as long as the first
 * @property {number} seconds
 * @property {number | null} peakMb of the process that held the most; null where it cannot be seen
 * @property {string} peakOf its stage
 *
 * @typedef {object} GrowthData
 * @property {number} files of the corpus
 * @property {number} epochs of the shortest training
 * @property {readonly GrowthRow[]} clips decode, stft and mel
 * @property {readonly GrowthRow[]} trained five folds
 * @property {boolean} sample
 * @property {readonly string[]} skipped
 */

const TIMES = [1, 2, 4];

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<GrowthData>} */
export async function measureGrowth({ quick, corpus, ravdess, scratch }) {
  const skipped = [];
  if (ravdess === undefined)
    skipped.push('RAVDESS: no --corpus or RAVDESS_DIR; the sample is used');
  if (!canWatchPeaks) skipped.push('peak memory: only Linux has /proc');
  const epochs = quick ? 5 : 100;

  /** @type {GrowthRow[]} */
  const clips = [];
  for (const times of TIMES) {
    const listed = times === 1 ? corpus : copies(corpus, times, path.join(scratch, 'copies'));
    const artifacts = path.join(scratch, 'growth');
    const words = ['mel', '--corpus', listed, '--artifacts', artifacts];
    clips.push({ times, ...(await watched([...words, '--set', 'decode.duplicates=allow'])) });
    fs.rmSync(artifacts, { recursive: true, force: true });
    fs.rmSync(path.join(scratch, 'copies'), { recursive: true, force: true });
  }

  /** @type {GrowthRow[]} */
  const trained = [];
  const words = ['--corpus', corpus, '--artifacts', path.join(scratch, 'growth')];
  await watched(['mel', 'split', ...words]);
  for (const times of TIMES) {
    const set = ['--set', `train.epochs=${times * epochs}`];
    trained.push({ times, ...(await watched(['train', ...words, ...set])) });
  }
  const files = recordings(corpus).length;
  return { files, epochs, clips, trained, sample: ravdess === undefined, skipped };
}

/** @param {readonly string[]} words behind `emotion pipeline` @returns {Promise<Omit<GrowthRow, 'times'>>} */
async function watched(words) {
  /** @type {ReturnType<typeof watchPeaks> | undefined} */
  let watch;
  const command = emotionCommand(['pipeline', '--config', pipelineYaml, '--quiet', ...words]);
  const { seconds } = await timed(command, (child) => {
    if (canWatchPeaks) watch = watchPeaks(Number(child.pid));
  });
  const [most] = [...(watch?.stop() ?? [])].toSorted(([, a], [, b]) => b - a);
  return { seconds, peakMb: most?.[1] ?? null, peakOf: most?.[0] ?? '' };
}

/**
 * The corpus several times over, as copies: links would change the files that others may be reading.
 *
 * @param {string} corpus @param {number} times @param {string} folder @returns {string} folder
 */
function copies(corpus, times, folder) {
  for (let copy = 1; copy <= times; copy += 1) {
    fs.cpSync(corpus, path.join(folder, `copy-${copy}`), {
      recursive: true,
      mode: fs.constants.COPYFILE_FICLONE,
    });
  }
  const described = path.join(corpus, 'corpus.yaml');
  if (fs.existsSync(described)) fs.copyFileSync(described, path.join(folder, 'corpus.yaml'));
  return folder;
}

/** @param {string} corpus */
function recordings(corpus) {
  return fs
    .readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(wav|flac)$/i.test(name));
}

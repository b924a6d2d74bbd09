// @ts-check
/**
 * What the paper tuned by hand: the sweep lambda-channels of pipeline.yaml, and the same choice of lambda
 * made on inner folds. Its page lies below artifacts/bench.
 *
 *   npm run bench:sweep -- --corpus DIR
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { benchOptions, ended, markdownTable, root, writeResults } from './command-line.mjs';

/**
 * @typedef {object} Point
 * @property {string} label
 * @property {Record<string, unknown>} parameters
 * @property {{ mean: number, low: number, high: number, deviationOverSeeds: number | null }} uar
 * @property {number} collapsed
 * @property {number} trainings
 * @property {{ kind: string, corrected: number } | null} against
 */

/**
 * @typedef {object} Comparison comparison.json, as far as it is read here
 * @property {string} answer
 * @property {string} verdict
 * @property {string} noise
 * @property {string} loudness
 * @property {string} baseline
 * @property {string} best
 * @property {{ name: string }[]} corpora
 * @property {number} clips
 * @property {number} speakers
 * @property {Point[]} points
 */

const options = benchOptions('bench:sweep');
const [swept, nested] = [
  await comparisonOf('lambda-channels'),
  await comparisonOf('lambda-nested'),
];

writeResults(
  options,
  'sweep',
  { 'lambda-channels': told(swept), 'lambda-nested': told(nested) },
  [
    `UAR in %, mean of three seeds, its 95 % interval over speakers below it; ${swept.clips} clips of ${swept.speakers} speakers, by clip:`,
    table(swept),
    `\`lambda-channels\`: ${swept.answer} ${swept.verdict} ${swept.noise} ${swept.loudness}`,
    `\`lambda-nested\`: ${nested.answer} ${nested.verdict}`,
  ].join('\n\n'),
);

/** @param {string} name @returns {Promise<Comparison>} */
async function comparisonOf(name) {
  const { corpus, artifacts, set } = options;
  const words = ['sweep', name, '--corpus', corpus, '--artifacts', artifacts];
  const sets = set.flatMap((one) => ['--set', one]);
  const program = path.join(root, 'bin', 'emotion.cjs');
  const stdio = /** @type {const} */ (['ignore', 2, 2]);
  await ended(
    spawn(process.execPath, [program, ...words, ...sets], { cwd: root, stdio: [...stdio] }),
  );
  const file = path.join(artifacts, 'sweeps', name, 'comparison.json');
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** One row a lambda, one column for each list of channels. @param {Comparison} comparison */
function table({ points }) {
  /** @param {string} name */
  const values = (name) => [
    ...new Set(points.map(({ parameters }) => JSON.stringify(parameters[name]))),
  ];
  const channels = values('train.channels');
  const rows = values('train.lambda').map((lambda) => [
    lambda,
    ...channels.map((list) => {
      const point = points.find(
        ({ parameters }) =>
          JSON.stringify(parameters['train.lambda']) === lambda &&
          JSON.stringify(parameters['train.channels']) === list,
      );
      return point === undefined ? '–' : cell(point);
    }),
  ]);
  return markdownTable(['lambda', ...channels.map((list) => `>channels ${list}`)], rows);
}

/** @param {Point} point */
function cell({ uar, against }) {
  const mark = { better: ' better', worse: ' worse' }[against?.kind ?? ''] ?? '';
  return `${percent(uar.mean)}${mark}<br>${percent(uar.low)} to ${percent(uar.high)}`;
}

/** @param {number} share */
function percent(share) {
  return (100 * share).toFixed(1);
}

/** What the figures rest on, without the pages of detail that the sweep itself keeps. @param {Comparison} comparison */
function told({ answer, verdict, noise, loudness, baseline, best, points }) {
  return { answer, verdict, noise, loudness, baseline, best, points };
}

// @ts-check
/**
 * The paper's table, three seeds of it: what experiments/paper.yaml gives beside Figure 4, and what
 * pipeline.yaml gives by clip and by speaker beside the loudness baseline.
 *
 *   npm run bench:paper -- --corpus DIR
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  benchOptions,
  ended,
  markdownTable,
  root,
  startPipeline,
  writeResults,
} from './command-line.mjs';

const SEEDS = [1, 2, 3];

/** A fold as good as collapsed: one class gets at least 90 of 102 predictions. */
const NEARLY = 90 / 102;

/**
 * @typedef {object} Score
 * @property {number} clips
 * @property {number} wa
 * @property {number} uar
 * @property {number} uarLow
 * @property {number} uarHigh
 * @property {boolean} collapsed
 * @property {number[]} confusion classes x classes, truth-major
 */

/** @typedef {Score & { fold: number }} FoldScore */
/** @typedef {{ model: string, pooled: Score, meanOverFolds: { wa: number, uar: number }, folds: FoldScore[] }} ModelScores */

/**
 * @typedef {object} Report report.json, as far as it is read here
 * @property {{ name: string }} corpus
 * @property {{ by: string, folds: number, speakersShared: number }} split
 * @property {{ name: string, train: string, attention: string, level: number, backends: string[], models: ModelScores[] }[]} evaluations
 * @property {{ wa: number, uar: number, figure: string, collapsed: { fold: number, wa: number, uar: number }[] }} paper
 * @property {{ name: string, params: Record<string, unknown> }[]} stages
 */

/**
 * @typedef {object} Row
 * @property {string} model
 * @property {number | null} seed of the training; null for a baseline, which has none
 * @property {string} attention empty for a baseline
 * @property {string} standardise empty for a baseline
 * @property {string} by how the folds were made
 * @property {{ wa: number, uar: number, uarLow: number, uarHigh: number }} pooled
 * @property {{ wa: number, uar: number }} meanOverFolds
 * @property {{ fold: number, wa: number, uar: number, largestShare: number }[]} folds
 * @property {number[]} collapsed folds with predictions of a single class
 * @property {number[]} nearlyCollapsed the other folds in which one class gets at least 90 of 102
 */

const options = benchOptions('bench:paper');

/** @type {Report[]} */
const paperReports = [];
/** @type {Report[]} */
const byClip = [];
/** @type {Report[]} */
const bySpeaker = [];
for (const seed of SEEDS) {
  paperReports.push(
    await reportOf([
      ...['--config', path.join(root, 'experiments', 'paper.yaml')],
      ...['--set', `train.seed=${seed}`, '--set', `train-authors.seed=${seed}`],
    ]),
  );
}
for (const seed of SEEDS) byClip.push(await reportOf(defaults(seed, 'clip')));
for (const seed of SEEDS) bySpeaker.push(await reportOf(defaults(seed, 'speaker')));

const paperRows = rowsOf(paperReports);
const splitRows = [...rowsOf(byClip), ...rowsOf(bySpeaker)];
const [{ paper, corpus }] = /** @type {[Report]} */ (paperReports);
const markdown = [paperTable(paperRows, paper), paperNotes(paper), splitTable(splitRows)].join(
  '\n\n',
);
writeResults(
  options,
  'paper',
  { corpus: corpus.name, paper, paperYaml: paperRows, pipelineYaml: splitRows },
  markdown,
);

/** @param {number} seed @param {string} by */
function defaults(seed, by) {
  return [
    ...['--config', path.join(root, 'pipeline.yaml')],
    ...['--set', `train.seed=${seed}`, '--set', `split.by=${by}`],
  ];
}

/** @param {readonly string[]} words @returns {Promise<Report>} */
async function reportOf(words) {
  const { corpus, artifacts, set } = options;
  const also = set.flatMap((parameter) => ['--set', parameter]);
  await ended(startPipeline([...words, ...also, '--corpus', corpus, '--artifacts', artifacts]));
  return JSON.parse(fs.readFileSync(path.join(artifacts, 'report', 'report.json'), 'utf8'));
}

/**
 * One row for each trained network, sorted by attention and seed, and one for each baseline: it hears
 * no seed, so it is the same in every run.
 *
 * @param {readonly Report[]} reports
 * @returns {Row[]}
 */
function rowsOf(reports) {
  const networks = reports.flatMap((report) =>
    report.evaluations.flatMap((evaluation) => {
      const stage = report.stages.find(({ name }) => name === evaluation.train);
      if (stage === undefined) throw new Error(`no stage ${evaluation.train} in report.json`);
      const { seed, standardise } = /** @type {{ seed: number, standardise: string }} */ (
        stage.params
      );
      const { attention, models } = evaluation;
      return models
        .filter(({ model }) => model === 'network')
        .map((scores) => rowOf(scores, { seed, attention, standardise, by: report.split.by }));
    }),
  );
  const order = ['equations', 'authors'];
  networks.sort(
    (a, b) =>
      order.indexOf(a.attention) - order.indexOf(b.attention) || Number(a.seed) - Number(b.seed),
  );
  const [first] = reports;
  const baselines = (first?.evaluations[0]?.models ?? [])
    .filter(({ model }) => model !== 'network')
    .map((scores) =>
      rowOf(scores, { seed: null, attention: '', standardise: '', by: first?.split.by ?? '' }),
    );
  return [...networks, ...baselines];
}

/**
 * @param {ModelScores} scores
 * @param {Pick<Row, 'seed' | 'attention' | 'standardise' | 'by'>} facts
 * @returns {Row}
 */
function rowOf({ model, pooled, meanOverFolds, folds }, facts) {
  const { wa, uar, uarLow, uarHigh } = pooled;
  const shares = folds.map((fold) => ({
    fold: fold.fold,
    wa: fold.wa,
    uar: fold.uar,
    largestShare: largestShare(fold),
  }));
  const collapsed = folds.filter((fold) => fold.collapsed).map(({ fold }) => fold);
  return {
    model,
    ...facts,
    pooled: { wa, uar, uarLow, uarHigh },
    meanOverFolds: { wa: meanOverFolds.wa, uar: meanOverFolds.uar },
    folds: shares,
    collapsed,
    nearlyCollapsed: shares
      .filter(({ fold, largestShare }) => largestShare >= NEARLY && !collapsed.includes(fold))
      .map(({ fold }) => fold),
  };
}

/** The share of the predictions that the most frequent one has. @param {Score} score */
function largestShare({ confusion, clips }) {
  const classes = Math.sqrt(confusion.length);
  const predicted = Array.from({ length: classes }, (_, label) =>
    confusion.reduce((sum, count, cell) => sum + (cell % classes === label ? count : 0), 0),
  );
  return Math.max(...predicted) / clips;
}

/** @param {readonly Row[]} rows @param {Report['paper']} paper */
function paperTable(rows, paper) {
  const folds = rows[0]?.folds.map(({ fold }) => fold) ?? [];
  const known = folds.map((fold) => paper.collapsed.find((other) => other.fold === fold));
  return markdownTable(
    ['trained', ...folds.map((fold) => `>fold ${fold}`), '>mean of folds', '>pooled', 'collapsed'],
    [
      ...rows.map((row) => [
        rowName(row),
        ...row.folds.map(pair),
        pair(row.meanOverFolds),
        pair(row.pooled),
        collapsedWords(row),
      ]),
      [
        `the paper's ${paper.figure}`,
        ...known.map((fold) => (fold === undefined ? '–' : pair(fold))),
        pair(paper),
        '–',
        paper.collapsed.map(({ fold }) => fold).join(', '),
      ],
    ],
  );
}

/** @param {Report['paper']} paper */
function paperNotes(paper) {
  return (
    'Each cell: WA / UAR in %. Collapsed: every prediction of the fold is the same class; in brackets the ' +
    'folds that are nearly so (one class gets at least 90 of 102 predictions). Baselines use no seed. ' +
    `Of ${paper.figure} the means and the two collapsed folds are known.`
  );
}

/** @param {readonly Row[]} rows */
function splitTable(rows) {
  const words = { clip: 'by clip, speakers shared', speaker: 'by speaker, none shared' };
  const table = markdownTable(
    ['folds', 'model', '>WA', '>UAR', '95 % interval'],
    rows.map((row) => [
      words[/** @type {keyof typeof words} */ (row.by)],
      row.model === 'network' ? `network, seed ${row.seed}` : row.model,
      percent(row.pooled.wa),
      percent(row.pooled.uar),
      row.model === 'majority'
        ? '–'
        : `${percent(row.pooled.uarLow)} to ${percent(row.pooled.uarHigh)}`,
    ]),
  );
  return `And \`pipeline.yaml\` as it stands (Hamming window, shuffled, seeded folds), all test clips pooled, WA and UAR in %:\n\n${table}`;
}

/** @param {Row} row */
function rowName({ model, seed, attention, standardise }) {
  if (model !== 'network') return `${model} baseline`;
  const input = standardise === 'none' ? 'raw dB' : 'standardised';
  return `${attention}, ${input}, seed ${seed}`;
}

/** @param {Row} row */
function collapsedWords({ model, collapsed, nearlyCollapsed }) {
  if (model === 'majority') return 'by nature';
  const near = nearlyCollapsed.length === 0 ? '' : ` (${nearlyCollapsed.join(', ')})`;
  return collapsed.length === 0 && near === ''
    ? 'none'
    : `${collapsed.join(', ') || 'none'}${near}`;
}

/** @param {{ wa: number, uar: number }} score */
function pair({ wa, uar }) {
  return `${percent(wa)} / ${percent(uar)}`;
}

/** @param {number} share */
function percent(share) {
  return (100 * share).toFixed(1);
}

// @ts-check
import { markdownTable } from '../command-line.mjs';
import { phases } from './features.mjs';
import { machineInWords } from './machine.mjs';
import { networks } from './networks.mjs';
import { summary } from './summary.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 * @typedef {{ machine: import('./machine.mjs').Machine, quick: boolean }} Measured
 *
 * @typedef {object} Results what is known of each part, from this run or an earlier one
 * @property {Measured & import('./step.mjs').StepData} [step]
 * @property {Measured & import('./features.mjs').FeaturesData} [features]
 * @property {Measured & import('./paper-run.mjs').PaperData} [paper]
 * @property {Measured & import('./rerun.mjs').RerunData} [rerun]
 * @property {Measured & import('./jobs.mjs').JobsData} [jobs]
 * @property {Measured & import('./growth.mjs').GrowthData} [growth]
 */

/** All of it in Markdown. @param {Results} results */
export function tables(results) {
  const { step, features, paper, rerun, jobs, growth } = results;
  return [
    summary(results),
    ...(step === undefined ? [] : stepTables(step)),
    ...(features === undefined ? [] : featuresTable(features)),
    ...(paper === undefined || paper.rows.length === 0 ? [] : paperTable(paper)),
    ...(rerun === undefined ? [] : rerunTable(rerun)),
    ...(jobs === undefined ? [] : jobsTable(jobs)),
    ...(growth === undefined ? [] : growthTables(growth)),
    machines(results),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** @param {NonNullable<Results['step']>} step */
function stepTables({ rows, peak, versions, steps, skipped }) {
  const head = [
    'one thread',
    '>median',
    '>spread',
    '>GFLOP/s',
    '>of the peak',
    '>losses differ by',
  ];
  const tablesOf = Object.entries(networks).flatMap(([name, { words, flop }]) => {
    const own = rows.filter(({ network }) => network === name);
    if (own.length === 0) return [];
    const title = `A training step, ${words} (${(flop / 1e6).toFixed(0)} MFLOP):`;
    const cells = own.map(({ name: who, seconds, gflops, ofPeak, lossDifference }) => [
      who,
      ...timeCells(seconds),
      gflops.toFixed(gflops < 1 ? 3 : 1),
      `${(100 * ofPeak).toFixed(0)} %`,
      lossDifference === null ? '–' : lossDifference.toExponential(0),
    ]);
    return [title, markdownTable(head, cells)];
  });
  const note = [
    `The peak is ${peak.gflops.toFixed(1)} GFLOP/s: a WebAssembly SIMD loop of multiplications and additions with its sums in registers (the fastest of several: ${peak.block}).`,
    computedWords(rows, peak.gflops),
    versions === ''
      ? ''
      : `${versions}, its fused Adam; the two-dimensional network in channels-last order, which is the faster there.`,
    `Losses: largest relative difference from the backend cpu over ${steps} steps from the same weights.`,
  ];
  return [...tablesOf, [...note.filter((text) => text !== ''), ...skippedWords(skipped)].join(' ')];
}

/**
 * What a network's row says of the arithmetic, where fewer operations do the same.
 *
 * @param {NonNullable<Results['step']>['rows']} rows @param {number} peak GFLOP/s
 */
function computedWords(rows, peak) {
  const row = rows.find(({ network, name }) => network === 'hearing' && name === 'wasm');
  if (row?.computedFlop == null) return '';
  const done = (row.computedFlop / 1e6).toFixed(0);
  const share = ((100 * row.computedFlop) / row.seconds.median / 1e9 / peak).toFixed(0);
  return `GFLOP/s counts the operations of the sums that define a network, whoever computes them. The engine takes its convolutions of 3 x 3 in Winograd's tiles, with 16 multiplications instead of 36: for a step in two dimensions it computes ${done} MFLOP, which by themselves are ${share} % of the peak; the rest of the time goes into turning tiles, norms and pooling.`;
}

/** @param {NonNullable<Results['features']>} features */
function featuresTable({ rows, clips, sample, skipped }) {
  const corpus = sample ? 'the sample' : `RAVDESS, ${clips} clips`;
  return [
    `Decode, STFT and mel from nothing (${corpus}; whole commands, two cores):`,
    markdownTable(
      ['', '>median', '>spread', ...phases.map((phase) => `>${phase}`), '>a clip'],
      rows.map(({ name, seconds, phases: taken }) => [
        name,
        ...timeCells(seconds),
        ...phases.map((phase) => time(taken[phase])),
        clips === 0 ? '–' : time(seconds.median / clips),
      ]),
    ),
    [
      'The three columns are wall time inside the command; the rest is starting it. The result is on the disk in both cases (librosa: one file of the means; here: Arrow files of samples, spectra, mel bands and means).',
      ...skippedWords(skipped),
    ].join(' '),
  ];
}

/** @param {NonNullable<Results['paper']>} paper */
function paperTable({ rows, epochs, skipped }) {
  return [
    `The paper's experiment from nothing: 510 clips, both attentions, five folds each, ${epochs} epochs, report:`,
    markdownTable(
      ['', '>median', '>spread', 'of it, seconds'],
      rows.map(({ name, seconds, parts }) => [name, ...timeCells(seconds), parts]),
    ),
    ...skippedWords(skipped),
  ];
}

/** @param {NonNullable<Results['rerun']>} rerun */
function rerunTable({ nothing, lambda, ran, sample, skipped }) {
  const config = sample ? 'the sample' : 'RAVDESS, experiments/paper.yaml';
  return [
    `Again (${config}; whole commands):`,
    markdownTable(
      ['', '>median', '>spread'],
      [
        ['nothing to do', ...timeCells(nothing)],
        [`one changed lambda: ${ran.join(', ')}`, ...timeCells(lambda)],
      ],
    ),
    ...skippedWords(skipped),
  ];
}

/** @param {NonNullable<Results['jobs']>} jobs */
function jobsTable({ rows, arithmetic, skipped }) {
  return [
    'Two cores beside one, and two jobs beside one (whole commands; with --jobs 1, both cores are there for what V8 does beside; the last line two processes that only compute, in the same turns):',
    markdownTable(
      ['', '>one core', '>--jobs 1', '>--jobs 2', '>by one core', '>by one job'],
      [...rows, arithmetic].map(({ name, core, one, two, ratioOfCores, ratio }) => [
        name,
        core === undefined ? '-' : time(core.median),
        time(one.median),
        time(two.median),
        ratioOfCores === undefined ? '-' : `${ratioOfCores.toFixed(2)} x`,
        `${ratio.toFixed(2)} x`,
      ]),
    ),
    ...skippedWords(skipped),
  ];
}

/** @param {NonNullable<Results['growth']>} growth */
function growthTables({ clips, trained, files, epochs, skipped }) {
  return [
    'How it grows (whole commands; the peak is that of the process that held the most):',
    markdownTable(
      ['', '>time', '>for each', '>peak memory', 'held by'],
      [
        ...clips.map((row) => growthCells(row, 'file', 'decode to mel', files)),
        ...trained.map((row) => growthCells(row, 'epoch', 'train, five folds', epochs)),
      ],
    ),
    ...skippedWords(skipped),
  ];
}

/**
 * @param {import('./growth.mjs').GrowthRow} row
 * @param {string} unit @param {string} what @param {number} once
 */
function growthCells({ times, seconds, peakMb, peakOf }, unit, what, once) {
  const count = times * once;
  return [
    `${what}, ${count.toLocaleString('en')} ${unit}s`,
    time(seconds),
    time(seconds / count),
    peakMb === null ? '–' : `${peakMb.toFixed(0)} MB`,
    peakOf,
  ];
}

/** The machine; for each part, where the parts were measured on several or at several times. @param {Results} results */
function machines(results) {
  const parts = Object.entries(results).map(([part, { machine, quick }]) => ({
    part,
    words: `${machineInWords(machine)}${quick ? '; **with --quick**' : ''}`,
  }));
  const [first] = parts;
  if (first === undefined) return 'Nothing was measured.';
  if (parts.every(({ words }) => words === first.words)) return `${first.words}.`;
  return parts.map(({ part, words }) => `- ${part}: ${words}`).join('\n');
}

/** @param {readonly string[]} skipped */
function skippedWords(skipped) {
  return skipped.map((what) => `Skipped: ${what}.`);
}

/** @param {Spread} spread */
function timeCells({ median, min, max }) {
  return [time(median), `${time(min)} to ${time(max)}`];
}

/** Three digits and a unit that fits. @param {number} seconds */
export function time(seconds) {
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  if (seconds >= 1e-3) return `${(1e3 * seconds).toPrecision(3)} ms`;
  return `${(1e6 * seconds).toPrecision(3)} µs`;
}

// @ts-check
import { markdownTable } from '../command-line.mjs';

/**
 * @typedef {import('./tables.mjs').Results} Results
 * @typedef {import('./growth.mjs').GrowthRow} GrowthRow
 * @typedef {{ what: string, wanted: string, got: string, reached: boolean }} Line
 */

/**
 * What was asked for, and what was measured, as ratios to peers in the same run.
 *
 * @param {Results} results
 * @returns {string} a table; empty where no ratio is known
 */
export function summary(results) {
  const lines = [
    ...stepLines(results),
    ...featuresLines(results),
    ...peerLine(
      results.paper,
      'the paper run from nothing: times as fast as librosa and Keras',
      10,
    ),
    ...jobsLines(results),
    ...growthLines(results),
  ];
  if (lines.length === 0) return '';
  return markdownTable(
    ['', '>wanted', '>measured', ''],
    lines.map(({ what, wanted, got, reached }) => [
      what,
      wanted,
      got,
      reached ? 'reached' : 'not reached',
    ]),
  );
}

/** @param {Results} results @returns {Line[]} */
function stepLines({ step }) {
  if (step === undefined) return [];
  const wanted = [
    { network: 'paper', words: "a step of the paper's network: of PyTorch's time", most: 0.35 },
    { network: 'hearing', words: "a step in two dimensions: of PyTorch's time", most: 3 },
  ];
  const lines = wanted.flatMap(({ network, words, most }) => {
    const rows = step.rows.filter((row) => row.network === network);
    const ours = rows.find(({ name, side }) => side === 'ours' && name === 'wasm');
    const peers = rows.filter(({ side }) => side === 'peer').map(({ seconds }) => seconds.median);
    if (ours === undefined || peers.length === 0) return [];
    const ratio = ours.seconds.median / Math.min(...peers);
    return [{ what: words, wanted: `<= ${most}`, got: ratio.toFixed(2), reached: ratio <= most }];
  });
  const hearing = step.rows.find(({ network, name }) => network === 'hearing' && name === 'wasm');
  if (hearing === undefined) return lines;
  const share = `${(100 * hearing.ofPeak).toFixed(0)} %`;
  const reached = hearing.ofPeak >= 0.6;
  return [
    ...lines,
    { what: 'a step in two dimensions: of the peak', wanted: '>= 60 %', got: share, reached },
  ];
}

/** A line for each resampler of the peer: they are different work. @param {Results} results @returns {Line[]} */
function featuresLines({ features }) {
  const ours = features?.rows.filter(({ side }) => side === 'ours') ?? [];
  const peers = features?.rows.filter(({ side }) => side === 'peer') ?? [];
  return peers.flatMap((peer) =>
    peerLine({ rows: [...ours, peer] }, `decode, STFT and mel: times as fast as ${peer.name}`, 3),
  );
}

/**
 * @param {{ rows: readonly { side: string, seconds: { median: number } }[] } | undefined} part
 * @param {string} what
 * @param {number} least
 * @returns {Line[]}
 */
function peerLine(part, what, least) {
  const ours = part?.rows.find(({ side }) => side === 'ours');
  const peers = (part?.rows ?? []).filter(({ side }) => side === 'peer');
  if (ours === undefined || peers.length === 0) return [];
  // Its better figure, where it has several.
  const ratio = Math.min(...peers.map(({ seconds }) => seconds.median)) / ours.seconds.median;
  return [{ what, wanted: `>= ${least}`, got: ratio.toFixed(1), reached: ratio >= least }];
}

/** @param {Results} results @returns {Line[]} */
function jobsLines({ jobs }) {
  const line = (/** @type {string} */ what, /** @type {number} */ ratio) => ({
    ...{ what, wanted: '>= 1.8', got: ratio.toFixed(2), reached: ratio >= 1.8 },
  });
  return (jobs?.rows ?? []).flatMap(({ name, ratioOfCores, ratio }) => [
    ...(ratioOfCores === undefined
      ? []
      : [line(`${name}: throughput of two cores by that of one`, ratioOfCores)]),
    line(`${name}: throughput of two jobs by that of one job, which has both cores too`, ratio),
  ]);
}

/** @param {Results} results @returns {Line[]} */
function growthLines({ growth }) {
  if (growth === undefined) return [];
  const { clips, trained } = growth;
  const seconds = (/** @type {GrowthRow} */ row) => row.seconds;
  const all = [
    { what: 'time with four times the clips', rows: clips, most: 4.4, of: seconds },
    { what: 'time with four times the epochs', rows: trained, most: 4.4, of: seconds },
    {
      ...{ what: 'peak memory with four times the clips', rows: clips, most: 1.25 },
      of: (/** @type {GrowthRow} */ row) => row.peakMb ?? Number.NaN,
    },
  ];
  return all.flatMap(({ what, rows, most, of }) => {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const ratio = of(last) / of(first);
    if (Number.isNaN(ratio)) return [];
    return [{ what, wanted: `<= ${most}`, got: ratio.toFixed(2), reached: ratio <= most }];
  });
}

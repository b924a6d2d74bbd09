// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { bundle } from '../../lib/pipeline/bundle.mjs';
import { root } from '../command-line.mjs';
import { networks } from './networks.mjs';
import { peers, peersPython } from './python.mjs';
import { tensorflowPlace } from './tfjs-node.mjs';
import { inTurns } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Contestant} Contestant
 * @typedef {import('./turns.mjs').Outcome} Outcome
 * @typedef {import('./turns.mjs').Spread} Spread
 * @typedef {keyof typeof networks} Network
 *
 * @typedef {object} StepRow
 * @property {Network} network
 * @property {string} name
 * @property {'ours' | 'peer'} side
 * @property {Spread} seconds for one step
 * @property {number} gflops
 * @property {number} ofPeak
 * @property {number | null} computedFlop floating-point operations that it computes for them, where it says so
 * @property {number | null} lossDifference largest relative difference from the reference's losses
 *
 * @typedef {object} StepData
 * @property {{ block: string, gflops: number }} peak
 * @property {readonly StepRow[]} rows
 * @property {string} versions
 * @property {number} steps over which losses were compared
 * @property {readonly string[]} skipped
 */

/** Rows x columns of the sums that the peak's loops keep in registers. */
const BLOCKS = [
  [4, 2],
  [6, 2],
  [2, 4],
];

const peakFile = path.join(import.meta.dirname, 'peak-worker.mjs');

/** What losses are held against: TF.js's plain JavaScript, the simplest code of all. */
const REFERENCE = 'paper: cpu';

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<StepData>} */
export async function measureSteps({ quick, cache }) {
  const turns = quick ? 3 : 9;
  const steps = quick ? 20 : 200;
  const python = peersPython(cache);
  /** @type {string[]} */
  const skipped = [];
  const ours = await ourContestants(steps);
  if ('skipped' in python) {
    skipped.push(`PyTorch: ${python.skipped}`);
    skipped.push('tensorflow: needs the library of the tensorflow-cpu wheel');
  } else {
    const place = tensorflowPlace(cache, python.python);
    if ('skipped' in place) skipped.push(`tensorflow: ${place.skipped}`);
    else ours.push(...(await tensorflowContestants(place.folder, steps)));
  }
  const theirs = 'skipped' in python ? [] : torchContestants(python.python);
  const everyone = [...ours, ...theirs];
  const outcomes = await inTurns(
    everyone.map(({ contestant }) => contestant),
    turns,
  );
  for (const outcome of outcomes) {
    if ('failed' in outcome) skipped.push(`${outcome.name}: ${outcome.failed}`);
  }
  const peak = bestPeak(outcomes);
  const losses = lossesOf(outcomes);
  const rows = everyone.flatMap(({ contestant: { name }, network, label, side }) => {
    const outcome = outcomes.find((each) => each.name === name);
    if (network === undefined || outcome === undefined || 'failed' in outcome) return [];
    const { flop = networks[network].flop, computedFlop } = outcome.facts;
    const gflops = Number(flop) / outcome.seconds.median / 1e9;
    const reference = losses.get(REFERENCE);
    const own = losses.get(name);
    return [
      {
        ...{ network, name: label, side, seconds: outcome.seconds },
        ...{ gflops, ofPeak: gflops / peak.gflops },
        computedFlop: typeof computedFlop === 'number' ? computedFlop : null,
        lossDifference:
          reference === undefined || own === undefined || name === REFERENCE
            ? null
            : largestDifference(own, reference),
      },
    ];
  });
  return { peak, rows, versions: versionsOf(outcomes), steps, skipped };
}

/**
 * @typedef {object} Entry
 * @property {Contestant} contestant
 * @property {string} label
 * @property {Network} [network]
 * @property {'ours' | 'peer'} side
 */

/** @param {number} steps @returns {Promise<Entry[]>} */
async function ourContestants(steps) {
  const paper = await bundled('step-worker');
  const engine = await bundled('engine-worker');
  const onTfjs = await bundled('hearing-tfjs');
  return [
    ourEntry('paper', 'wasm', [paper, 'wasm', String(steps)]),
    ourEntry('paper', 'tfjs-wasm', [paper, 'tfjs-wasm', String(steps)]),
    ourEntry('paper', 'cpu', [paper, 'cpu', String(steps)]),
    ourEntry('paper', 'wasm: the step without the choice of clips', [engine, 'paper step']),
    ourEntry('paper', 'wasm: forward alone', [engine, 'paper forward']),
    ourEntry('paper', 'wasm: the forward products alone', [engine, 'paper products']),
    ourEntry('hearing', 'wasm', [engine, 'hearing step']),
    ourEntry('hearing', 'wasm: forward alone', [engine, 'hearing forward']),
    ourEntry('hearing', 'tfjs-wasm', [onTfjs, 'tfjs-wasm']),
    peakEntry("the engine's own", [engine, 'peak']),
    ...BLOCKS.map(([rows = 0, vectors = 0]) =>
      peakEntry(`${rows} x ${4 * vectors}`, [peakFile, String(rows), String(vectors)]),
    ),
  ];
}

/** @param {string} name of a module beside this one @returns {Promise<string>} its bundle */
async function bundled(name) {
  const { file } = await bundle({ root, entry: `bench/speed/${name}.ts`, part: 'all' });
  return file;
}

/**
 * The same code, run where the TF.js packages are found beside a tfjs-node that loads.
 *
 * @param {string} folder @param {number} steps @returns {Promise<Entry[]>}
 */
async function tensorflowContestants(folder, steps) {
  /** @param {string} name */
  const placed = async (name) => {
    const file = await bundled(name);
    if (folder === root) return file;
    const there = path.join(folder, `${name}.mjs`);
    fs.copyFileSync(file, there);
    return there;
  };
  const oneThread = {
    OMP_NUM_THREADS: '1',
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: '1',
  };
  return [
    ourEntry('paper', 'tensorflow', [await placed('step-worker'), 'tensorflow', String(steps)]),
    ourEntry('hearing', 'tensorflow', [await placed('hearing-tfjs'), 'tensorflow']),
  ].map((entry) => ({ ...entry, contestant: { ...entry.contestant, environment: oneThread } }));
}

/** @param {Network} network @param {string} label @param {readonly string[]} words @returns {Entry} */
function ourEntry(network, label, words) {
  const command = [process.execPath, ...words];
  return { network, label, side: 'ours', contestant: { name: `${network}: ${label}`, command } };
}

/** @param {string} label @param {readonly string[]} words @returns {Entry} */
function peakEntry(label, words) {
  return {
    label,
    side: 'ours',
    contestant: { name: label, command: [process.execPath, ...words] },
  };
}

/** @param {string} python @returns {Entry[]} */
function torchContestants(python) {
  const script = path.join(peers, 'step_torch.py');
  /** @type {[Network, string[], string][]} */
  const all = [
    ['paper', ['eager'], 'PyTorch eager'],
    ['paper', ['compiled'], 'PyTorch torch.compile'],
    ['hearing', ['eager', 'channels-last'], 'PyTorch eager'],
    ['hearing', ['compiled', 'channels-last'], 'PyTorch torch.compile'],
  ];
  return all.map(([network, words, label]) => ({
    ...{ label, network, side: 'peer' },
    contestant: { name: `${network}: ${label}`, command: [python, script, network, ...words] },
  }));
}

/** @param {readonly Outcome[]} outcomes */
function bestPeak(outcomes) {
  const reached = outcomes.flatMap((outcome) =>
    'seconds' in outcome && typeof outcome.facts['peakFlop'] === 'number'
      ? [{ block: outcome.name, gflops: outcome.facts['peakFlop'] / outcome.seconds.median / 1e9 }]
      : [],
  );
  const [best] = reached.toSorted((a, b) => b.gflops - a.gflops);
  if (best === undefined) throw new Error('none of the loops for the peak ran');
  return best;
}

/** @param {readonly Outcome[]} outcomes @returns {Map<string, readonly number[]>} */
function lossesOf(outcomes) {
  return new Map(
    outcomes.flatMap((outcome) =>
      'facts' in outcome && Array.isArray(outcome.facts['losses'])
        ? [[outcome.name, /** @type {number[]} */ (outcome.facts['losses'])]]
        : [],
    ),
  );
}

/** @param {readonly number[]} own @param {readonly number[]} reference */
function largestDifference(own, reference) {
  return Math.max(...own.map((loss, n) => Math.abs(loss / (reference[n] ?? Number.NaN) - 1)));
}

/** @param {readonly Outcome[]} outcomes */
function versionsOf(outcomes) {
  const torch = outcomes.find((outcome) => 'facts' in outcome && 'version' in outcome.facts);
  return torch !== undefined && 'facts' in torch ? `PyTorch ${String(torch.facts['version'])}` : '';
}

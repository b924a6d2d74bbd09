// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { pipeline, pipelineYaml, timed } from './pipeline.mjs';
import { peers, peersPython } from './python.mjs';
import { spread } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 *
 * @typedef {object} FeaturesRow
 * @property {string} name
 * @property {'ours' | 'peer'} side
 * @property {Spread} seconds the whole command, from nothing to features on the disk
 * @property {Record<Phase, number>} phases median seconds of wall time
 *
 * @typedef {'decode' | 'stft' | 'mel'} Phase
 *
 * @typedef {object} FeaturesData
 * @property {number} clips
 * @property {boolean} sample the sample was used for want of RAVDESS
 * @property {readonly FeaturesRow[]} rows
 * @property {readonly string[]} skipped
 */

/** @type {readonly Phase[]} */
export const phases = ['decode', 'stft', 'mel'];

/**
 * The resamplers of librosa that are measured: the authors' own, whose samples ours are but for
 * rounding, and today's default.
 */
const resamplers = [
  {
    resampler: 'kaiser_fast',
    name: "librosa, the authors' resampler (kaiser_fast), two processes",
  },
  { resampler: 'soxr_hq', name: "librosa, today's default (soxr_hq), two processes" },
];

/** Processes of the peer, a core each. */
const PROCESSES = 2;

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<FeaturesData>} */
export async function measureFeatures({ quick, cache, corpus, ravdess, scratch }) {
  const turns = quick ? 1 : 3;
  const python = peersPython(cache);
  /** @type {{ seconds: number, phases: Record<Phase, number> }[]} */
  const ours = [];
  /** @type {(typeof ours)[]} */
  const theirs = resamplers.map(() => []);
  let clips = 0;
  // A first turn of each is not counted: files come into the page cache, Python compiles its modules.
  for (let turn = 0; turn <= turns; turn += 1) {
    const own = await ourTurn(corpus, path.join(scratch, 'features'));
    if (turn > 0) ours.push(own);
    if ('skipped' in python) continue;
    for (const [index, { resampler }] of resamplers.entries()) {
      const out = path.join(scratch, 'features.npz');
      const peer = await librosaTurn(python.python, corpus, out, resampler);
      clips = peer.clips;
      if (turn > 0) theirs[index]?.push(peer);
    }
  }
  const skipped = 'skipped' in python ? [`librosa: ${python.skipped}`] : [];
  if (ravdess === undefined)
    skipped.push('RAVDESS: no --corpus or RAVDESS_DIR; the sample is used');
  return {
    clips,
    sample: ravdess === undefined,
    rows: [
      rowOf('this project', 'ours', ours),
      ...resamplers.flatMap(({ name }, index) => {
        const turns = theirs[index] ?? [];
        return turns.length === 0 ? [] : [rowOf(name, 'peer', turns)];
      }),
    ],
    skipped,
  };
}

/** @param {string} corpus @param {string} artifacts */
async function ourTurn(corpus, artifacts) {
  fs.rmSync(artifacts, { recursive: true, force: true });
  const { seconds, instances } = await pipeline([
    ...['mel', '--config', pipelineYaml, '--corpus', corpus, '--artifacts', artifacts],
    ...['--set', 'stft.window=hann'], // as librosa's default
  ]);
  fs.rmSync(artifacts, { recursive: true, force: true });
  const secondsOf = (/** @type {Phase} */ phase) =>
    instances.find(({ instance }) => instance === phase)?.seconds ?? Number.NaN;
  return { seconds, phases: ofPhases(secondsOf) };
}

/** @param {string} python @param {string} corpus @param {string} out @param {string} resampler */
async function librosaTurn(python, corpus, out, resampler) {
  const script = path.join(peers, 'features_librosa.py');
  const { seconds, text } = await timed([python, script, corpus, out, resampler]);
  /** @type {{ clips: number } & Record<Phase, number>} */
  const said = JSON.parse(text);
  return { seconds, clips: said.clips, phases: ofPhases((phase) => said[phase] / PROCESSES) };
}

/** @param {(phase: Phase) => number} seconds @returns {Record<Phase, number>} */
function ofPhases(seconds) {
  return { decode: seconds('decode'), stft: seconds('stft'), mel: seconds('mel') };
}

/**
 * @param {string} name
 * @param {'ours' | 'peer'} side
 * @param {readonly { seconds: number, phases: Record<Phase, number> }[]} turns
 * @returns {FeaturesRow}
 */
function rowOf(name, side, turns) {
  const median = (/** @type {Phase} */ phase) =>
    spread(turns.map((turn) => turn.phases[phase])).median;
  return {
    ...{ name, side, phases: ofPhases(median) },
    seconds: spread(turns.map(({ seconds }) => seconds)),
  };
}

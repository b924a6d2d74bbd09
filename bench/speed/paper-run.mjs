// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../command-line.mjs';
import { paperYaml, pipeline, timed } from './pipeline.mjs';
import { peers, peersPython } from './python.mjs';
import { spread } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 *
 * @typedef {object} PaperRow
 * @property {string} name
 * @property {'ours' | 'peer'} side
 * @property {Spread} seconds the whole command
 * @property {string} parts where the time went, in words
 *
 * @typedef {object} PaperData
 * @property {number} epochs
 * @property {readonly PaperRow[]} rows
 * @property {readonly string[]} skipped
 */

const EPOCHS = 200;

/**
 * How the peer's trainings share the cores: a process with a core each, or one process whose threads
 * TensorFlow spreads. The latter is measured once, in the first turn: it takes minutes.
 */
const SHARINGS = [
  { processes: 2, name: 'librosa and Keras, two processes', once: false },
  { processes: 1, name: 'librosa and Keras, trainings in one process', once: true },
];

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<PaperData>} */
export async function measurePaper({ quick, cache, ravdess, scratch }) {
  const epochs = quick ? 10 : EPOCHS;
  if (ravdess === undefined) {
    return {
      ...{ epochs, rows: [] },
      skipped: ['the paper run needs RAVDESS: no --corpus or RAVDESS_DIR'],
    };
  }
  const turns = quick ? 1 : 2;
  const python = peersPython(cache);
  const artifacts = path.join(scratch, 'paper');
  /** @type {{ seconds: number, parts: string }[]} */
  const ours = [];
  /** @type {(typeof ours)[]} */
  const theirs = SHARINGS.map(() => []);
  for (let turn = 0; turn < turns; turn += 1) {
    fs.rmSync(artifacts, { recursive: true, force: true });
    ours.push(await ourTurn(ravdess, artifacts, epochs));
    if ('skipped' in python) continue;
    for (const [n, { processes, once }] of SHARINGS.entries()) {
      if (once && turn > 0) continue;
      const out = path.join(scratch, 'keras');
      theirs[n]?.push(await kerasTurn(python.python, ravdess, out, { processes, epochs }));
    }
  }
  fs.rmSync(artifacts, { recursive: true, force: true });
  return {
    epochs,
    rows: [
      rowOf('this project, experiments/paper.yaml', 'ours', ours),
      ...SHARINGS.flatMap(({ name }, n) => {
        const taken = theirs[n] ?? [];
        return taken.length === 0 ? [] : [rowOf(name, 'peer', taken)];
      }),
    ],
    skipped: 'skipped' in python ? [`librosa and Keras: ${python.skipped}`] : [],
  };
}

/** @param {string} corpus @param {string} artifacts @param {number} epochs */
async function ourTurn(corpus, artifacts, epochs) {
  const { seconds, instances } = await pipeline([
    ...['--config', paperYaml, '--corpus', corpus, '--artifacts', artifacts],
    ...['--set', `train.epochs=${epochs}`, '--set', `train-authors.epochs=${epochs}`],
  ]);
  /** @type {Map<string, number>} */
  const stages = new Map();
  for (const { instance, seconds: taken = 0 } of instances) {
    const stage = instance.replace(/\[.*/, '');
    stages.set(stage, (stages.get(stage) ?? 0) + taken);
  }
  const parts = [...stages]
    .filter(([, taken]) => taken >= 0.05 * seconds)
    .map(([stage, taken]) => `${stage} ${taken.toFixed(1)}`);
  return { seconds, parts: `${parts.join(', ')} (a process's seconds)` };
}

/**
 * @param {string} python
 * @param {string} corpus
 * @param {string} out
 * @param {{ processes: number, epochs: number }} how
 */
async function kerasTurn(python, corpus, out, { processes, epochs }) {
  const { seconds, text } = await timed([
    ...[python, path.join(peers, 'paper_keras.py'), corpus],
    ...[path.join(root, 'experiments', 'folds.csv'), out, String(processes), String(epochs)],
  ]);
  /** @type {{ features: number, training: number, clips: number }} */
  const said = JSON.parse(text);
  return {
    seconds,
    parts: `features ${said.features.toFixed(1)}, training ${said.training.toFixed(1)}`,
  };
}

/**
 * @param {string} name @param {'ours' | 'peer'} side
 * @param {readonly { seconds: number, parts: string }[]} turns @returns {PaperRow}
 */
function rowOf(name, side, turns) {
  const seconds = spread(turns.map((turn) => turn.seconds));
  return { name, side, seconds, parts: turns.at(-1)?.parts ?? '' };
}

// @ts-check
/**
 * The graph that wireit and turbo build: decode -> stft -> mel, split, train, evaluate, report, each a
 * small Node script that notes when it ran in a file that no engine watches.
 */

/** @type {Readonly<Record<string, readonly string[]>>} what each stage reads */
export const needs = {
  decode: [],
  stft: ['decode'],
  mel: ['stft'],
  split: ['decode'],
  train: ['mel', 'split'],
  evaluate: ['train', 'split'],
  report: ['evaluate'],
};

/** What a stage's configuration lists beside its own script and parameters. */
const HARNESS = 'lib/stage.mjs';

/** Imported by mel alone: the helper module that a configuration lists or forgets. */
export const HELPER = 'lib/gain.mjs';

/** The files that a stage reads and that no other stage wrote. @param {string} stage @param {boolean} listHelper */
export function sourcesOf(stage, listHelper) {
  return [
    `stages/${stage}.mjs`,
    `parameters/${stage}.json`,
    HARNESS,
    ...(stage === 'decode' ? ['corpus/clips.csv'] : []),
    ...(stage === 'mel' && listHelper ? [HELPER] : []),
  ];
}

const stageModule = `
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export function stage(name, needs, compute) {
  fs.appendFileSync('executions.log', name + ' start\\n');
  const params = JSON.parse(fs.readFileSync('parameters/' + name + '.json', 'utf8'));
  const inputs = Object.fromEntries(needs.map((need) => [need, filesOf('out/' + need)]));
  const folder = 'out/' + name;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(compute({ params, inputs }))) {
    fs.writeFileSync(path.join(folder, file), bytes);
  }
  fs.appendFileSync('executions.log', name + ' end\\n');
}

export function digest(files) {
  const hash = createHash('sha256');
  for (const { bytes } of files) hash.update(bytes);
  return hash.digest('hex');
}

function filesOf(folder) {
  return fs.readdirSync(folder).sort().map((name) => ({
    name,
    bytes: fs.readFileSync(path.join(folder, name)),
  }));
}
`;

/** Spectra as real ones are: 32-bit floats, of which a compressor makes little. */
const stftModule = `
import { digest, stage } from '../lib/stage.mjs';

stage('stft', ['decode'], ({ params, inputs }) => {
  let state = parseInt(digest(inputs.decode).slice(0, 8), 16) ^ params.window;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const files = {};
  for (let n = 0; n < params.files; n += 1) {
    const power = Float32Array.from({ length: params.bytes / 4 }, next);
    files['clip-' + String(n).padStart(4, '0') + '.f32'] = Buffer.from(power.buffer);
  }
  return files;
});
`;

const melModule = `
import { GAIN } from '../lib/gain.mjs';
import { digest, stage } from '../lib/stage.mjs';

stage('mel', ['stft'], ({ params, inputs }) => {
  const text = [digest(inputs.stft), GAIN * params.bands].join(' ');
  return { 'mel.txt': text };
});
`;

/** @param {string} name */
function plainModule(name) {
  const inputs = needs[name] ?? [];
  return `
import { digest, stage } from '../lib/stage.mjs';

stage('${name}', ${JSON.stringify(inputs)}, ({ params, inputs }) => ({
  '${name}.txt': [params.seed, ...Object.values(inputs).map(digest)].join(' '),
}));
`;
}

/** @returns {Record<string, string>} path -> text */
export function toyFiles() {
  /** @type {Record<string, string>} */
  const files = {
    [HARNESS]: stageModule,
    [HELPER]: 'export const GAIN = 2;\n',
    'corpus/clips.csv': 'clip,speaker\nclip-1,1\nclip-2,2\n',
    '.gitignore': 'node_modules/\nout/\n.turbo/\n.wireit/\nexecutions.log\n',
  };
  for (const name of Object.keys(needs)) {
    files[`stages/${name}.mjs`] = plainModule(name);
    files[`parameters/${name}.json`] = JSON.stringify({ seed: 1 });
  }
  return {
    ...files,
    'stages/stft.mjs': stftModule,
    'stages/mel.mjs': melModule,
    'parameters/mel.json': JSON.stringify({ bands: 128 }),
  };
}

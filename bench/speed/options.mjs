// @ts-check
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../command-line.mjs';

/** Every part of the bench: name -> what it measures, in the order in which it runs. */
export const parts = {
  step: "a training step of the paper's network and of the two-dimensional one, beside PyTorch",
  features: 'decode, STFT and mel of the corpus, beside librosa in two processes',
  paper: 'the whole paper run from nothing, beside librosa and Keras',
  rerun: 'a run with nothing to do, and one after a changed lambda',
  jobs: 'trainings and a sweep with one job and with two',
  growth: 'time and peak memory with 1, 2 and 4 times the clips and the epochs',
};

/** @typedef {keyof typeof parts} Part */

/**
 * @typedef {object} SpeedOptions
 * @property {readonly Part[]} only the parts to measure
 * @property {boolean} quick fewer turns, shorter trainings: to see that all of it works
 * @property {string | undefined} ravdess folder of RAVDESS, absolute
 * @property {string} corpus RAVDESS, or else the sample
 * @property {string} results folder for the tables, absolute
 * @property {string} cache where the virtual environment and the bundles are kept, absolute
 * @property {string} scratch a folder that goes at the end
 */

const help = `npm run bench -- [options]

Measures each part beside its peers, in turns within one run, and writes bench/results/bench.json and
bench.md. What --only leaves out keeps its earlier figures there. Peers in Python need Python 3.10 or
newer and PyPI, once; without them their rows are skipped, and the bench says so.

  --only A,B      measure only these parts:
${Object.entries(parts)
  .map(([name, what]) => `                    ${name.padEnd(9)} ${what}`)
  .join('\n')}
  --corpus DIR    the folder of RAVDESS (default: RAVDESS_DIR); without it its rows are skipped, and
                  the sample that ships with the project serves where that makes sense
  --quick         fewer turns and shorter trainings; says so in the table
  --results DIR   where the tables go (default: bench/results)
  --cache DIR     where the virtual environment is kept (default: node_modules/.cache/emotion-bench)
  --help          this

Everything takes about 20 minutes on two quiet cores, and 9 GB of disk at most.`;

/** @param {readonly string[]} words @returns {SpeedOptions} ends the process where they are wrong */
export function speedOptions(words) {
  const values = parsed(words);
  if (values.help === true) {
    console.log(help);
    process.exit(0);
  }
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const named = values.corpus ?? process.env['RAVDESS_DIR'];
  const ravdess = named === undefined ? undefined : path.resolve(folder, named);
  if (ravdess !== undefined && !fs.existsSync(ravdess)) {
    refuse(`there is no folder ${ravdess}; name the one that holds RAVDESS's Actor_01 to Actor_24`);
  }
  return {
    only: partsOf(values.only),
    quick: values.quick === true,
    ravdess,
    corpus: ravdess ?? path.join(root, 'sample', 'corpus'),
    results: path.resolve(folder, values.results ?? path.join(root, 'bench', 'results')),
    cache: path.resolve(
      folder,
      values.cache ?? path.join(root, 'node_modules', '.cache', 'emotion-bench'),
    ),
    scratch: fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-bench-')),
  };
}

/** @param {readonly string[]} words */
function parsed(words) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        only: { type: 'string' },
        corpus: { type: 'string' },
        quick: { type: 'boolean' },
        results: { type: 'string' },
        cache: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string | undefined} only @returns {readonly Part[]} in the order of `parts` */
function partsOf(only) {
  const known = /** @type {Part[]} */ (Object.keys(parts));
  if (only === undefined) return known;
  const named = only.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !known.some((part) => part === name));
  if (unknown !== undefined) {
    refuse(`--only has no part "${unknown}"; the parts are ${known.join(', ')}`);
  }
  return known.filter((part) => named.includes(part));
}

/** @param {string} why @returns {never} */
function refuse(why) {
  console.error(`bench: ${why}\nnpm run bench -- --help tells all options.`);
  process.exit(2);
}

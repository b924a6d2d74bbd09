// @ts-check
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** What the benches share: their options, the real command line, Markdown tables. */

export const root = path.dirname(import.meta.dirname);

/**
 * @typedef {object} BenchOptions
 * @property {string} corpus folder of recordings, absolute
 * @property {string} artifacts where the runs keep their store, absolute
 * @property {string} results folder for the tables, absolute
 * @property {string[]} set parameters set on top of the bench's own: `train.epochs=2`
 */

/**
 * `--corpus DIR [--artifacts DIR] [--results DIR] [--set STAGE.KEY=VALUE]...`, relative to where npm was
 * called. A bench whose corpus is missing ends here with status 2.
 *
 * @param {string} name of the npm script
 * @returns {BenchOptions}
 */
export function benchOptions(name) {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      artifacts: { type: 'string' },
      results: { type: 'string' },
      set: { type: 'string', multiple: true },
    },
  });
  const { corpus, set = [] } = values;
  if (corpus === undefined) {
    console.error(`Name the recordings: npm run ${name} -- --corpus DIR`);
    process.exit(2);
  }
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  return {
    corpus: path.resolve(folder, corpus),
    // Under artifacts/, which git ignores, but with a store of its own: a bench leaves no traces in yours.
    artifacts: path.resolve(folder, values.artifacts ?? path.join(root, 'artifacts', 'bench')),
    results: path.resolve(folder, values.results ?? path.join(root, 'bench', 'results')),
    set,
  };
}

/**
 * Starts the pipeline as a user does. What it says goes to stderr.
 *
 * @param {readonly string[]} words behind `emotion pipeline`
 */
export function startPipeline(words) {
  const program = path.join(root, 'bin', 'emotion.cjs');
  return spawn(process.execPath, [program, 'pipeline', ...words], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>} rejected when it ends with another status than 0
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the pipeline ended with ${signal ?? `status ${code}`}`));
    });
  });
}

/**
 * @param {readonly string[]} head `>` before a word puts its column to the right
 * @param {readonly (readonly string[])[]} rows
 */
export function markdownTable(head, rows) {
  const words = head.map((word) => word.replace(/^>/, ''));
  const rule = head.map((word) => (word.startsWith('>') ? '--:' : ':--'));
  return [words, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Writes NAME.json and NAME.md.
 *
 * @param {Pick<BenchOptions, 'results'>} options
 * @param {string} name
 * @param {unknown} data
 * @param {string} markdown
 */
export function writeResults({ results }, name, data, markdown) {
  fs.mkdirSync(results, { recursive: true });
  fs.writeFileSync(path.join(results, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`);
  fs.writeFileSync(path.join(results, `${name}.md`), `${markdown}\n`);
  console.log(`\n${markdown}\n\n${path.join(results, `${name}.md`)}`);
}

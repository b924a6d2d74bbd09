// @ts-check
/**
 * Peak memory of each process over a whole run, and over a run on the corpus listed four times over:
 * what a process holds must not grow with the corpus. Linux only: the kernel's own high-water mark of
 * each process is read until it is gone.
 *
 *   npm run bench:memory -- --corpus DIR
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  benchOptions,
  ended,
  markdownTable,
  root,
  startPipeline,
  writeResults,
} from './command-line.mjs';
import { canWatchPeaks, watchPeaks } from './peaks.mjs';

const COPIES = 4;

/** Training holds the same at every epoch: what grows, grows within the first two. */
const EPOCHS = 2;

/** Of a process's 1 GB, as the issue has it. */
const LIMIT_MB = 1000;

const options = benchOptions('bench:memory');
if (!canWatchPeaks) {
  console.error('bench:memory reads /proc, which only Linux has.');
  process.exit(2);
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-memory-'));
try {
  const once = await peaksOf(options.corpus, path.join(folder, 'once'));
  const many = await peaksOf(copies(), path.join(folder, 'many'));
  // Of programs only those that ran both times: esbuild, say, is there only while a bundle is made.
  const rows = [...many.keys()]
    .filter((name) => once.has(name))
    .map((name) => ({
      process: name,
      onceMb: Math.round(once.get(name) ?? 0),
      manyMb: Math.round(many.get(name) ?? 0),
    }));
  writeResults(options, 'memory', { copies: COPIES, epochs: EPOCHS, peaks: rows }, words(rows));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** @returns the corpus four times over, as copies: links would change the files that others may be reading */
function copies() {
  const corpus = path.join(folder, 'corpus');
  for (let copy = 1; copy <= COPIES; copy += 1) {
    fs.cpSync(options.corpus, path.join(corpus, `copy-${copy}`), {
      recursive: true,
      mode: fs.constants.COPYFILE_FICLONE,
    });
  }
  const described = path.join(options.corpus, 'corpus.yaml');
  if (fs.existsSync(described)) fs.copyFileSync(described, path.join(corpus, 'corpus.yaml'));
  return corpus;
}

/**
 * Runs the whole pipeline with an empty store.
 *
 * @param {string} corpus
 * @param {string} artifacts
 * @returns {Promise<Map<string, number>>} program -> the largest peak among its processes, MB
 */
async function peaksOf(corpus, artifacts) {
  const set = ['decode.duplicates=allow', `train.epochs=${EPOCHS}`, ...options.set];
  const child = startPipeline([
    ...['--config', path.join(root, 'pipeline.yaml'), '--corpus', corpus],
    ...['--artifacts', artifacts],
    ...set.flatMap((parameter) => ['--set', parameter]),
  ]);
  const watch = watchPeaks(Number(child.pid));
  await ended(child);
  return watch.stop();
}

/** @param {readonly { process: string, onceMb: number, manyMb: number }[]} rows */
function words(rows) {
  const table = markdownTable(
    ['process', '>corpus once, MB', `>${COPIES} times over, MB`],
    rows.map(({ process: name, onceMb, manyMb }) => [name, onceMb.toFixed(0), manyMb.toFixed(0)]),
  );
  const most = Math.max(...rows.map(({ onceMb, manyMb }) => Math.max(onceMb, manyMb)));
  if (most > LIMIT_MB) process.exitCode = 1;
  return [
    table,
    `The most that one process held: ${most.toFixed(0)} MB of the ${LIMIT_MB} MB allowed. A worker runs one stage after another. decode, stft and mel hold a fixed number of clips at a time, whatever the corpus; the columns differ by how much garbage V8 lets pile up before it collects, and by the small tables (a few KB a clip) that the command line and the later stages hold whole.`,
  ].join('\n\n');
}

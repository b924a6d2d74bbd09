// @ts-check
/**
 * Peak memory of each process over a whole run, and over a run on the corpus listed four times over:
 * what a process holds must not grow with the corpus. Linux only: the kernel's own high-water mark of
 * each process (VmHWM) is read from /proc until the process is gone, since a worker is ended from
 * outside and has no last word.
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

const COPIES = 4;

/** Training holds the same at every epoch: what grows, grows within the first two. */
const EPOCHS = 2;

const POLL_MS = 10;

/** Of a process's 1 GB, as the issue has it. */
const LIMIT_MB = 1000;

/** @type {Map<string, string>} a worker's job file -> its stage */
const stages = new Map();

const options = benchOptions('bench:memory');
if (!fs.existsSync('/proc/self/status')) {
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
 * @returns {Promise<Map<string, number>>} stage or program -> the largest peak among its processes, MB
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

/**
 * Follows a process and all that come from it.
 *
 * @param {number} pid
 */
function watchPeaks(pid) {
  const alive = new Set([pid]);
  /** @type {Map<string, number>} */
  const peaks = new Map();
  const look = () => {
    for (const each of alive) {
      const name = each === pid ? 'command line' : nameOf(each);
      const peakMb = peakOf(each);
      if (peakMb === undefined) {
        alive.delete(each);
        continue;
      }
      // Between fork and exec a process shows its parent's memory: its name must be the same after the look.
      if (name !== undefined && (each === pid || name === nameOf(each))) {
        peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMb));
      }
      for (const child of childrenOf(each)) alive.add(child);
    }
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      return peaks;
    },
  };
}

/** MB, of 1,000,000 bytes; undefined once it is gone. @param {number} pid */
function peakOf(pid) {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return found === null ? undefined : (Number(found[1]) * 1024) / 1e6;
}

/** @param {number} pid */
function childrenOf(pid) {
  try {
    return fs
      .readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(' '))
      .filter((text) => text !== '')
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * A worker by its stage, whatever fold it works on; any other by its program; undefined where that is not
 * known (yet).
 *
 * @param {number} pid
 */
function nameOf(pid) {
  const [program = '', , last = ''] = read(`/proc/${pid}/cmdline`).split('\0');
  if (program === '') return undefined;
  if (path.basename(program) !== path.basename(process.execPath)) return path.basename(program);
  return path.basename(last) === 'job.json' ? stageOf(last) : undefined;
}

/** The job's file goes before its worker does, so it is remembered. @param {string} jobFile */
function stageOf(jobFile) {
  const known = stages.get(jobFile);
  if (known !== undefined) return known;
  const text = read(jobFile);
  if (text === '') return undefined;
  const stage = String(JSON.parse(text).instance).replace(/\[.*/, '');
  stages.set(jobFile, stage);
  return stage;
}

/** @param {string} file @returns its text; empty when it is gone */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
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
    `The most that one process held: ${most.toFixed(0)} MB of the ${LIMIT_MB} MB allowed. decode, stft and mel hold a fixed number of clips at a time, whatever the corpus; the columns differ by how much garbage V8 lets pile up before it collects, and by the small tables (a few KB a clip) that the command line and the later stages hold whole.`,
  ].join('\n\n');
}

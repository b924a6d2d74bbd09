// @ts-check
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run, said } from './processes.mjs';

/**
 * @typedef {import('./processes.mjs').Command} Command
 * @typedef {import('./processes.mjs').Ended} Ended
 * @typedef {object} Ran
 * @property {readonly (number | null)[]} statuses
 * @property {readonly string[]} executed stages (instances for ours) whose code ran, in order
 * @property {string} text
 * @property {number} seconds
 */

/**
 * What the damages need to know of an engine. Each works in a folder of its own, in which everything is
 * allowed.
 *
 * @typedef {object} Knowing
 * @property {string} name
 * @property {readonly string[]} state what the engine keeps and what it wrote: gone, it starts from nothing
 * @property {(target: string) => Command} command that a person would type to have a stage's results
 * @property {(target: string, count: number) => Promise<Ran>} runs starts `count` of them at once
 * @property {(input: number, many: boolean) => void} setInput another input of stft, 0 or 1; `many` asks for
 *   as many output files as the engine's stage can give
 * @property {(bands: number) => void} setBands another parameter of mel
 * @property {(stage: string) => readonly string[]} results files of a stage as its user finds them
 * @property {() => readonly string[]} cached files in which the result of stft for the present input is kept
 * @property {() => boolean} isWriting whether the result of stft is being written, or kept, right now
 * @property {() => void} clearLocks removes what only costs waiting after a kill, and is measured once
 *
 * @typedef {Folder & Knowing} Engine
 */

/** A project in a folder of its own. */
export class Folder {
  /** @type {string} */
  root;

  /** @param {string} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} file @param {string} text */
  write(file, text) {
    const full = path.join(this.root, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
  }

  /** @param {string} file @param {(text: string) => string} change @returns {() => void} undoes it */
  edit(file, change) {
    const full = path.join(this.root, file);
    const before = fs.readFileSync(full, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    fs.writeFileSync(full, after);
    return () => fs.writeFileSync(full, before);
  }

  /** As every project is: turbo asks git what changed. */
  async commit() {
    const git = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
      [...git, 'commit', '-q', '-m', 'all'],
    ]) {
      await said({ file: 'git', words, folder: this.root });
    }
  }
}

/** @param {readonly Command[]} commands started at once @returns {Promise<readonly Ended[]>} */
export function together(commands) {
  return Promise.all(commands.map(run));
}

/** @param {readonly Ended[]} all @param {readonly string[]} executed @returns {Ran} */
export function ranOf(all, executed) {
  return {
    statuses: all.map(({ status }) => status),
    executed,
    text: all.map(({ text }) => text).join('\n'),
    seconds: Math.max(...all.map(({ seconds }) => seconds)),
  };
}

/** A run that must succeed, and must execute nothing when so told. @param {Engine} engine @param {string} target @param {boolean} [idle] */
export async function settle(engine, target, idle = false) {
  const ran = await engine.runs(target, 1);
  const good = ran.statuses.every((status) => status === 0);
  if (!good || (idle && ran.executed.length > 0)) {
    throw new Error(`${engine.name} ${target}: ${JSON.stringify(ran.executed)}\n${ran.text}`);
  }
  return ran;
}

/** Of all bytes of a stage's results, and how many files there are. @param {Engine} engine @param {string} stage */
export function digest(engine, stage) {
  const hash = createHash('sha256');
  const files = engine.results(stage);
  for (const file of files) hash.update(`${path.basename(file)}\n`).update(fs.readFileSync(file));
  return { hash: hash.digest('hex'), files: files.length };
}

/** @param {Engine} engine */
export function reset({ root, state }) {
  for (const name of state) fs.rmSync(path.join(root, name), { recursive: true, force: true });
}

/** Keeps a copy of the engine's state outside its folder. @param {Engine} engine @param {string} name */
export function save({ root, state }, name) {
  for (const part of state) copy(root, `${root}-${name}`, part);
}

/** @param {Engine} engine @param {string} name of what was saved */
export function restore(engine, name) {
  reset(engine);
  for (const part of engine.state) copy(`${engine.root}-${name}`, engine.root, part);
}

/** @param {string} from @param {string} to @param {string} part */
function copy(from, to, part) {
  const source = path.join(from, part);
  const target = path.join(to, part);
  fs.rmSync(target, { recursive: true, force: true });
  if (fs.existsSync(source)) {
    fs.cpSync(source, target, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    });
  }
}

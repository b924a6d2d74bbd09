// @ts-check
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ended, run, said, start } from './processes.mjs';

/**
 * @typedef {import('./processes.mjs').Command} Command
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
 * @abstract
 */
export class Engine {
  /** @type {string} */
  root;

  /** @param {string} root */
  constructor(root) {
    this.root = root;
  }

  /** @abstract @returns {string} */
  get name() {
    throw new Error('abstract');
  }

  /** What the engine keeps and what it wrote: gone, it starts from nothing. @abstract @returns {readonly string[]} */
  get state() {
    throw new Error('abstract');
  }

  /** The command that a person would type. @abstract @param {string} _target a stage @returns {Command} */
  command(_target) {
    throw new Error('abstract');
  }

  /** @abstract @param {string} _target @param {number} _count how many at once @returns {Promise<Ran>} */
  runs(_target, _count) {
    throw new Error('abstract');
  }

  /** Another input for stft: 0 or 1. `many` asks for as many files as the engine's stage can give. @abstract @param {number} _input @param {boolean} _many @returns {void} */
  setInput(_input, _many) {
    throw new Error('abstract');
  }

  /** Another parameter for mel, never used before. @abstract @param {number} _bands @returns {void} */
  setBands(_bands) {
    throw new Error('abstract');
  }

  /** Files of the stage as its user finds them. @abstract @param {string} _stage @returns {readonly string[]} */
  results(_stage) {
    throw new Error('abstract');
  }

  /** Files in which the engine keeps the result of stft for the present input. @abstract @returns {readonly string[]} */
  cached() {
    throw new Error('abstract');
  }

  /** Whether stft's result is being written, or kept, right now. @abstract @returns {boolean} */
  isWriting() {
    throw new Error('abstract');
  }

  /** What only costs waiting after a kill, and is measured once. */
  clearLocks() {
    // Most have none.
  }

  /** @param {string} target */
  run(target) {
    return this.runs(target, 1);
  }

  /** @param {string} target */
  start(target) {
    return start(this.command(target));
  }

  /** @param {string} target @param {number} count */
  together(target, count) {
    return Promise.all(Array.from({ length: count }, () => ended(this.start(target))));
  }

  /** Of all bytes of a stage's results, and how many files there are. @param {string} stage */
  digest(stage) {
    const hash = createHash('sha256');
    const files = this.results(stage);
    for (const file of files) hash.update(`${path.basename(file)}\n`).update(fs.readFileSync(file));
    return { hash: hash.digest('hex'), files: files.length };
  }

  reset() {
    for (const name of this.state) {
      fs.rmSync(path.join(this.root, name), { recursive: true, force: true });
    }
  }

  /** @param {string} name of a snapshot of the engine's state, kept outside its folder */
  save(name) {
    for (const part of this.state) copy(this.root, `${this.root}-${name}`, part);
  }

  /** @param {string} name */
  restore(name) {
    this.reset();
    for (const part of this.state) copy(`${this.root}-${name}`, this.root, part);
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

  /** @param {string} file @param {string} text */
  write(file, text) {
    const full = path.join(this.root, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
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

  /** A run that must succeed, and must have executed nothing when so told. @param {string} target @param {boolean} [idle] */
  async settle(target, idle = false) {
    const ran = await this.run(target);
    const good = ran.statuses.every((status) => status === 0);
    if (!good || (idle && ran.executed.length > 0)) {
      throw new Error(`${this.name} ${target}: ${JSON.stringify(ran.executed)}\n${ran.text}`);
    }
    return ran;
  }

  /** @param {Command} command */
  async say(command) {
    return (await run(command)).text;
  }
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

// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { Folder, ranOf, together } from './engine.mjs';
import { filesUnder } from './toys.mjs';

/** @typedef {import('./processes.mjs').Command} Command */

const project = path.resolve(import.meta.dirname, '../..');

/** A copy of this project on two speakers of its sample, with a training short enough for a bench. */
export class Emotion extends Folder {
  name = 'this engine';

  state = ['artifacts'];

  async install() {
    for (const name of ['bin', 'lib', 'stages', 'package.json', 'tsconfig.json', 'pipeline.yaml']) {
      fs.cpSync(path.join(project, name), path.join(this.root, name), { recursive: true });
    }
    linkPackages(this.root);
    for (const name of ['Actor_01', 'Actor_02', 'corpus.yaml']) {
      const from = path.join(project, 'sample/corpus', name);
      fs.cpSync(from, path.join(this.root, 'corpus', name), { recursive: true });
    }
    this.#replace(/corpus: sample\/corpus/, 'corpus: corpus');
    this.#replace(/folds: \d+/, 'folds: 2');
    this.#replace(/epochs: \d+/, 'epochs: 2');
    this.#replace(/draws: \d+/, 'draws: 20');
    this.write('.gitignore', 'node_modules/\nartifacts/\n');
    await this.commit();
  }

  /** @param {string} target @returns {Command} */
  command(target) {
    return this.direct(['pipeline', target, '--json']);
  }

  /** @param {readonly string[]} words @returns {Command} */
  direct(words) {
    const file = path.join(this.root, 'bin/emotion.cjs');
    return { file: process.execPath, words: [file, ...words], folder: this.root };
  }

  /** @param {string} target @param {number} count */
  async runs(target, count) {
    const all = await together(Array.from({ length: count }, () => this.command(target)));
    const executed = all.flatMap(({ status, stdout }) => {
      if (status !== 0) return [];
      /** @type {{ instances: { instance: string, result: string }[] }} */
      const { instances } = JSON.parse(stdout);
      return instances.filter(({ result }) => result === 'ran').map(({ instance }) => instance);
    });
    return ranOf(all, executed);
  }

  /** Its stages write one file a table, so `many` makes no more of them. @param {number} input */
  setInput(input) {
    this.#replace(/window: \w+/, `window: ${input === 0 ? 'hamming' : 'blackman'}`);
  }

  /** @param {number} bands */
  setBands(bands) {
    this.#replace(/bands: \d+/, `bands: ${bands}`);
  }

  /** @param {string} stage */
  results(stage) {
    const folder = path.join(this.root, 'artifacts', stage);
    // run.json tells when it ran, so it is no result.
    return filesUnder(folder).filter((file) => path.basename(file) !== 'run.json');
  }

  clearLocks() {
    // A dead holder's are taken over at once.
  }

  cached() {
    return this.results('stft').map((file) => fs.realpathSync(file));
  }

  isWriting() {
    try {
      const files = filesUnder(path.join(this.root, 'artifacts/store/tmp'));
      return files.some((file) => file.includes('spectra'));
    } catch {
      // A folder went away while it was being listed.
      return false;
    }
  }

  /** In pipeline.yaml. @param {RegExp} pattern @param {string} text */
  #replace(pattern, text) {
    const before = fs.readFileSync(path.join(this.root, 'pipeline.yaml'), 'utf8');
    if (!pattern.test(before)) throw new Error(`pipeline.yaml has no ${String(pattern)}`);
    this.write('pipeline.yaml', before.replace(pattern, text));
  }
}

/** @param {string} root in which bundles then find the packages of this project */
function linkPackages(root) {
  const from = path.join(project, 'node_modules');
  const to = path.join(root, 'node_modules');
  fs.mkdirSync(to, { recursive: true });
  fs.copyFileSync(path.join(from, '.package-lock.json'), path.join(to, '.package-lock.json'));
  for (const name of fs.readdirSync(from)) {
    if (name.startsWith('.')) continue;
    fs.symlinkSync(path.join(from, name), path.join(to, name), 'junction');
  }
}

// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { Folder, ranOf, together } from './engine.mjs';
import { said } from './processes.mjs';
import { needs, sourcesOf, toyFiles } from './toy-files.mjs';

/** @typedef {import('./processes.mjs').Command} Command */

/** Files of stft, and bytes of each: few for most damages, many for a kill. */
const FEW = { files: 20, bytes: 20_000 };
const MANY = { files: 1500, bytes: 2000 };

/** The toy project, which an engine from npm builds. */
class Toy extends Folder {
  /** @type {string} of the engine, as installed */
  version = '';

  /** @param {string} name of the package, installed at its newest version */
  async add(name) {
    for (const [file, text] of Object.entries(toyFiles())) this.write(file, text);
    this.setInput(0, false);
    const words = ['install', '--save-dev', '--save-exact', '--no-audit', '--no-fund', name];
    await said({ file: 'npm', words, folder: this.root });
    const lock = path.join(this.root, 'node_modules', name, 'package.json');
    this.version = String(JSON.parse(fs.readFileSync(lock, 'utf8')).version);
    await this.commit();
  }

  /** @param {readonly Command[]} commands started at once */
  async observe(commands) {
    const before = this.executions().length;
    const all = await together(commands);
    const started = this.executions()
      .slice(before)
      .filter((line) => line.endsWith(' start'));
    return ranOf(
      all,
      started.map((line) => line.replace(' start', '')),
    );
  }

  /** @param {number} input @param {boolean} many */
  setInput(input, many) {
    const size = many ? MANY : FEW;
    this.write('parameters/stft.json', JSON.stringify({ window: input + 1, ...size }));
  }

  /** @param {number} bands */
  setBands(bands) {
    this.write('parameters/mel.json', JSON.stringify({ bands }));
  }

  /** @param {string} stage */
  results(stage) {
    return filesUnder(path.join(this.root, 'out', stage));
  }

  executions() {
    const file = path.join(this.root, 'executions.log');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Keeps what npm wrote into package.json. @param {(manifest: Record<string, unknown>) => void} change */
  manifest(change) {
    const file = path.join(this.root, 'package.json');
    /** @type {Record<string, unknown>} */
    const manifest = fs.existsSync(file)
      ? JSON.parse(fs.readFileSync(file, 'utf8'))
      : { name: 'toy', version: '1.0.0', private: true, type: 'module' };
    change(manifest);
    this.write('package.json', JSON.stringify(manifest, null, 2));
  }
}

export class Wireit extends Toy {
  name = 'wireit';

  state = ['.wireit', 'out', 'executions.log'];

  async install() {
    this.configure('listed');
    await this.add('wireit');
  }

  /** @param {string} target @param {number} count */
  runs(target, count) {
    return this.observe(Array.from({ length: count }, () => this.command(target)));
  }

  /** @param {string} target @returns {Command} */
  command(target) {
    const environment = { WIREIT_LOGGER: 'simple' };
    return { file: 'npm', words: ['run', target], folder: this.root, environment };
  }

  /** @param {string} variant 'listed', 'unlisted', or 'no-cascade' with every input listed */
  configure(variant) {
    const cascade = variant !== 'no-cascade';
    const scripts = Object.entries(needs).map(([stage, before]) => [
      stage,
      {
        command: `node stages/${stage}.mjs`,
        dependencies: before.map((script) => (cascade ? script : { script, cascade })),
        files: [
          ...sourcesOf(stage, variant !== 'unlisted'),
          ...(cascade ? [] : before.map((script) => `out/${script}/**`)),
        ],
        output: [`out/${stage}/**`],
      },
    ]);
    this.manifest((manifest) => {
      manifest['scripts'] = {
        ...Object.fromEntries(Object.keys(needs).map((stage) => [stage, 'wireit'])),
        nothing: ':',
      };
      manifest['wireit'] = Object.fromEntries(scripts);
    });
  }

  cached() {
    return filesUnder(this.#cache);
  }

  isWriting() {
    return fs.existsSync(this.#cache);
  }

  clearLocks() {
    for (const stage of Object.keys(needs)) {
      const lock = path.join(this.root, '.wireit', hex(stage), 'lock.lock');
      fs.rmSync(lock, { recursive: true, force: true });
    }
  }

  /** Of stft. */
  get #cache() {
    return path.join(this.root, '.wireit', hex('stft'), 'cache');
  }
}

export class Turbo extends Toy {
  name = 'turbo';

  state = ['.turbo', 'out', 'executions.log'];

  async install() {
    this.configure('listed');
    await this.add('turbo');
  }

  /** @param {string} target @param {number} count */
  runs(target, count) {
    return this.observe(Array.from({ length: count }, () => this.command(target)));
  }

  /** @param {string} target @returns {Command} */
  command(target) {
    const file = path.join(this.root, 'node_modules', '.bin', 'turbo');
    return { file, words: ['run', target], folder: this.root };
  }

  /** @param {string} variant 'listed', 'unlisted', or 'defaults' without any `inputs` */
  configure(variant) {
    const tasks = Object.entries(needs).map(([stage, dependsOn]) => [
      stage,
      {
        dependsOn,
        ...(variant === 'defaults' ? {} : { inputs: sourcesOf(stage, variant === 'listed') }),
        outputs: [`out/${stage}/**`],
      },
    ]);
    this.write('turbo.json', JSON.stringify({ tasks: Object.fromEntries(tasks) }, null, 2));
    this.manifest((manifest) => {
      manifest['packageManager'] ??= 'npm@11.0.0';
      manifest['scripts'] = {
        ...Object.fromEntries(
          Object.keys(needs).map((stage) => [stage, `node stages/${stage}.mjs`]),
        ),
        build: 'turbo run report',
      };
    });
  }

  /** It packs the archive once the script has ended. */
  isWriting() {
    return this.executions().at(-1) === 'stft end';
  }

  clearLocks() {
    // It has none.
  }

  cached() {
    const archives = filesUnder(path.join(this.root, '.turbo', 'cache')).filter((file) =>
      file.endsWith('.tar.zst'),
    );
    // That of stft is by far the largest.
    const bySize = archives.sort((a, b) => fs.statSync(b).size - fs.statSync(a).size);
    return bySize.slice(0, 1);
  }
}

/** @param {string} folder @returns {string[]} sorted */
export function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** wireit names its folders so. @param {string} name */
function hex(name) {
  return Buffer.from(name).toString('hex');
}

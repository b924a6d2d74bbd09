// @ts-check
/**
 * The same damage done to this engine and to two from npm, wireit and turbo, each at its newest version
 * and with its default settings; and how long a run takes that has nothing to do.
 *
 *   npm run bench:engines [-- --results DIR]
 *
 * The two from npm build a graph of seven small stages; this engine runs a copy of this project, whose
 * graph has one stage more and two instances of train, on two speakers of the sample. Needs the registry
 * of npm, once, and git. Takes about four minutes. Kills and flips follow a seed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, writeResults } from './command-line.mjs';
import {
  flippedBytes,
  harmlessEdits,
  helperEdit,
  killsWhileCaching,
  ourPlaces,
  toyPlaces,
  twoAtOnce,
} from './engines/damage.mjs';
import { Emotion } from './engines/emotion.mjs';
import { run, said } from './engines/processes.mjs';
import { tables } from './engines/table.mjs';
import { timesOfNothing } from './engines/times.mjs';
import { Turbo, Wireit } from './engines/toys.mjs';
import { whyOfOurs, whyOfTurbo, whyOfWireit } from './engines/why.mjs';

/** @typedef {import('./engines/table.mjs').Found} Found */

const KILLS = 8;
const FLIPS = 6;
const ROUNDS = 10;

const { values } = parseArgs({ options: { results: { type: 'string' } } });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-engines-'));
try {
  await bench();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function bench() {
  const ours = new Emotion(path.join(folder, 'ours'));
  const wireit = new Wireit(path.join(folder, 'wireit'));
  const turbo = new Turbo(path.join(folder, 'turbo'));
  await ours.install();
  await wireit.install();
  await turbo.install();
  const machine = await aboutMachine();

  const times = await timesOfNothing({ ours, wireit, turbo }, ROUNDS);
  note('times');
  const found = [await damageOurs(ours), await damageWireit(wireit), await damageTurbo(turbo)];
  const results = path.resolve(
    process.env['INIT_CWD'] ?? process.cwd(),
    values.results ?? path.join(root, 'bench', 'results'),
  );
  const versions = found.map(({ name, version }) => `${name} ${version}`.trim()).slice(1);
  const footer = `${versions.join(', ')}, Node ${machine.node}, npm ${machine.npm}, ${machine.cores} cores (${machine.processor}), ${machine.system}. ${KILLS} kills and ${FLIPS} flips of each, at moments and places drawn from a seed; times are medians of ${ROUNDS}, the commands interleaved. The graph of wireit and turbo: decode, stft, mel, split, train, evaluate, report, with every script, parameter file and output declared; ours has baselines besides, and train twice. In the kill the stage of wireit and turbo writes 1,500 files, ours one of 33 MB.`;
  const markdown = `${tables(found, times)}\n\n${footer}`;
  writeResults({ results }, 'engines', { machine, times, engines: found }, markdown);
}

/** @param {Emotion} ours @returns {Promise<Found>} */
async function damageOurs(ours) {
  return noted({
    name: ours.name,
    version: '',
    harmless: { plain: await harmlessEdits(ours, ourPlaces) },
    helper: { plain: await helperEdit(ours, ourPlaces) },
    why: await whyOfOurs(ours),
    two: await twoAtOnce(ours, 2),
    flips: await flippedBytes(ours, FLIPS),
    kills: await killsWhileCaching(ours, KILLS),
  });
}

/** @param {Wireit} wireit @returns {Promise<Found>} */
async function damageWireit(wireit) {
  const harmless = await inEach(wireit, { plain: 'listed', 'no-cascade': 'no-cascade' }, () =>
    harmlessEdits(wireit, toyPlaces),
  );
  const helper = await inEach(wireit, { unlisted: 'unlisted', listed: 'listed' }, () =>
    helperEdit(wireit, toyPlaces),
  );
  return noted({
    name: wireit.name,
    version: wireit.version,
    harmless,
    helper,
    why: await whyOfWireit(wireit),
    two: await twoAtOnce(wireit, 2),
    flips: await flippedBytes(wireit, FLIPS),
    kills: await killsWhileCaching(wireit, KILLS),
  });
}

/** @param {Turbo} turbo @returns {Promise<Found>} */
async function damageTurbo(turbo) {
  const harmless = { plain: await harmlessEdits(turbo, toyPlaces) };
  const configurations = { unlisted: 'unlisted', defaults: 'defaults', listed: 'listed' };
  const helper = await inEach(turbo, configurations, () => helperEdit(turbo, toyPlaces));
  return noted({
    name: turbo.name,
    version: turbo.version,
    harmless,
    helper,
    why: await whyOfTurbo(turbo),
    two: await twoAtOnce(turbo, 2),
    flips: await flippedBytes(turbo, FLIPS),
    kills: await killsWhileCaching(turbo, KILLS),
  });
}

/**
 * The same damage in several configurations, of which the last stays: it must be 'listed'.
 *
 * @template T
 * @param {Wireit | Turbo} engine
 * @param {Record<string, string>} configurations by the name under which the outcome goes
 * @param {() => Promise<T>} damage
 */
async function inEach(engine, configurations, damage) {
  /** @type {Record<string, T>} */
  const outcomes = {};
  for (const [name, configuration] of Object.entries(configurations)) {
    engine.configure(configuration);
    outcomes[name] = await damage();
  }
  engine.configure('listed');
  return outcomes;
}

async function aboutMachine() {
  const npm = await said({ file: 'npm', words: ['--version'], folder });
  const git = await run({ file: 'git', words: ['--version'], folder });
  const [processor] = os.cpus();
  return {
    system: `${os.type()} ${os.arch()}`,
    processor: processor?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    loadAtStart: os.loadavg()[0],
    node: process.versions.node,
    npm,
    git: git.text.trim(),
  };
}

/** @param {Found} found */
function noted(found) {
  note(found.name);
  return found;
}

/** @param {string} text */
function note(text) {
  console.error(`${(performance.now() / 1000).toFixed(0)} s: ${text} done`);
}

// @ts-check
import fs from 'node:fs';
import { Random } from '../../sample/random.mjs';
import { digest, reset, restore, save, settle } from './engine.mjs';
import { ended, killGroup, pause, start } from './processes.mjs';
import { HELPER } from './toy-files.mjs';

/**
 * @typedef {import('./engine.mjs').Engine} Engine
 * @typedef {{ mel: string, from: string, to: string, helper: string, gain: string, newGains: readonly [string, string] }} Places
 */

/** Where an edit goes in the toys, and in this project. @type {Places} */
export const toyPlaces = {
  mel: 'stages/mel.mjs',
  from: 'const text =',
  to: 'const words = 1;\n  void words;\n  const text =',
  helper: HELPER,
  gain: 'GAIN = 2',
  newGains: ['GAIN = 3', 'GAIN = 4'],
};

/** @type {Places} */
export const ourPlaces = {
  mel: 'stages/mel.ts',
  from: 'there are no spectra',
  to: 'no spectra at all',
  helper: 'lib/dsp/mel.ts',
  gain: 'const area = 2 / (right - left);',
  newGains: ['const area = 2.5 / (right - left);', 'const area = 3 / (right - left);'],
};

/** What runs after an edit that must not matter, or whose outcome is the same. @param {Engine} engine @param {Places} places */
export async function harmlessEdits(engine, places) {
  await settle(engine, 'report');
  const undoComment = engine.edit(places.mel, (text) => `// A remark.\n${text}`);
  const comment = await settle(engine, 'report');
  undoComment();
  const before = digest(engine, 'mel').hash;
  const undo = engine.edit(places.mel, (text) => text.replace(places.from, places.to));
  const same = await settle(engine, 'report');
  if (digest(engine, 'mel').hash !== before) throw new Error('the output should be the same');
  undo();
  return { comment: comment.executed, same: same.executed };
}

/**
 * A helper that mel imports is edited so that numbers move.
 *
 * @param {Engine} engine
 * @param {Places} places
 */
export async function helperEdit(engine, places) {
  await settle(engine, 'report');
  const before = digest(engine, 'mel').hash;
  const undo = engine.edit(places.helper, (text) => text.replace(places.gain, places.newGains[0]));
  const { executed } = await settle(engine, 'report');
  const moved = digest(engine, 'mel').hash !== before;
  undo();
  return { executed, noticed: moved };
}

/**
 * Killed (the whole process group, by SIGKILL) while stft's result is kept, then another input, then
 * back to the input at which it was killed. The moments are spread over the time from when an undisturbed
 * command begins to keep the result to its end, each at a seeded place in its share.
 *
 * @param {Engine} engine
 * @param {number} kills
 */
export async function killsWhileCaching(engine, kills) {
  reset(engine);
  engine.setInput(0, true);
  await settle(engine, 'decode');
  save(engine, 'decoded');
  const undisturbed = start(engine.command('stft'));
  const end = ended(undisturbed);
  const began = await writing(engine, undisturbed);
  const { status } = await end;
  const window = performance.now() - began;
  if (status !== 0) throw new Error(`${engine.name}: an undisturbed run failed`);
  const whole = digest(engine, 'stft');
  const random = new Random('bench kills');
  const trials = [];
  for (let n = 0; n < kills; n += 1) {
    restore(engine, 'decoded');
    engine.setInput(0, true);
    const child = start(engine.command('stft'));
    const over = ended(child);
    await writing(engine, child);
    await pause(((n + random.uniform()) / kills) * window);
    killGroup(child);
    const killed = (await over).status === null;
    if (n > 0) engine.clearLocks();
    engine.setInput(1, false);
    const { seconds } = await settle(engine, 'stft');
    engine.setInput(0, true);
    const back = await engine.runs('stft', 1);
    const now = digest(engine, 'stft');
    trials.push({
      killed,
      secondsAfterKill: seconds,
      statuses: back.statuses,
      executed: back.executed.includes('stft'),
      files: now.files,
      whole: now.hash === whole.hash,
    });
  }
  engine.setInput(0, false);
  return { windowSeconds: window / 1000, files: whole.files, trials };
}

/**
 * @param {Engine} engine
 * @param {ReturnType<typeof start>} child
 * @returns {Promise<number>} when it began to write, or ended
 */
async function writing(engine, child) {
  while (child.exitCode === null && !engine.isWriting()) await pause(1);
  return performance.now();
}

/**
 * Three bytes of what the engine keeps of stft are overwritten; then another input, and back: to
 * stft alone, and then to mel with another parameter, so that mel must read it. The bytes lie in the
 * file's middle four fifths.
 *
 * @param {Engine} engine
 * @param {number} times
 */
export async function flippedBytes(engine, times) {
  reset(engine);
  engine.setInput(0, false);
  await settle(engine, 'mel');
  const whole = digest(engine, 'stft').hash;
  save(engine, 'mel');
  const random = new Random('bench flips');
  const trials = [];
  for (let n = 0; n < times; n += 1) {
    restore(engine, 'mel');
    engine.setInput(0, false);
    const kept = engine.cached();
    const file = kept[Math.floor(random.uniform() * kept.length)] ?? '';
    engine.setInput(1, false);
    await settle(engine, 'stft');
    flip(file, random);
    engine.setInput(0, false);
    engine.setBands(40 + n);
    const unread = await engine.runs('stft', 1);
    const wholeUnread = digest(engine, 'stft').hash === whole;
    const read = await engine.runs('mel', 1);
    trials.push({
      statuses: [...unread.statuses, ...read.statuses],
      executed: [...unread.executed, ...read.executed],
      wholeUnread,
      whole: digest(engine, 'stft').hash === whole,
      said: linesWith(/warn|error|damag|corrupt|invalid|checksum|fail/i, unread.text + read.text),
    });
    engine.setBands(128);
  }
  return trials;
}

/** @param {string} file @param {Random} random */
function flip(file, random) {
  fs.chmodSync(file, 0o644);
  const bytes = fs.readFileSync(file);
  for (let n = 0; n < 3; n += 1) {
    const at = Math.floor(bytes.length * (0.1 + 0.8 * random.uniform()));
    bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  }
  fs.writeFileSync(file, bytes);
}

/** Two runs started at once on nothing. @param {Engine} engine @param {number} rounds */
export async function twoAtOnce(engine, rounds) {
  reset(engine);
  await settle(engine, 'report');
  const alone = digest(engine, 'report').hash;
  const trials = [];
  for (let n = 0; n < rounds; n += 1) {
    reset(engine);
    const { statuses, executed, text } = await engine.runs('report', 2);
    trials.push({
      statuses,
      executions: count(executed),
      sameReport: digest(engine, 'report').hash === alone,
      said: linesWith(/wait/i, text),
    });
  }
  return trials;
}

/** @param {readonly string[]} names @returns {Record<string, number>} */
function count(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @param {RegExp} pattern @param {string} text */
export function linesWith(pattern, text) {
  return text.split('\n').filter((line) => pattern.test(line) && !line.includes('npm warn'));
}

// @ts-check
import fs from 'node:fs';
import { Random } from '../../sample/random.mjs';
import { ended, killGroup, pause } from './processes.mjs';
import { HELPER } from './toy-files.mjs';

/**
 * @typedef {import('./engine.mjs').Engine} Engine
 * @typedef {{ mel: string, from: string, to: string, helper: string, gain: string, newGain: string }} Places
 */

/** Where an edit goes in the toys, and in this project. @type {Places} */
export const toyPlaces = {
  mel: 'stages/mel.mjs',
  from: 'const text =',
  to: 'const words = 1;\n  void words;\n  const text =',
  helper: HELPER,
  gain: 'GAIN = 2',
  newGain: 'GAIN = 3',
};

/** @type {Places} */
export const ourPlaces = {
  mel: 'stages/mel.ts',
  from: 'there are no spectra',
  to: 'no spectra at all',
  helper: 'lib/dsp/mel.ts',
  gain: 'const area = 2 / (right - left);',
  newGain: 'const area = 2.5 / (right - left);',
};

/** What runs after an edit that must not matter, or whose outcome is the same. @param {Engine} engine @param {Places} places */
export async function harmlessEdits(engine, places) {
  await engine.settle('report');
  const undoComment = engine.edit(places.mel, (text) => `// A remark.\n${text}`);
  const comment = await engine.settle('report');
  undoComment();
  await engine.settle('report');
  const before = engine.digest('mel').hash;
  const undo = engine.edit(places.mel, (text) => text.replace(places.from, places.to));
  const same = await engine.settle('report');
  if (engine.digest('mel').hash !== before) throw new Error('the output should be the same');
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
  await engine.settle('report');
  const before = engine.digest('mel').hash;
  const undo = engine.edit(places.helper, (text) => text.replace(places.gain, places.newGain));
  const { executed } = await engine.settle('report');
  const moved = engine.digest('mel').hash !== before;
  undo();
  return { executed, noticed: moved };
}

/**
 * Killed (the whole process group, by SIGKILL) while stft's result is kept, then another input, then
 * back to the input at which it was killed. The moments are spread over the time from the result's
 * first byte on disk to the end of an undisturbed command, each at a seeded place in its share.
 *
 * @param {Engine} engine
 * @param {number} kills
 */
export async function killsWhileCaching(engine, kills) {
  engine.reset();
  engine.setInput(0, true);
  await engine.settle('decode');
  engine.save('decoded');
  const undisturbed = engine.start('stft');
  const ended1 = ended(undisturbed);
  const began = await writing(engine, ended1);
  const { status } = await ended1;
  const window = performance.now() - began;
  if (status !== 0) throw new Error(`${engine.name}: an undisturbed run failed`);
  const whole = engine.digest('stft');
  const random = new Random('bench kills');
  const trials = [];
  for (let n = 0; n < kills; n += 1) {
    engine.restore('decoded');
    engine.setInput(0, true);
    const child = engine.start('stft');
    const end = ended(child);
    await writing(engine, end);
    await pause(((n + random.uniform()) / kills) * window);
    killGroup(child);
    const killed = (await end).status === null;
    if (n > 0) engine.clearLocks();
    engine.setInput(1, false);
    const { seconds } = await engine.settle('stft');
    engine.setInput(0, true);
    const back = await engine.run('stft');
    const now = engine.digest('stft');
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

/** @param {Engine} engine @param {Promise<unknown>} end @returns {Promise<number>} when it began to write */
async function writing(engine, end) {
  let over = false;
  void end.finally(() => (over = true));
  while (!over && !engine.isWriting()) await pause(1);
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
  engine.reset();
  engine.setInput(0, false);
  await engine.settle('mel');
  const whole = engine.digest('stft').hash;
  engine.save('mel');
  const random = new Random('bench flips');
  const trials = [];
  for (let n = 0; n < times; n += 1) {
    engine.restore('mel');
    engine.setInput(0, false);
    const kept = engine.cached();
    const file = kept[Math.floor(random.uniform() * kept.length)] ?? '';
    engine.setInput(1, false);
    await engine.settle('stft');
    flip(file, random);
    engine.setInput(0, false);
    engine.setBands(40 + n);
    const unread = await engine.run('stft');
    const wholeUnread = engine.digest('stft').hash === whole;
    const read = await engine.run('mel');
    trials.push({
      statuses: [...unread.statuses, ...read.statuses],
      executed: [...unread.executed, ...read.executed],
      wholeUnread,
      whole: engine.digest('stft').hash === whole,
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
  engine.reset();
  await engine.settle('report');
  const alone = engine.digest('report').hash;
  const trials = [];
  for (let n = 0; n < rounds; n += 1) {
    engine.reset();
    const { statuses, executed, text } = await engine.runs('report', 2);
    trials.push({
      statuses,
      executions: count(executed),
      sameReport: engine.digest('report').hash === alone,
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

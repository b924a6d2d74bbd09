// @ts-check
import path from 'node:path';
import { emotion, paperYaml, pipeline } from './pipeline.mjs';
import { spread } from './turns.mjs';

/**
 * @typedef {import('./turns.mjs').Spread} Spread
 *
 * @typedef {object} RerunData
 * @property {Spread} nothing seconds of the whole command with nothing to do
 * @property {Spread} lambda seconds of the whole command after `train.lambda` changed, to the report
 * @property {readonly string[]} ran the stages that a changed lambda executed
 * @property {boolean} sample
 * @property {readonly string[]} skipped
 */

/** @param {import('./options.mjs').SpeedOptions} options @returns {Promise<RerunData>} */
export async function measureRerun({ quick, corpus, ravdess, scratch }) {
  const turns = quick ? 2 : 5;
  const base = [
    ...(ravdess === undefined ? [] : ['--config', paperYaml]),
    ...['--corpus', corpus, '--artifacts', path.join(scratch, 'rerun')],
    ...(quick ? ['--set', 'train.epochs=10'] : []),
    ...(quick && ravdess !== undefined ? ['--set', 'train-authors.epochs=10'] : []),
  ];
  await pipeline(base);
  /** @type {number[]} */
  const nothing = [];
  /** @type {number[]} */
  const lambda = [];
  /** @type {Set<string>} */
  const ran = new Set();
  for (let turn = 0; turn <= turns; turn += 1) {
    const changed = await pipeline([
      ...base,
      '--set',
      `train.lambda=${(0.3 + turn / 100).toFixed(2)}`,
    ]);
    for (const { instance, result } of changed.instances) {
      if (result === 'ran') ran.add(instance.replace(/\[.*/, ''));
    }
    // Back to what is there already: links and reports are put in place, nothing is computed.
    await pipeline(base);
    const again = await emotion(['pipeline', ...base, '--quiet']);
    const oncemore = await emotion(['pipeline', ...base, '--quiet']);
    if (turn === 0) continue; // the first is not counted
    lambda.push(changed.seconds);
    nothing.push(again.seconds, oncemore.seconds);
  }
  return {
    ...{ nothing: spread(nothing), lambda: spread(lambda), ran: [...ran] },
    sample: ravdess === undefined,
    skipped:
      ravdess === undefined ? ['RAVDESS: no --corpus or RAVDESS_DIR; the sample is used'] : [],
  };
}

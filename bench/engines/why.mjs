// @ts-check
import { linesWith, ourPlaces, toyPlaces } from './damage.mjs';
import { settle } from './engine.mjs';
import { run } from './processes.mjs';

/**
 * What each engine answers to "why will mel run?" after its helper was edited as never before, in its own words.
 *
 * @typedef {import('./times.mjs').Engines} Engines
 * @typedef {import('./table.mjs').Found['why']} Why
 */

/** @param {Engines['ours']} ours @returns {Promise<Why>} */
export async function whyOfOurs(ours) {
  const { text } = await afterEdit(ours, ourPlaces, () => run(ours.direct(['why', 'mel'])));
  const answer = text.split('\n').filter((line) => line !== '');
  return { question: '`why mel`', answer, ...judged(answer, ourPlaces.helper, true) };
}

/** @param {Engines['wireit']} wireit @returns {Promise<Why>} */
export async function whyOfWireit(wireit) {
  const { text } = await afterEdit(wireit, toyPlaces, () => run(wireit.command('mel')));
  const answer = linesWith(/\[mel\]/, text);
  return {
    question: 'no command of its own; `npm run mel` with its most talkative logger',
    answer,
    ...judged(answer, toyPlaces.helper, false),
  };
}

/** @param {Engines['turbo']} turbo @returns {Promise<Why>} */
export async function whyOfTurbo(turbo) {
  const command = { ...turbo.command('mel'), words: ['run', 'mel', '--dry-run'] };
  const { text } = await afterEdit(turbo, toyPlaces, () => run(command));
  const mel = text.slice(text.indexOf('\nmel\n'));
  const answer = linesWith(/^ {2}(Task|Hash|Cached \(Local\)|Inputs Files)/, mel)
    .slice(0, 4)
    .map((line) => line.replace(/ +/g, ' '));
  return {
    question:
      '`turbo run mel --dry-run` (with `=json` it lists a hash of every input, to be compared by hand with a list kept from before)',
    answer,
    ...judged(answer, toyPlaces.helper, true),
  };
}

/**
 * @param {import('./engine.mjs').Engine} engine
 * @param {import('./damage.mjs').Places} places
 * @param {() => Promise<import('./processes.mjs').Ended>} ask
 */
async function afterEdit(engine, places, ask) {
  await settle(engine, 'report');
  const undo = engine.edit(places.helper, (text) => text.replace(places.gain, places.newGains[1]));
  const answer = await ask();
  undo();
  return answer;
}

/** @param {readonly string[]} answer @param {string} helper @param {boolean} before whether it was asked without running */
function judged(answer, helper, before) {
  return { names: answer.some((line) => line.includes(helper)), before };
}

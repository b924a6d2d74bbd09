// @ts-check
import { markdownTable } from '../command-line.mjs';

/**
 * @typedef {Awaited<ReturnType<typeof import('./damage.mjs').harmlessEdits>>} Harmless
 * @typedef {Awaited<ReturnType<typeof import('./damage.mjs').helperEdit>>} Helper
 * @typedef {Awaited<ReturnType<typeof import('./damage.mjs').killsWhileCaching>>} Kills
 * @typedef {Awaited<ReturnType<typeof import('./damage.mjs').flippedBytes>>} Flips
 * @typedef {Awaited<ReturnType<typeof import('./damage.mjs').twoAtOnce>>} Two
 * @typedef {object} Found what was found of one engine
 * @property {string} name
 * @property {string} version
 * @property {Record<string, Harmless>} harmless by configuration
 * @property {Record<string, Helper>} helper by configuration
 * @property {Kills} kills
 * @property {Flips} flips
 * @property {Two} two
 * @property {{ question: string, answer: readonly string[], names: boolean, before: boolean }} why
 */

/** Of the configurations that the toys are tried in; the first is the plain one. */
const CONFIGURATIONS = {
  plain: '',
  'no-cascade': 'with `cascade: false` and the outputs of what it needs listed in `files`: ',
  listed: 'listed by hand: ',
  unlisted: 'not listed: ',
  defaults: 'without any `inputs`, so that every file of the package counts: ',
};

/** @param {readonly Found[]} engines @param {readonly import('./times.mjs').Time[]} times */
export function tables(engines, times) {
  const head = ['damage', ...engines.map(({ name, version }) => `${name} ${version}`.trim())];
  const rows = [
    ['a comment is added to a stage', ...engines.map(({ harmless }) => each(harmless, 'comment'))],
    [
      'a stage runs again, its output is identical',
      ...engines.map(({ harmless }) => each(harmless, 'same')),
    ],
    [
      'a kill (SIGKILL of the process group) while the result is kept, another input, then back',
      ...engines.map(({ kills }) => killCell(kills)),
    ],
    [
      'three bytes overwritten in what is kept, another input, then back',
      ...engines.map(({ flips }) => flipCell(flips)),
    ],
    ['two runs at once, from nothing', ...engines.map(({ two }) => twoCell(two))],
    [
      'a helper module that a stage imports is edited',
      ...engines.map(({ helper }) => helperCell(helper)),
    ],
    ['can it say why', ...engines.map(({ why }) => whyCell(why))],
  ];
  const timeRows = times.map(({ name, what, medianMs, minMs, maxMs }) => [
    name,
    what,
    `${medianMs} ms`,
    `${minMs} to ${maxMs} ms`,
  ]);
  return [
    markdownTable(head, rows),
    'A run with nothing to do, whole commands side by side:',
    markdownTable(['', 'command', '>median', '>spread'], timeRows),
  ].join('\n\n');
}

/** @param {Record<string, Harmless>} found @param {'comment' | 'same'} edit */
function each(found, edit) {
  return variants(found, (harmless) => {
    const stages = stagesOf(harmless[edit]);
    const words = stages.length === 0 ? 'runs nothing' : `runs ${stages.join(', ')}`;
    // As little as can be: nothing for a comment, the stage itself for changed code.
    return stages.length <= (edit === 'comment' ? 0 : 1) ? `**${words}**` : words;
  });
}

/** @param {Record<string, Helper>} found */
function helperCell(found) {
  return variants(found, ({ executed, noticed }) =>
    noticed
      ? `**noticed**, runs ${stagesOf(executed).join(', ')}`
      : `not noticed, runs ${executed.length === 0 ? 'nothing' : stagesOf(executed).join(', ')}: the results are stale`,
  );
}

/** @param {Kills} kills */
function killCell({ files, trials }) {
  const bad = trials.filter(isWrong);
  const fewest = Math.min(...bad.map((trial) => trial.files));
  const again = trials.filter((trial) => trial.executed && trial.whole).length;
  const restored = trials.length - bad.length - again;
  const waited = trials[0]?.secondsAfterKill ?? 0;
  const left = `The run after the first kill took ${waited.toFixed(1)} s.`;
  if (bad.length === 0) {
    const how = [`${again} run again`, ...(restored > 0 ? [`${restored} restored`] : [])];
    return `**${trials.length} of ${trials.length} whole** (${how.join(', ')}). ${left}`;
  }
  return `${bad.length} of ${trials.length} restored incomplete without a word, with status 0: as few as ${fewest} of ${files} files. ${left}`;
}

/** @param {Flips} flips */
function flipCell(flips) {
  const bad = flips.filter(isWrong).length;
  const unseen = flips.filter((trial) => !trial.wholeUnread).length;
  const warned = flips.filter(({ said }) => said.length > 0).length;
  const good = flips.length - bad;
  const noticed = `noticed and run again, ${warned === 0 ? 'without a word' : 'with a warning'}`;
  if (bad === flips.length)
    return `${bad} of ${bad} restored and read without a word, with status 0`;
  if (bad > 0) {
    return `${bad} of ${flips.length} restored and read without a word, with status 0; ${good} ${noticed}`;
  }
  const late =
    unseen === 0 ? '' : `; until a stage reads it, ${unseen} of ${flips.length} stood unnoticed`;
  return `**${good} of ${good} ${noticed}** when a stage reads it${late}`;
}

/** @param {Two} two */
function twoCell(two) {
  const fine = two.every(
    ({ statuses, sameReport }) => sameReport && statuses.every((status) => status === 0),
  );
  const counts = two.flatMap(({ executions }) => Object.values(executions));
  const twice = counts.filter((count) => count > 1).length;
  const waits = two.some(({ said }) => said.length > 0) ? ', the other run waits and says so' : '';
  const how =
    twice === 0
      ? `**every stage once**${waits}`
      : `${twice} of ${counts.length} stages executed twice, in the same folders`;
  return `${fine ? 'both end well' : 'NOT both end well'}; ${how}`;
}

/** @param {Found['why']} why */
function whyCell({ question, answer, names, before }) {
  const quoted = answer.map((line) => `\`${line.trim().replaceAll('`', "'")}\``).join(' ');
  const verdict = names
    ? '**yes**, before a run'
    : before
      ? 'what will run, not why'
      : 'no; only what ran';
  return `${verdict}. ${question}: ${quoted}`;
}

/**
 * @template T
 * @param {Record<string, T>} found
 * @param {(one: T) => string} cell
 */
function variants(found, cell) {
  return Object.entries(found)
    .map(([name, one]) => `${CONFIGURATIONS[/** @type {'plain'} */ (name)]}${cell(one)}`)
    .join('<br>');
}

/** Said to be good, and is not. @param {Kills['trials'][number] | Flips[number]} trial */
function isWrong({ statuses, whole }) {
  return statuses.every((status) => status === 0) && !whole;
}

/** Instances of a stage count once. @param {readonly string[]} executed */
function stagesOf(executed) {
  return [...new Set(executed.map((name) => name.replace(/\[.*/, '')))];
}

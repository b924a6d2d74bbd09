// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { settle } from './engine.mjs';
import { run } from './processes.mjs';

/**
 * @typedef {import('./processes.mjs').Command} Command
 * @typedef {{ name: string, what: string, medianMs: number, minMs: number, maxMs: number }} Time
 * @typedef {{ ours: import('./emotion.mjs').Emotion, wireit: import('./toys.mjs').Wireit, turbo: import('./toys.mjs').Turbo }} Engines
 */

/**
 * Whole commands that have nothing to do, each in turn and that `rounds` times over, so that whatever
 * else the machine does falls on all of them alike. A first round is not counted.
 *
 * @param {Engines} engines
 * @param {number} rounds
 * @returns {Promise<readonly Time[]>}
 */
export async function timesOfNothing(engines, rounds) {
  const { ours, wireit, turbo } = engines;
  for (const engine of [ours, wireit, turbo]) await settle(engine, 'report');
  for (const engine of [ours, wireit, turbo]) await settle(engine, 'report', true);
  const commands = commandsOf(engines);
  /** @type {number[][]} */
  const taken = commands.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [n, { command, what }] of commands.entries()) {
      const { status, seconds, text } = await run(command);
      if (status !== 0) throw new Error(`${what} failed:\n${text}`);
      if (round > 0) taken[n]?.push(seconds * 1000);
    }
  }
  for (const engine of [ours, wireit, turbo]) await settle(engine, 'report', true);
  return commands.map(({ name, what }, n) => ({ name, what, ...spread(taken[n] ?? []) }));
}

/** @param {Engines} engines @returns {readonly { name: string, what: string, command: Command }[]} */
function commandsOf({ ours, wireit, turbo }) {
  /** @param {string} folder @param {readonly string[]} words @returns {Command} */
  const npm = (folder, words) => ({ file: 'npm', words: ['run', ...words], folder });
  // As `node --run` of Node 22 would start it, the documented way without npm.
  const nodeRun = {
    NODE_RUN_SCRIPT_NAME: 'report',
    NODE_RUN_PACKAGE_JSON_PATH: path.join(wireit.root, 'package.json'),
  };
  const wireitFile = path.join(wireit.root, 'node_modules/wireit/bin/wireit.js');
  const native = nativeTurbo(turbo.root);
  return [
    {
      name: ours.name,
      what: '`node bin/emotion.cjs pipeline --quiet`',
      command: ours.direct(['pipeline', '--quiet']),
    },
    {
      name: wireit.name,
      what: '`node wireit.js` as `node --run` starts it',
      command: {
        file: process.execPath,
        words: [wireitFile],
        folder: wireit.root,
        environment: nodeRun,
      },
    },
    {
      name: turbo.name,
      what: '`node_modules/.bin/turbo run report`',
      command: turbo.command('report'),
    },
    ...(native === undefined
      ? []
      : [
          {
            name: turbo.name,
            what: "its native binary, without the package's Node launcher",
            command: { ...turbo.command('report'), file: native },
          },
        ]),
    {
      name: ours.name,
      what: '`npm run pipeline -- --quiet`',
      command: npm(ours.root, ['pipeline', '--', '--quiet']),
    },
    { name: wireit.name, what: '`npm run report`', command: npm(wireit.root, ['report']) },
    {
      name: turbo.name,
      what: '`npm run build`, which is `turbo run report`',
      command: npm(turbo.root, ['build']),
    },
    {
      name: 'npm alone',
      what: '`npm run` of an empty script',
      command: npm(wireit.root, ['nothing']),
    },
    {
      name: 'Node alone',
      what: '`node -e 0`',
      command: { file: process.execPath, words: ['-e', '0'], folder: wireit.root },
    },
  ];
}

/** @param {string} root */
function nativeTurbo(root) {
  const scope = path.join(root, 'node_modules/@turbo');
  return fs
    .readdirSync(scope)
    .map((name) => path.join(scope, name, 'bin/turbo'))
    .find((file) => fs.existsSync(file));
}

/** @param {readonly number[]} values */
function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return {
    medianMs: Math.round(median),
    minMs: Math.round(sorted[0] ?? 0),
    maxMs: Math.round(sorted.at(-1) ?? 0),
  };
}

// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { onTwoCores } from './cores.mjs';

/**
 * Contestants that take turns: each is a process that gets ready once (loads, warms up) and then works
 * only while it is asked to, one at a time, so that whatever else the machine does falls on all alike.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {readonly string[]} command program and words; it speaks the protocol of `takeTurns`
 * @property {string} [folder] in which it runs
 * @property {Readonly<Record<string, string>>} [environment] on top of ours
 *
 * @typedef {Record<string, unknown>} Facts what a contestant said of itself when it was ready
 *
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} turns
 *
 * @typedef {{ name: string, facts: Facts, seconds: Spread } | { name: string, failed: string }} Outcome
 */

/** How long one turn should take: long against the clock and the cache, short against the whole. */
const TURN_SECONDS = 0.5;

/**
 * Each contestant in turn, `turns` times over: A B C A B C. One that does not start is left out, with
 * its reason.
 *
 * @param {readonly Contestant[]} contestants
 * @param {number} turns
 * @param {number} [turnSeconds]
 * @returns {Promise<readonly Outcome[]>} seconds for one step
 */
export async function inTurns(contestants, turns, turnSeconds = TURN_SECONDS) {
  /** @type {{ name: string, player: Player, steps: number, taken: number[] }[]} */
  const playing = [];
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  try {
    // One after the other: getting ready side by side would only blur what follows.
    for (const contestant of contestants) {
      const { name } = contestant;
      try {
        const player = await Player.start(contestant);
        const probe = await player.play(1);
        playing.push({
          name,
          player,
          steps: Math.max(1, Math.round(turnSeconds / probe)),
          taken: [],
        });
      } catch (error) {
        outcomes.set(name, { name, failed: messageOf(error) });
      }
    }
    for (let turn = 0; turn <= turns; turn += 1) {
      for (const { player, steps, taken } of playing) {
        const seconds = await player.play(steps);
        // The first turn is not counted.
        if (turn > 0) taken.push(seconds / steps);
      }
    }
  } finally {
    for (const { player } of playing) player.end();
  }
  for (const { name, player, taken } of playing) {
    outcomes.set(name, { name, facts: player.facts, seconds: spread(taken) });
  }
  return contestants.flatMap(({ name }) => outcomes.get(name) ?? []);
}

/** A contestant's process. */
export class Player {
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */
  #child;

  /** @type {AsyncIterator<string>} */
  #lines;

  #said = '';

  /** @type {Facts} */
  facts = {};

  /** @param {Contestant} contestant @returns {Promise<Player>} once it is ready */
  static async start(contestant) {
    const player = new Player(contestant);
    try {
      await once(player.#child, 'spawn');
      const { ready, ...facts } = await player.#answer();
      if (ready !== true) throw new Error('it did not say that it is ready');
      player.facts = facts;
      return player;
    } catch (error) {
      player.end();
      throw error;
    }
  }

  /** @param {Contestant} contestant */
  constructor({ command, folder, environment = {} }) {
    const [file = '', ...words] = onTwoCores(command);
    this.#child = spawn(file, words, {
      env: { ...process.env, ...environment },
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    this.#child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      this.#said = (this.#said + chunk.toString()).slice(-4000);
    });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @param {number} steps @returns {Promise<number>} seconds that they took */
  async play(steps) {
    this.#child.stdin.write(`${steps}\n`);
    const { seconds } = await this.#answer();
    if (typeof seconds !== 'number') throw new Error('a turn was not answered with its seconds');
    return seconds;
  }

  end() {
    this.#child.stdin.end();
  }

  /** @returns {Promise<Record<string, unknown>>} */
  async #answer() {
    const line = await this.#lines.next();
    if (line.done === true) {
      throw new Error(this.#said.trim().split('\n').at(-1) ?? 'it ended without a word');
    }
    return JSON.parse(line.value);
  }
}

/**
 * The other side of a turn, for contestants in JavaScript: says that it is ready, then answers each
 * line `N` on stdin with the seconds that N calls of `step` took.
 *
 * @param {() => unknown} step
 * @param {Facts} facts
 */
export async function takeTurns(step, facts) {
  say({ ready: true, ...facts });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const steps = Number(line);
    const began = performance.now();
    for (let n = 0; n < steps; n += 1) step();
    say({ seconds: (performance.now() - began) / 1000 });
  }
}

/** @param {unknown} message */
function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return {
    median: sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    turns: sorted.length,
  };
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

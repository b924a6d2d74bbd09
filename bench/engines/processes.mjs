// @ts-check
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {readonly string[]} words
 * @property {string} folder
 * @property {Readonly<Record<string, string>>} [environment] on top of the common one
 */

/**
 * @typedef {object} Ended
 * @property {number | null} status null when a signal ended it
 * @property {string} stdout
 * @property {string} text stdout and stderr as they came
 * @property {number} seconds
 */

/**
 * The environment of every command, the same for all engines: as on a developer's terminal, so without
 * the `CI` that would switch wireit's cache off, and without anything that would use the network.
 */
const common = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|turbo_|wireit_|vercel|github_|node_run_|ci$|init_cwd$)/i.test(name),
    ),
  ),
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

/** @param {Command} command in a process group of its own, so that all of it can be killed */
export function start({ file, words, folder, environment = {} }) {
  return spawn(file, words, {
    cwd: folder,
    env: { ...common, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/**
 * @param {ReturnType<typeof start>} child
 * @returns {Promise<Ended>}
 */
export function ended(child) {
  const began = performance.now();
  let stdout = '';
  let text = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    stdout += chunk.toString();
    text += chunk.toString();
  });
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout, text, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/** @param {Command} command */
export function run(command) {
  return ended(start(command));
}

/** @param {Command} command @returns {Promise<string>} what it said; rejected when it failed */
export async function said(command) {
  const { status, stdout, text } = await run(command);
  if (status !== 0) throw new Error(`${command.file} ${command.words.join(' ')} failed:\n${text}`);
  return stdout.trim();
}

/** @param {ReturnType<typeof start>} child its whole process group, by SIGKILL */
export function killGroup(child) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment before.
  }
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

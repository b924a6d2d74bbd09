// @ts-check
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../command-line.mjs';
import { onOneCore, onTwoCores } from './cores.mjs';

/**
 * @typedef {{ instance: string, result: string, seconds?: number }} Instance
 * @typedef {{ seconds: number, text: string }} Finished wall time of the whole command, and its stdout
 */

export const paperYaml = path.join(root, 'experiments', 'paper.yaml');
export const pipelineYaml = path.join(root, 'pipeline.yaml');

const program = path.join(root, 'bin', 'emotion.cjs');

/**
 * Runs a command of this project as a user does, to its end.
 *
 * @param {readonly string[]} words behind `emotion`
 */
export function emotion(words) {
  return timed(emotionCommand(words));
}

/** @param {readonly string[]} words behind `emotion` @returns {readonly string[]} */
export function emotionCommand(words) {
  return [process.execPath, program, ...words];
}

/**
 * `emotion pipeline ... --json`.
 *
 * @param {readonly string[]} words
 * @param {boolean} [alone] on one core
 * @returns {Promise<{ seconds: number, instances: readonly Instance[] }>}
 */
export async function pipeline(words, alone = false) {
  const command = emotionCommand(['pipeline', ...words, '--json']);
  const { seconds, text } = await timed(alone ? onOneCore(command) : command);
  return { seconds, instances: JSON.parse(text).instances };
}

/** Whether this checkout has a command of that name. @param {string} name */
export async function hasCommand(name) {
  try {
    await emotion([name, '--help']);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a machine behind a proxy adds its certificates, Node reads them for longer than it takes to start:
 * that is the network's time, and no command's.
 */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/**
 * @param {readonly string[]} command
 * @param {(child: import('node:child_process').ChildProcess) => void} [watch] is given the process once it runs
 * @returns {Promise<Finished>} rejected with its last words when it fails
 */
export function timed(command, watch) {
  const [file = '', ...words] = onTwoCores(command);
  const began = performance.now();
  const child = spawn(file, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  watch?.(child);
  let text = '';
  let said = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => (text += chunk.toString()));
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ seconds: (performance.now() - began) / 1000, text });
      else {
        const name = command.map((word) => path.basename(word)).join(' ');
        reject(new Error(`\`${name}\` ended with ${signal ?? `status ${code}`}:\n${said.trim()}`));
      }
    });
  });
}

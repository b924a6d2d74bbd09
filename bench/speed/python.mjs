// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../command-line.mjs';

/** The peers' scripts. */
export const peers = path.join(root, 'bench', 'peers');

/** @typedef {{ python: string } | { skipped: string }} Python */

/** @type {Python | undefined} */
let known;

/**
 * The Python of a virtual environment that holds what bench/peers/requirements.txt pins; made at first
 * use, which downloads several hundred megabytes, and kept.
 *
 * @param {string} cache folder in which it is kept
 * @returns {Python} or why there is none
 */
export function peersPython(cache) {
  known ??= prepared(cache);
  return known;
}

/** @param {string} cache @returns {Python} */
function prepared(cache) {
  const requirements = path.join(peers, 'requirements.txt');
  const wanted = createHash('sha256').update(fs.readFileSync(requirements)).digest('hex');
  const folder = path.join(cache, 'python');
  const [bin, program] =
    process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const python = path.join(folder, bin, program);
  const stamp = path.join(folder, 'requirements.sha256');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return { python };

  const system = systemPython();
  if (system === undefined) return { skipped: 'no Python 3.10 or newer is on the PATH' };
  console.error(`bench: installing bench/peers/requirements.txt into ${folder} (several minutes)`);
  const steps = [
    [system, '-m', 'venv', '--clear', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--requirement', requirements],
  ];
  for (const [file = '', ...words] of steps) {
    const { status, error } = spawnSync(file, words, { stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      const how = error?.message ?? `status ${String(status)}`;
      return { skipped: `\`${[path.basename(file), ...words].join(' ')}\` ended with ${how}` };
    }
  }
  fs.writeFileSync(stamp, wanted);
  return { python };
}

function systemPython() {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', check]).status === 0);
}

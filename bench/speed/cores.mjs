// @ts-check
import { spawnSync } from 'node:child_process';
import os from 'node:os';

/** All is measured on two cores. On a machine with more, Linux's taskset keeps a command to the first two. */
const CORES = 2;

const limited =
  os.availableParallelism() > CORES && spawnSync('taskset', ['-c', '0-1', 'true']).status === 0;

/** @param {readonly string[]} command @returns {readonly string[]} the same, on two cores where that is possible */
export function onTwoCores(command) {
  return limited ? ['taskset', '-c', '0-1', ...command] : command;
}

/** How many cores the measured commands have, in words. */
export function coresInWords() {
  const cores = os.availableParallelism();
  if (limited) return `2 of ${cores} cores`;
  return cores === CORES ? '2 cores' : `${cores} cores (the figures asked for are those of 2)`;
}

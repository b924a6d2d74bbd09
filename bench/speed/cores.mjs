// @ts-check
import { spawnSync } from 'node:child_process';
import os from 'node:os';

/** All is measured on two cores. On a machine with more, Linux's taskset keeps a command to the first two. */
const CORES = 2;

/** Whether a command can be kept to some cores. */
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

const limited = os.availableParallelism() > CORES && canPin;

/** @param {readonly string[]} command @returns {readonly string[]} the same, on two cores where that is possible */
export function onTwoCores(command) {
  return limited ? ['taskset', '-c', '0-1', ...command] : command;
}

/** @param {readonly string[]} command @returns {readonly string[]} the same, on one core; see `canPin` */
export function onOneCore(command) {
  return ['taskset', '-c', '0', ...command];
}

/** How many cores the measured commands have, in words. */
export function coresInWords() {
  const cores = os.availableParallelism();
  if (limited) return `2 of ${cores} cores`;
  return cores === CORES ? '2 cores' : `${cores} cores (the figures asked for are those of 2)`;
}

// @ts-check
import os from 'node:os';
import { coresInWords } from './cores.mjs';

/**
 * @typedef {object} Machine
 * @property {string} system
 * @property {string} processor
 * @property {string} cores
 * @property {number} memoryGb
 * @property {string} node
 * @property {number} load one-minute load average when the part began: above 0.5, others were at work
 */

/** @returns {Machine} */
export function aboutMachine() {
  return {
    system: `${os.type()} ${os.arch()}`,
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: coresInWords(),
    memoryGb: Math.round(os.totalmem() / 1e9),
    node: process.versions.node,
    load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** @param {Machine} machine */
export function machineInWords({ system, processor, cores, memoryGb, node, load }) {
  return `${processor}, ${cores}, ${memoryGb} GB, ${system}, Node ${node}; load at the start ${load}`;
}

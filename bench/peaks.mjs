// @ts-check
import fs from 'node:fs';
import path from 'node:path';

/**
 * The kernel's own high-water mark (VmHWM) of each process, read from /proc until the process is gone,
 * since a worker is ended from outside and has no last word. Linux only.
 */

export const canWatchPeaks = fs.existsSync('/proc/self/status');

const POLL_MS = 10;

/**
 * Follows a process and all that come from it. `stop` gives program -> the largest peak among its
 * processes, MB.
 *
 * @param {number} pid
 */
export function watchPeaks(pid) {
  const alive = new Set([pid]);
  /** @type {Map<string, number>} */
  const peaks = new Map();
  const look = () => {
    for (const each of alive) {
      const name = each === pid ? 'command line' : nameOf(each);
      const peakMb = peakOf(each);
      if (peakMb === undefined) {
        alive.delete(each);
        continue;
      }
      // Between fork and exec a process shows its parent's memory: its name must be the same after the look.
      if (name !== undefined && (each === pid || name === nameOf(each))) {
        peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMb));
      }
      for (const child of childrenOf(each)) alive.add(child);
    }
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      return peaks;
    },
  };
}

/** MB, of 1,000,000 bytes; undefined once it is gone. @param {number} pid */
function peakOf(pid) {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return found === null ? undefined : (Number(found[1]) * 1024) / 1e6;
}

/** @param {number} pid */
function childrenOf(pid) {
  try {
    return fs
      .readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(' '))
      .filter((text) => text !== '')
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * A process by its program, or as `a worker`, whatever instances it works on; undefined where that is not
 * known (yet).
 *
 * @param {number} pid
 */
function nameOf(pid) {
  const [program = '', , word = ''] = read(`/proc/${pid}/cmdline`).split('\0');
  if (program === '') return undefined;
  if (path.basename(program) !== path.basename(process.execPath)) return path.basename(program);
  return word === '--await' || path.basename(word) === 'job.json' ? 'a worker' : undefined;
}

/** @param {string} file @returns its text; empty when it is gone */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import { execFile } from 'node:child_process';
import type { GitState } from '../pipeline/run-record.ts';

const PATIENCE_MS = 10_000;

/** The commit that a folder stands at, and whether it is clean; null without git or a commit. */
export function gitState(folder: string): Promise<GitState | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['status', '--porcelain=v2', '--branch', '--no-renames', '--ignore-submodules=none'],
      {
        cwd: folder,
        timeout: PATIENCE_MS,
        maxBuffer: 1 << 26,
        // Looking must not write: git would refresh its index.
        env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      },
      (error, stdout) => {
        const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(stdout)?.[1];
        if (error !== null || commit === undefined) resolve(null);
        else resolve({ commit, clean: !/^[^#\n]/m.test(stdout) });
      },
    );
  });
}

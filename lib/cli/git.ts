import { execFile } from 'node:child_process';
import type { GitState } from '../pipeline/run-record.ts';
import { gitOptions, gitWords, readGitStatus } from './git-status.cjs';

/** The commit that a folder stands at, and whether it is clean; null without git or a commit. */
export function gitState(folder: string): Promise<GitState | null> {
  return new Promise((resolve) => {
    execFile('git', gitWords, gitOptions(folder), (error, stdout) => {
      resolve(error === null ? readGitStatus(stdout) : null);
    });
  });
}

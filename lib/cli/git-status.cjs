'use strict';
// CommonJS for the sake of bin/emotion.cjs, which says why.

/** How git is asked for the commit and for whatever is not as committed. */
const gitWords = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-renames',
  '--ignore-submodules=none',
];

/** @param {string} folder */
function gitOptions(folder) {
  return {
    cwd: folder,
    timeout: 10_000,
    maxBuffer: 1 << 26,
    // Looking must not write: git would refresh its index.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  };
}

/**
 * @param {string} answer what git said, when it ended well
 * @returns {import('../pipeline/run-record.ts').GitState | null} null without a commit
 */
function readGitStatus(answer) {
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(answer)?.[1];
  return commit === undefined ? null : { commit, clean: !/^[^#\n]/m.test(answer) };
}

module.exports = { gitOptions, gitWords, readGitStatus };

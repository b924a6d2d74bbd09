import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';

/** How too few handles are told: where the command line runs out of them, at a worker's start, and in a worker. */
const told = [
  /^Too many files are open to read .+ \(EMFILE\)\. Raise the limit \(`ulimit -n` on Linux and macOS\), and run again: nothing that was there was touched\.\n$/,
  /A worker process could not be started: too many files are open, raise the limit \(`ulimit -n` on Linux and macOS\) \(EMFILE\)\. Nothing that was there was touched; run again when there is room\.\n/,
  /The artifacts cannot be written: too many files are open \(.+\)\. Nothing that was there was touched; run again when it is mended\.\n/,
];

it.skipIf(process.platform === 'win32')(
  'too few file handles, wherever they run out, are told in one paragraph, and the run goes on from there once there are more',
  async () => {
    const project = new Project();
    const corpus = smallCorpus(path.join(project.root, 'corpus'), 2);
    const words = ['pipeline', 'split', '--corpus', corpus, '--set', 'split.folds=2'];
    await project.emotion(['status', '--corpus', corpus]);
    const limited = (limit: number): Promise<{ status: unknown; stderr: string }> =>
      new Promise((resolve) => {
        const program = [process.execPath, path.join(project.root, 'bin/emotion.mjs'), ...words];
        const shell = ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', ...program];
        // Where npm was called, which is not here.
        const env = { ...process.env, INIT_CWD: project.root };
        execFile('sh', shell, { cwd: project.root, env }, (error, _, stderr) => {
          resolve({ status: error?.code ?? 0, stderr });
        });
      });
    const refused: string[] = [];
    for (let limit = 24; limit < 60; limit += 1) {
      const { status, stderr } = await limited(limit);
      if (status === 0) break;
      expect(status).toBe(1);
      expect(
        told.find((words) => words.test(stderr)),
        `${limit}: ${stderr}`,
      ).toBeDefined();
      refused.push(stderr);
    }
    expect(refused.length).toBeGreaterThan(2);
    expect((await project.emotion(words)).status).toBe(0);
  },
);

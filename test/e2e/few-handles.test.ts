import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';

it.skipIf(process.platform === 'win32')(
  'too few file handles are told in one paragraph, and the run goes on from there once there are more',
  async () => {
    const project = new Project();
    const corpus = smallCorpus(path.join(project.root, 'corpus'), 2);
    const words = ['pipeline', 'split', '--corpus', corpus, '--set', 'split.folds=2'];
    await project.emotion(['status', '--corpus', corpus]);
    const program = [process.execPath, path.join(project.root, 'bin/emotion.mjs'), ...words];
    const limited = await new Promise<{ status: unknown; stderr: string }>((resolve) => {
      const shell = ['-c', 'ulimit -n 40; exec "$@"', 'sh', ...program];
      execFile('sh', shell, { cwd: project.root }, (error, _, stderr) => {
        resolve({ status: error?.code ?? 0, stderr });
      });
    });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(
      /^Too many files are open to read .+ \(EMFILE\)\. Raise the limit \(`ulimit -n` on Linux and macOS\), and run again: nothing that was there was touched\.\n$/,
    );
    expect((await project.emotion(words)).status).toBe(0);
  },
);

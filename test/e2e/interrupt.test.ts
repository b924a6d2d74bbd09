import { execFileSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

/** So long that no machine is done with it before the test has looked. */
const endless = ['--set', 'train.epochs=1000000'];

/** Signals need a system that has them. */
describe.skipIf(process.platform === 'win32')('an interrupted run', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'ends at its next safe point after %s, and leaves no process behind',
    async (signal, status) => {
      const { child, ended, saw } = started(['pipeline', ...endless]);
      await saw('train[fold=2]: has not run yet');
      child.kill(signal);
      const said = await ended;
      expect(said.status).toBe(status);
      expect(said.stderr).toBe('\nStopping at the next safe point; once more stops at once.\n');
      expect(said.stdout).toContain('- train[fold=1]: interrupted\n');
      expect(said.stdout).toContain('train      interrupted x 2\n');
      expect(processes()).toEqual([]);
    },
  );

  it('ends at once after the second, and leaves no process behind', async () => {
    const { child, ended, saw } = started(['pipeline', ...endless]);
    await saw('train[fold=2]: has not run yet');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    await expect.poll(processes, { timeout: 5000 }).toEqual([]);
  });

  it('while it decodes blames no recording', async () => {
    const { child, ended, saw } = started(['pipeline', 'decode', '--force']);
    await saw('decode: forced');
    child.kill('SIGINT');
    const said = await ended;
    expect(said.status, said.stdout).toBe(130);
    expect(said.stderr).toBe('\nStopping at the next safe point; once more stops at once.\n');
    expect(processes()).toEqual([]);
  });

  it('goes on to what an undisturbed run gives', async () => {
    const words = ['pipeline', '--json', '--set', 'train.epochs=400'];
    const after = await project.emotion(words);
    const elsewhere = ['--artifacts', path.join(project.root, 'elsewhere')];
    const undisturbed = await project.emotion([...words, ...elsewhere]);
    expect(outputs(after.stdout)).toEqual(outputs(undisturbed.stdout));
    expect(Object.keys(outputs(after.stdout))).toHaveLength(9);
  });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on while the test watches what it says. */
function started(words: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly saw: (text: string) => Promise<void>;
} {
  const child = project.start(words);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
  const saw = (text: string): Promise<void> =>
    expect.poll(() => stdout + stderr, { timeout: 30_000, interval: 20 }).toContain(text);
  return { child, ended, saw };
}

/** What still runs of the project. */
function processes(): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(project.root));
}

function outputs(stdout: string): Record<string, unknown> {
  const { instances } = JSON.parse(stdout) as {
    instances: { instance: string; outputs: unknown }[];
  };
  return Object.fromEntries(instances.map(({ instance, outputs: each }) => [instance, each]));
}

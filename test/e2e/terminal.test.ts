import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

/** Linux's script(1) gives a program a terminal. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasScript)('on a terminal', () => {
  let project: Project;
  beforeAll(() => {
    project = smallProject();
  });

  it('what runs is drawn below what is done, and nothing of it is left behind', async () => {
    const { status, stdout } = await project.onTerminal(['pipeline', 'train', '--jobs', '1']);
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('░');
    expect(stdout).toContain('\u001b[32m✓\u001b[39m');
    const plain = screen(stdout).replace(/\u001b\[\d*m/g, '');
    expect(plain.replace(/\d+(\.\d)? s\b/g, 'N s')).toMatchInlineSnapshot(`
      "  decode     will run  has not run yet
        stft       will run  has not run yet
        mel        will run  has not run yet
        split      will run  has not run yet
        train x 2  will run  has not run yet

        decode: 24 of 24 files: neutral, happy, sad, angry; 24 kept
        decode: kept: neutral 6, happy 6, sad 6, angry 6
        ✓ decode: done in N s
        ✓ stft: done in N s
        ✓ mel: done in N s
        split: 24 clips in 2 folds by clip; 3 of 3 speakers are in more than one
        ✓ split: done in N s
        ✓ train[fold=1]: done in N s
        ✓ train[fold=2]: done in N s

        stage   what     why              time
        decode  ran      has not run yet  N s
        stft    ran      has not run yet  N s
        mel     ran      has not run yet  N s
        split   ran      has not run yet  N s
        train   ran x 2  has not run yet  N s
      "
    `);
  });
});

/** What stands on a terminal in the end. */
function screen(written: string): string {
  const lines: string[] = [];
  let row = 0;
  for (const piece of written.split(/(\r?\n|\u001b\[\d*[AJ])/)) {
    const [, count = '', code] = /^\u001b\[(\d*)([AJ])$/.exec(piece) ?? [];
    if (code === 'A') row -= Number(count);
    else if (code === 'J') lines.length = row;
    else if (/^\r?\n$/.test(piece)) row += 1;
    else if (code === undefined) lines[row] = (lines[row] ?? '') + piece;
  }
  return lines.join('\n');
}

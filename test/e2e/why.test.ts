import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../lib/pipeline/canonical.ts';
import type { Project } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

/** The file that most of these tests edit, and a stage file. */
const HELPER = 'lib/dsp/mel.ts';
const STAGE = 'stages/mel.ts';

describe('why, by the real command line,', () => {
  let project: Project;
  let texts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    project = smallProject(2);
    const { status, stderr } = await project.emotion(['pipeline', 'mel']);
    expect(status, stderr).toBe(0);
    texts = new Map(
      [HELPER, STAGE].map((name) => [name, fs.readFileSync(path.join(project.root, name), 'utf8')]),
    );
  });
  beforeEach(() => {
    for (const [name, text] of texts) project.write(name, text);
  });

  const why = async (): Promise<string> => (await project.emotion(['why', 'mel'])).stdout;
  const edit = (file: string, from: string, to: string): void => {
    project.edit(file, (text) => text.replace(from, to));
  };
  const width = ['const area = 2 / (right', 'const area = 2.5 / (right'] as const;

  it('names the function that changed', async () => {
    edit(HELPER, ...width);
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER} (melBank changed)\n`);
  });

  it('names one that was added, and that which now calls it', async () => {
    edit(HELPER, 'const low = hzToMel(fmin);', 'const low = lowest(fmin);');
    project.edit(HELPER, (text) => `${text}\nexport function lowest(hz: number) { return -hz; }\n`);
    expect(await why()).toBe(
      `mel will run:\n  code changed: ${HELPER} (melBank changed; lowest added)\n`,
    );
  });

  it('names one that was removed, and the imports that went with it', async () => {
    edit(HELPER, 'const low = hzToMel(fmin);', 'const low = fmin / 66;');
    edit(HELPER, '(hzToMel(fmax) - low)', '(fmax / 66 - low)');
    project.edit(HELPER, (text) => text.replace(/export function hzToMel[^}]*\}\n/, ''));
    expect(await why()).toBe(
      `mel will run:\n  code changed: ${HELPER} (melBank, its imports changed; hzToMel removed)\n`,
    );
  });

  it('names a constant outside any function', async () => {
    edit(HELPER, 'KNEE_MEL = 15', 'KNEE_MEL = 16');
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER} (KNEE_MEL changed)\n`);
  });

  it('says where code outside any declaration is another', async () => {
    edit(HELPER, '{ exp, log }', '{ exp, log10 as log }');
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER} (its imports changed)\n`);
  });

  it('names the function of the stage file itself, and says so in status', async () => {
    edit(STAGE, '((done += 1), count', '((done += 1), count + 0');
    expect(await why()).toBe(`mel will run:\n  code changed: ${STAGE} (run changed)\n`);
    const { stdout } = await project.emotion(['status', 'mel']);
    expect(stdout.split('\n').find((line) => line.includes(' mel '))).toContain(
      `code changed: ${STAGE} (run changed)`,
    );
  });

  it('says nothing of comments, types and layout, and does not name a function for them', async () => {
    edit(HELPER, 'const low =', '// The lowest edge.\n  const low: number =\n   ');
    expect(await why()).toBe('mel is fresh: nothing differs from its latest success.\n');
    edit(HELPER, 'KNEE_MEL = 15', 'KNEE_MEL = 16');
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER} (KNEE_MEL changed)\n`);
  });

  it('names what changed in each of several files', async () => {
    edit(HELPER, ...width);
    edit(STAGE, '((done += 1), count', '((done += 1), count + 0');
    expect(await why()).toBe(
      `mel will run:\n  code changed: ${HELPER} (melBank changed), ${STAGE} (run changed)\n`,
    );
  });

  it('gives the same in JSON, every name of it', async () => {
    edit(HELPER, ...width);
    const { stdout } = await project.emotion(['why', 'mel', '--json']);
    const [entry] = JSON.parse(stdout) as { reasons: unknown[] }[];
    expect(entry?.reasons).toEqual([
      {
        cue: 'code',
        files: [HELPER],
        changes: [{ file: HELPER, changed: ['melBank'], added: [], removed: [] }],
        text: `code changed: ${HELPER} (melBank changed)`,
      },
    ]);
  });

  it('gives the file alone where the note of its functions is damaged', async () => {
    const notes = path.join(project.root, 'artifacts/store/notes');
    const kept = path.join(project.root, 'kept');
    fs.cpSync(notes, kept, { recursive: true });
    for (const name of fs.readdirSync(notes)) fs.writeFileSync(path.join(notes, name), '{"cut');
    edit(HELPER, ...width);
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER}\n`);
    fs.cpSync(kept, notes, { recursive: true });
  });

  it('reads a record that was written before functions were noted, and gives the file alone', async () => {
    const fingerprint = fs.readFileSync(path.join(project.root, 'artifacts/latest/mel'), 'utf8');
    const name = `${fingerprint.trim()}.json`;
    const file = path.join(project.root, 'artifacts/store/records', name.slice(0, 2), name);
    const record = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    const { checksum: _, declarations: __, ...earlier } = record;
    const whole = { ...earlier, checksum: sha256(canonicalJson(earlier)) };
    fs.writeFileSync(file, JSON.stringify(whole));
    expect(await why()).toBe('mel is fresh: nothing differs from its latest success.\n');
    edit(HELPER, ...width);
    expect(await why()).toBe(`mel will run:\n  code changed: ${HELPER}\n`);
  });
});

describe('why, of a module that a parameter chose,', () => {
  it('names the function of that module', async () => {
    const project = smallProject(3);
    const { status, stderr } = await project.emotion(['pipeline', 'train']);
    expect(status, stderr).toBe(0);
    project.edit('lib/model/attention/equations.ts', (text) =>
      text.replace('export function attend(', 'const half = 0.5;\nexport function attend('),
    );
    project.edit('lib/model/attention/equations.ts', (text) => text.replace('lambda)', 'half)'));
    const said = await project.emotion(['why', 'train']);
    expect(said.stdout.split('\n').slice(0, 2)).toEqual([
      'train[fold=1] will run:',
      '  code of attention equations changed: lib/model/attention/equations.ts (attend changed; half added)',
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, remove } from '../../lib/pipeline/gc.ts';
import { readRuns } from '../../lib/pipeline/runs.ts';
import { verify } from '../../lib/pipeline/verify.ts';
import { temporary, workspaceOf } from '../helpers/small-toy.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { treeOf } from './fuzz.ts';
import { recordedToy } from './recorded-toy.ts';

const made = recordedToy();
const { toy, artifacts, restore } = made;

describe('what is in the place of something else', () => {
  const hash = '0'.repeat(64);

  it('a presence named as a path removes nothing but itself', () => {
    const { presence, store } = workspaceOf(toy);
    const folder = path.join(artifacts, 'store/processes');
    fs.mkdirSync(folder, { recursive: true });
    for (const name of ['.json', '..json', '...json']) {
      fs.writeFileSync(path.join(folder, name), '{}');
      fs.utimesSync(path.join(folder, name), 0, 0);
    }
    fs.rmSync(path.join(made.kept, 'store/processes'), { recursive: true, force: true });
    const before = treeOf(path.join(artifacts, 'store/objects'));
    presence.sweep((token) => {
      store.removeTemporary(token);
    });
    expect(treeOf(path.join(artifacts, 'store/objects'))).toEqual(before);
  });

  it('a folder in the place of a lease is refused, not waited for', () => {
    const { leases } = workspaceOf(toy);
    const file = path.join(artifacts, `store/leases/${hash}.json`);
    fs.mkdirSync(file, { recursive: true });
    expect(() => leases.take(hash, 'text')).toThrow('something else is in its place');
  });

  it.runIf(process.platform !== 'win32')('pipes are read by nobody', async () => {
    const [record] = made.records;
    const name = record?.fingerprint ?? '';
    const places = [
      `store/records/${name.slice(0, 2)}/${name}.json`,
      'latest/text',
      'pins/a',
      `store/notes/${hash}`,
      `store/leases/${hash}.json`,
      'store/processes/1-0.json',
      `store/objects/${name.slice(0, 2)}/${name}`,
    ];
    for (const place of places) {
      const file = path.join(artifacts, place);
      fs.rmSync(file, { force: true });
      fs.mkdirSync(path.dirname(file), { recursive: true });
      execFileSync('mkfifo', [file]);
    }
    const workspace = workspaceOf(toy);
    expect(verify(workspace, temporary).findings.length).toBeGreaterThan(2);
    expect(workspace.store.note(hash)).toBeUndefined();
    expect(readRuns(artifacts)[0]?.pins).toEqual([]);
    expect((await toy.run()).outcome.results.size).toBe(3);
  });

  it('a file in the place of a folder is refused with its path', () => {
    for (const place of ['latest', 'runs', 'pins', 'store/objects', 'store/records']) {
      const folder = path.join(artifacts, place);
      fs.rmSync(folder, { recursive: true, force: true });
      fs.writeFileSync(folder, '');
      const all = (): unknown => [verify(workspaceOf(toy), temporary), readRuns(artifacts)];
      expect(all, place).toThrow(`something on the way is not a folder (${folder})`);
      restore();
    }
  });

  it('links that lead out of the store are removed by gc as links', () => {
    const secret = temporaryFolder();
    fs.writeFileSync(path.join(secret, 'a'), 'kept');
    for (const place of ['store/objects/zz', 'store/tmp/left', 'runs/linked', 'store/damaged/x']) {
      fs.mkdirSync(path.dirname(path.join(artifacts, place)), { recursive: true });
      fs.symlinkSync(secret, path.join(artifacts, place));
    }
    fs.mkdirSync(path.join(secret, 'run'), { recursive: true });
    const workspace = workspaceOf(toy);
    const options = { keepRuns: 1, dropTemporary: false, temporary, nowMs: Date.now() + 1e9 };
    fs.rmSync(path.join(artifacts, 'runs/linked'));
    remove(workspace, collect(workspace, options));
    expect(fs.readFileSync(path.join(secret, 'a'), 'utf8')).toBe('kept');
  });
});

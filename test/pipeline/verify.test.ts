import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LatestRecords } from '../../lib/pipeline/latest.ts';
import { contentsOf, storeSize } from '../../lib/pipeline/store-contents.ts';
import { verify, type Verified } from '../../lib/pipeline/verify.ts';
import { smallToy, temporary, workspaceOf } from '../helpers/small-toy.ts';
import type { Toy } from '../helpers/toy.ts';

const look = (toy: Toy): Verified => verify(workspaceOf(toy), temporary);

/** Overwrites a read-only file of the store. */
function damage(file: string, change: (bytes: Buffer) => Uint8Array): void {
  fs.chmodSync(file, 0o644);
  fs.writeFileSync(file, change(fs.readFileSync(file)));
}

describe('verify', () => {
  it('finds nothing in a store as a run leaves it, and counts what is there', async () => {
    const toy = smallToy();
    await toy.run();
    expect(look(toy)).toEqual({
      objects: 3,
      bytes: 10,
      records: 3,
      latest: 3,
      dropped: [],
      findings: [],
    });
    expect(storeSize(workspaceOf(toy).store).objects).toBe(3);
  });

  it('finds nothing where nothing ran', () => {
    expect(look(smallToy())).toEqual({
      ...{ objects: 0, bytes: 0, records: 0, latest: 0 },
      ...{ dropped: [], findings: [] },
    });
  });

  it('names a flipped byte, whose object it is and what the next run builds again', async () => {
    const toy = smallToy();
    await toy.run();
    const file = toy.object('loud', 'loud');
    damage(file, (bytes) => bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte)));
    expect(look(toy).findings).toEqual([
      {
        finding: 'object-damaged',
        name: path.basename(file),
        what: 'loud of loud',
        rebuilds: ['loud'],
      },
    ]);
    // It only looks: the next run that reads it sets it aside and makes it again.
    expect(fs.existsSync(file)).toBe(true);
    expect((await toy.run(['last.end=x'])).executed).toContain('loud');
    expect(look(toy).findings).toEqual([]);
  });

  it('tells a dropped temporary object from a missing one', async () => {
    const toy = smallToy();
    await toy.run();
    const [loud, text] = [toy.object('loud', 'loud'), toy.object('text', 'text')];
    fs.rmSync(loud);
    expect(look(toy)).toMatchObject({
      dropped: [{ sha256: path.basename(loud), bytes: 3, what: 'loud of loud' }],
      findings: [],
    });
    fs.rmSync(text);
    expect(look(toy).findings).toEqual([
      {
        finding: 'object-missing',
        name: path.basename(text),
        what: 'text of text',
        rebuilds: ['text'],
      },
    ]);
  });

  it('names a record that is cut, and one whose field was edited', async () => {
    const toy = smallToy();
    await toy.run();
    const { store } = workspaceOf(toy);
    const [first, second] = contentsOf.records(store);
    damage(first?.path ?? '', (bytes) => bytes.subarray(0, bytes.length >> 1));
    damage(second?.path ?? '', (bytes) =>
      Buffer.from(bytes.toString().replace('"format":', '"format":1')),
    );
    expect(look(toy).findings.map(({ finding, name }) => [finding, name])).toEqual([
      ['record-damaged', first?.name],
      ['record-damaged', second?.name],
    ]);
    expect(look(toy).findings.flatMap(({ rebuilds }) => rebuilds)).toHaveLength(2);
    await toy.run();
    expect(look(toy).findings).toEqual([]);
  });

  it('names latest pointers that are cut or lead nowhere, and strangers among the objects', async () => {
    const toy = smallToy();
    await toy.run();
    const { store, artifacts } = workspaceOf(toy);
    fs.writeFileSync(path.join(artifacts, 'latest/text'), 'abc');
    fs.writeFileSync(path.join(artifacts, 'latest/gone.fold-3'), `${'0'.repeat(64)}\n`);
    fs.writeFileSync(path.join(store.folder, 'objects', 'notes.txt'), 'mine');
    expect(look(toy).findings).toEqual([
      { finding: 'stranger', name: 'notes.txt', what: '', rebuilds: [] },
      {
        finding: 'record-missing',
        name: '0'.repeat(64),
        what: 'gone[fold=3]',
        rebuilds: ['gone[fold=3]'],
      },
      { finding: 'latest-damaged', name: 'text', what: '', rebuilds: [] },
    ]);
  });

  it('follows the latest pointers of a sweep as those of plain runs', async () => {
    const toy = smallToy();
    await toy.run();
    const { store, artifacts, latest } = workspaceOf(toy);
    const ofSweep = new LatestRecords(path.join(artifacts, 'sweeps/many/latest'), store);
    for (const stage of ['text', 'loud']) ofSweep.set(stage, latest.get(stage) ?? '');
    expect(look(toy)).toMatchObject({ latest: 5, findings: [] });

    const object = toy.object('loud', 'loud');
    damage(object, () => Buffer.from('???'));
    fs.rmSync(path.join(artifacts, 'latest'), { recursive: true });
    fs.writeFileSync(path.join(artifacts, 'sweeps/many/latest/text'), 'abc');
    fs.writeFileSync(path.join(artifacts, 'sweeps/many/latest/train@1f.fold-3'), '0'.repeat(64));
    expect(look(toy)).toMatchObject({
      latest: 3,
      findings: [
        {
          finding: 'object-damaged',
          name: path.basename(object),
          rebuilds: ['loud of the sweep many'],
        },
        { finding: 'latest-damaged', name: 'text of the sweep many', rebuilds: [] },
        {
          finding: 'record-missing',
          name: '0'.repeat(64),
          what: 'train@1f[fold=3] of the sweep many',
          rebuilds: ['train@1f[fold=3] of the sweep many'],
        },
      ],
    });
  });
});

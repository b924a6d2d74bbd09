import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stageOf } from '../../lib/pipeline/graph.ts';
import { Store } from '../../lib/pipeline/store.ts';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project, type Said } from '../helpers/project.ts';

const quick = ['--set', 'split.folds=2', '--set', 'train.epochs=2', '--set', 'evaluate.draws=20'];

interface RunJson {
  readonly instances: readonly {
    readonly instance: string;
    readonly result: string;
    readonly outputs: Readonly<Record<string, { sha256: string; bytes: number }>>;
  }[];
}

describe('rot in the store', () => {
  let project: Project;
  let store: Store;
  let whole: RunJson;
  const words = (...more: readonly string[]): readonly string[] => [
    'pipeline',
    '--corpus',
    path.join(project.root, 'corpus'),
    '--json',
    ...quick,
    ...more,
  ];
  const parsed = (said: Said): RunJson => {
    expect([said.status, said.stderr]).toEqual([0, expect.any(String)]);
    return JSON.parse(said.stdout) as RunJson;
  };
  beforeAll(async () => {
    project = new Project();
    smallCorpus(path.join(project.root, 'corpus'), 2);
    whole = parsed(await project.emotion(words()));
    store = new Store(path.join(project.root, 'artifacts'), 'a test');
  });

  it('in any 997th byte, or a cut at any batch, is never read as good', () => {
    let tried = 0;
    for (const { sha256 } of objects(whole)) {
      const file = store.objectPath(sha256);
      const bytes = fs.readFileSync(file);
      fs.chmodSync(file, 0o644);
      const handle = fs.openSync(file, 'r+');
      // Large ones in fewer places, so that the test stays short: every one of a small object.
      const step = 997 * Math.max(1, Math.floor(bytes.length / 60_000));
      for (let at = 0; at < bytes.length; at += step) {
        fs.writeSync(handle, Buffer.of((bytes[at] ?? 0) ^ 0x20), 0, 1, at);
        expect(store.isWhole(sha256)).toBe(false);
        fs.writeSync(handle, bytes, at, 1, at);
        tried += 1;
      }
      for (const end of [0, ...batchBoundaries(bytes), bytes.length - 1]) {
        fs.ftruncateSync(handle, end);
        expect(store.isWhole(sha256)).toBe(false);
        expect(store.objectState({ sha256, bytes: bytes.length })).toBe('damaged');
        fs.writeSync(handle, bytes, 0, bytes.length, 0);
        tried += 1;
      }
      fs.closeSync(handle);
      expect(store.isWhole(sha256)).toBe(true);
    }
    expect(tried).toBeGreaterThan(400);
  });

  it('is set aside with one warning for each, and what was there is built again, to the byte', async () => {
    const damaged = objects(whole).filter(({ stage }) => stage !== 'report');
    for (const { sha256 } of damaged) flip(store.objectPath(sha256));
    // Forced from the first stage on, every object is read or written again.
    const said = await project.emotion(words('--force'));
    const again = parsed(said);
    expect(outputsOf(again)).toEqual(outputsOf(whole));
    for (const { sha256 } of objects(whole)) expect(store.isWhole(sha256)).toBe(true);
  });

  it('that a stage meets is warned of once, and costs only what made it', async () => {
    const means = objects(whole).find(({ output }) => output === 'means')?.sha256 ?? '';
    flip(store.objectPath(means));
    const said = await project.emotion(words('--set', 'train.lambda=0.1'));
    const ran = parsed(said).instances.filter(({ result }) => result === 'ran');
    expect(ran.map(({ instance }) => instance).sort()).toEqual([
      'evaluate',
      'mel',
      'report',
      'train[fold=1]',
      'train[fold=2]',
    ]);
    expect(said.stderr.match(/warning: /g)).toHaveLength(1);
    expect(said.stderr).toMatch(
      /warning: means of mel was damaged in the store: set aside as [0-9a-f-]+, and built again\./,
    );
  });
});

function objects(run: RunJson): readonly { stage: string; output: string; sha256: string }[] {
  return run.instances.flatMap(({ instance, outputs }) =>
    Object.entries(outputs).map(([output, { sha256 }]) => ({
      stage: stageOf(instance),
      output,
      sha256,
    })),
  );
}

function outputsOf(run: RunJson): Record<string, unknown> {
  return Object.fromEntries(run.instances.map(({ instance, outputs }) => [instance, outputs]));
}

function flip(file: string): void {
  fs.chmodSync(file, 0o644);
  const bytes = fs.readFileSync(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

/** Where the messages of an Arrow file begin: its record batches, and its footer. */
function batchBoundaries(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (
    let at = bytes.indexOf('ffffffff', 0, 'hex');
    at >= 0;
    at = bytes.indexOf('ffffffff', at + 4, 'hex')
  ) {
    if (at % 8 === 0) found.push(at);
  }
  return found.slice(0, 50);
}

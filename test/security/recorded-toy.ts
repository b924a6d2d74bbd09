import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, expect } from 'vitest';
import { beginRun, finishedRun, runFile, writeRun } from '../../lib/pipeline/run-record.ts';
import type { StoreRecord } from '../../lib/pipeline/store.ts';
import { filesBelow } from '../../lib/pipeline/store-contents.ts';
import { smallToy, workspaceOf } from '../helpers/small-toy.ts';
import { temporaryFolder, type Toy } from '../helpers/toy.ts';

/** A toy that ran, and what it left: each test that damages it begins anew. */
export interface RecordedToy {
  readonly toy: Toy;
  readonly artifacts: string;
  /** A copy of artifacts/ as the run left it. */
  readonly kept: string;
  records: readonly StoreRecord[];
  recordTexts: readonly string[];
  /** Its run.json. */
  run: string;
  readonly restore: () => void;
}

/** To be called once in a test file, outside of the tests. */
export function recordedToy(): RecordedToy {
  const toy = smallToy();
  const artifacts = path.join(toy.root, 'artifacts');
  const kept = temporaryFolder();
  const restore = (): void => {
    const all = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };
    fs.rmSync(artifacts, { recursive: true, force: true });
    fs.cpSync(kept, artifacts, all);
  };
  const recorded: RecordedToy = {
    ...{ toy, artifacts, kept, restore },
    ...{ records: [], recordTexts: [], run: '' },
  };
  beforeAll(async () => {
    const survey = await toy.survey();
    const { outcome } = await toy.run();
    const { store } = workspaceOf(toy);
    const head = beginRun(['pipeline'], 'pipeline.yaml');
    const ended = { status: 0, git: null, lock: null };
    writeRun(artifacts, store, await finishedRun(head, survey, [], outcome, ended));
    recorded.run = fs.readFileSync(runFile(artifacts, head.id), 'utf8');
    const files = filesBelow(path.join(artifacts, 'store/records'));
    recorded.recordTexts = files.map((file) => fs.readFileSync(file.path, 'utf8'));
    recorded.records = files.flatMap(({ name }) => store.record(name) ?? []);
    expect(recorded.records.length).toBe(3);
    fs.cpSync(artifacts, kept, { recursive: true, verbatimSymlinks: true });
  }, 60_000);
  afterEach(restore);
  return recorded;
}

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, isHash, sha256 } from '../../lib/pipeline/canonical.ts';
import { reasonText } from '../../lib/pipeline/explain.ts';
import { fingerprintOf } from '../../lib/pipeline/fingerprint.ts';
import { collect, remove } from '../../lib/pipeline/gc.ts';
import { finishedRun, beginRun, runFile, writeRun } from '../../lib/pipeline/run-record.ts';
import { findRun, readRuns } from '../../lib/pipeline/runs.ts';
import type { StoreRecord } from '../../lib/pipeline/store.ts';
import { filesBelow } from '../../lib/pipeline/store-contents.ts';
import { verify } from '../../lib/pipeline/verify.ts';
import { smallToy, temporary, workspaceOf } from '../helpers/small-toy.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz, treeOf } from './fuzz.ts';
import { hostileTokens, mutatedJson, mutatedText, pick } from './mutate.ts';

const toy = smallToy();
const artifacts = path.join(toy.root, 'artifacts');
const kept = temporaryFolder();
let records: readonly StoreRecord[] = [];
let recordTexts: readonly string[] = [];
let run = '';

/** The whole of artifacts/ as the run left it: each test that damages it begins anew. */
function restore(): void {
  fs.rmSync(artifacts, { recursive: true, force: true });
  fs.cpSync(kept, artifacts, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

beforeAll(async () => {
  const survey = await toy.survey();
  const ran = await toy.run();
  const head = beginRun(['pipeline'], 'pipeline.yaml');
  const ended = { status: 0, git: null, lock: null };
  const outcome = ran.outcome;
  writeRun(artifacts, workspaceOf(toy).store, await finishedRun(head, survey, [], outcome, ended));
  run = fs.readFileSync(runFile(artifacts, head.id), 'utf8');
  const files = filesBelow(path.join(artifacts, 'store/records'));
  recordTexts = files.map((file) => fs.readFileSync(file.path, 'utf8'));
  const { store } = workspaceOf(toy);
  records = files.map(({ name }) => store.record(name)).filter((one) => one !== undefined);
  expect(records.length).toBe(3);
  fs.cpSync(artifacts, kept, { recursive: true, verbatimSymlinks: true });
}, 60_000);

afterEach(restore);

const tokens = [...hostileTokens, '"sha256":', '"format":1', '\\u001b', '[1e999]', '"bytes":-1'];

it('a mutated record is the record that was written, or none', async () => {
  const { store } = workspaceOf(toy);
  const written = new Set(records.map((record) => canonicalJson(record)));
  const outcomes = await fuzz({
    name: 'records',
    seed: 41,
    count: 2000,
    make: (random) => ({
      text: mutatedText(random, recordTexts, tokens),
      name: pick(random, records).fingerprint,
    }),
    read: ({ text, name }) => {
      const file = path.join(artifacts, 'store/records', name.slice(0, 2), `${name}.json`);
      fs.writeFileSync(file, text);
      return store.record(name);
    },
    wrong: (record) =>
      record === undefined || written.has(canonicalJson(record)) ? undefined : 'another record',
  });
  expect(outcomes.read).toBe(outcomes.asked);
});

/** A record as somebody would forge it: changed anywhere, under its new name, with its new checksum. */
function forged(record: unknown): { readonly name: string; readonly text: string } {
  const fields = (record as { fields?: unknown } | null)?.fields;
  let name = '0'.repeat(64);
  try {
    name = fingerprintOf(fields as StoreRecord['fields']);
  } catch {
    // What cannot be named is put where nobody would look for it but verify and gc.
  }
  const whole = { ...(record as object), fingerprint: name };
  return { name, text: JSON.stringify({ ...whole, checksum: sha256(canonicalJson(whole)) }) };
}

it('a forged record names objects by hash alone, and moves or removes nothing outside of the store', async () => {
  const workspace = workspaceOf(toy);
  const { store } = workspace;
  const outside = path.join(toy.root, 'up');
  fs.writeFileSync(outside, 'not of the store');
  let whole = 0;
  const outcomes = await fuzz({
    name: 'forged records',
    seed: 42,
    count: 500,
    make: (random) => forged(mutatedJson(random, pick(random, records))),
    read: ({ name, text }) => {
      const file = path.join(store.folder, 'records', name.slice(0, 2), `${name}.json`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      fs.writeFileSync(path.join(artifacts, 'latest/text'), `${name}\n`);
      const record = store.record(name);
      if (record !== undefined) whole += 1;
      const found = verify(workspace, temporary);
      const late = { keepRuns: 1, dropTemporary: true, temporary, nowMs: Date.now() + 1e9 };
      const removals = collect(workspace, late).removals.map((removal) => removal.path);
      fs.rmSync(file);
      return { record, found, removals };
    },
    wrong: ({ record, removals }) => {
      const hashes = Object.values(record?.outputs ?? {}).map((object) => object.sha256);
      if (!hashes.every(isHash)) return 'an object that is named by no hash';
      const elsewhere = removals.filter(
        (name) => !path.resolve(name).startsWith(artifacts + path.sep),
      );
      return elsewhere.length === 0 ? undefined : `would remove ${elsewhere.join(', ')}`;
    },
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(whole).toBeGreaterThan(20);
  expect(fs.readFileSync(outside, 'utf8')).toBe('not of the store');
});

it('why an instance will run is told, though its latest record is forged', async () => {
  const { store } = workspaceOf(toy);
  const outcomes = await fuzz({
    name: 'plans over forged records',
    seed: 46,
    count: 60,
    make: (random) => forged(mutatedJson(random, pick(random, records))),
    read: async ({ name, text }) => {
      const file = path.join(store.folder, 'records', name.slice(0, 2), `${name}.json`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      for (const stage of ['text', 'loud', 'last']) {
        fs.writeFileSync(path.join(artifacts, 'latest', stage), `${name}\n`);
      }
      const entries = await toy.plan(['text.words=other']);
      return entries.flatMap(({ state }) =>
        'reasons' in state ? state.reasons.map(reasonText) : [],
      );
    },

    wrong: (texts) => texts.find((text) => /[\0-\x1f\x7f-\x9f]/.test(text)),
  });
  expect(outcomes.read).toBe(outcomes.asked);
});

it('a mutated run.json is a run that can be shown, or one that cannot be read', async () => {
  const id = (JSON.parse(run) as { id: string }).id;
  const file = runFile(artifacts, id);
  const outcomes = await fuzz({
    name: 'run.json',
    seed: 43,
    count: 2000,
    make: (random) =>
      random.below(2) === 0
        ? mutatedText(random, [run], tokens)
        : JSON.stringify(mutatedJson(random, JSON.parse(run))),
    read: (text) => {
      fs.writeFileSync(file, text);
      const runs = readRuns(artifacts);
      expect(runs.length).toBe(1);
      return findRun(runs, 'latest');
    },
    wrong: (record) => {
      const { stages: _, ...shown } = record;
      // Without the backslashes that are letters of a text, what is written out is no escape.
      const text = JSON.stringify(shown).replaceAll('\\\\', '');
      return /\\u00[01]|[\x7f-\x9f]/.test(text) ? 'a text that acts' : undefined;
    },
  });
  expect(answered(outcomes)).toBe(outcomes.asked);
  expect(Object.keys(outcomes.refused)).toEqual(['damaged-run']);
  expect(outcomes.read).toBeGreaterThan(20);
});

it('mutated pointers, pins, notes, leases and presences stop no command', async () => {
  const workspace = workspaceOf(toy);
  const { store } = workspace;
  const holder = JSON.stringify({
    engine: '1-00',
    token: 't',
    instance: 'text',
    worker: { pid: 1, started: '1' },
  });
  const identity = JSON.stringify({
    host: 'h',
    boot: 'b',
    pidNamespace: 'n',
    pid: 1,
    started: '1',
  });
  const small = [holder, identity, '{}', `${'0'.repeat(64)}\n`, '[["a.wav","0"]]'];
  const places = [
    'latest',
    'pins',
    'store/notes',
    'store/leases',
    'store/processes',
    'store/tmp',
    'store/objects/00',
    'store/records/00',
  ];
  const names = [
    'text',
    'train.fold-1',
    'x.json',
    '.json',
    '..json',
    '...json',
    '-1.json',
    'a.json.tmp',
  ];
  const outcomes = await fuzz({
    name: 'small files of the store',
    seed: 44,
    count: 2000,
    make: (random) => ({
      place: pick(random, places),
      name: mutatedText(random, names, [...hostileTokens, '.json'])
        .replaceAll(/[/\0]/g, '')
        .slice(0, 60),
      text: mutatedText(random, small, tokens),
      old: random.below(2) === 0,
    }),
    read: ({ place, name, text, old }) => {
      if (['', '.', '..'].includes(name)) return 'not a name';
      const file = path.join(artifacts, place, name);
      try {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text, { flag: 'wx' });
        if (old) fs.utimesSync(file, 0, 0);
      } catch {
        return 'not a name here';
      }
      workspace.leases.sweep();
      workspace.presence.sweep((token) => {
        store.removeTemporary(token);
      });
      readRuns(artifacts);
      const found = verify(workspace, temporary);
      const options = { keepRuns: 1, dropTemporary: false, temporary, nowMs: Date.now() };
      const removals = collect(workspace, options);
      fs.rmSync(file, { force: true });
      return JSON.stringify([found.findings, removals.removals.map((one) => one.name)]);
    },
    wrong: (told) =>
      /\\u00[01]/.test(told.replaceAll('\\\\u', '')) ? 'a text that acts on a terminal' : undefined,
  });
  expect(outcomes.refused).toEqual({});
  expect(outcomes.read).toBe(outcomes.asked);
  expect(verify(workspace, temporary).findings).toEqual([]);
});

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
    fs.rmSync(path.join(kept, 'store/processes'), { recursive: true, force: true });
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
    const [record] = records;
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

it('a store that was damaged anywhere gives the same result again, or a refusal', async () => {
  const whole = (): string => fs.readFileSync(path.join(artifacts, 'last/last.txt'), 'utf8');
  const right = whole();
  const outcomes = await fuzz({
    name: 'a damaged store',
    seed: 45,
    count: 25,
    make: (random) => {
      const files = filesBelow(artifacts).filter(({ path: file }) => fs.lstatSync(file).isFile());
      const { path: file } = pick(random, files);
      const text = mutatedText(random, [fs.readFileSync(file, 'latin1')], tokens);
      return { file: path.relative(artifacts, file), text };
    },
    read: async ({ file, text }) => {
      fs.chmodSync(path.join(artifacts, file), 0o644);
      fs.writeFileSync(path.join(artifacts, file), text, 'latin1');
      const { outcome } = await toy.run();
      const failed = [...outcome.results.values()].filter(({ kind }) => kind === 'failed');
      const result = failed.length > 0 ? right : whole();
      restore();
      return { result, failed };
    },
    wrong: ({ result, failed }) => {
      const stack = JSON.stringify(failed);
      if (stack.includes('"code":"internal"')) return `failed: ${stack}`;
      return result === right ? undefined : `another result: ${result}`;
    },
  });
  expect(outcomes.read).toBe(outcomes.asked);
});

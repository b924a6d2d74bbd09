import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { canonicalJson, isHash, sha256 } from '../../lib/pipeline/canonical.ts';
import { reasonText } from '../../lib/pipeline/explain.ts';
import { fingerprintOf } from '../../lib/pipeline/fingerprint.ts';
import { collect } from '../../lib/pipeline/gc.ts';
import { runFile } from '../../lib/pipeline/run-record.ts';
import { findRun, readRuns } from '../../lib/pipeline/runs.ts';
import type { StoreRecord } from '../../lib/pipeline/store.ts';
import { filesBelow } from '../../lib/pipeline/store-contents.ts';
import { verify } from '../../lib/pipeline/verify.ts';
import { temporary, workspaceOf } from '../helpers/small-toy.ts';
import { answered, fuzz } from './fuzz.ts';
import { hostileTokens, mutatedJson, mutatedText, pick } from './mutate.ts';
import { recordedToy } from './recorded-toy.ts';

const made = recordedToy();
const { toy, artifacts, restore } = made;

const tokens = [...hostileTokens, '"sha256":', '"format":1', '\\u001b', '[1e999]', '"bytes":-1'];

it('a mutated record is the record that was written, or none', async () => {
  const { store } = workspaceOf(toy);
  const written = new Set(made.records.map((record) => canonicalJson(record)));
  const outcomes = await fuzz({
    name: 'records',
    seed: 41,
    count: 2000,
    make: (random) => ({
      text: mutatedText(random, made.recordTexts, tokens),
      name: pick(random, made.records).fingerprint,
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
    make: (random) => forged(mutatedJson(random, pick(random, made.records))),
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
    make: (random) => forged(mutatedJson(random, pick(random, made.records))),
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
  const id = (JSON.parse(made.run) as { id: string }).id;
  const file = runFile(artifacts, id);
  const outcomes = await fuzz({
    name: 'run.json',
    seed: 43,
    count: 2000,
    make: (random) =>
      random.below(2) === 0
        ? mutatedText(random, [made.run], tokens)
        : JSON.stringify(mutatedJson(random, JSON.parse(made.run))),
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
    'sweeps',
    'sweeps/many/latest',
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

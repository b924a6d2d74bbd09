import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { byCodeUnit } from './canonical.ts';
import { UserError } from './errors.ts';
import { readTextFile } from './read-text.ts';
import { DID_NOTHING } from './run-name.cjs';
import { runFile, type RunRecord } from './run-record.ts';
import { storeError } from './store.ts';
import { visible } from './words.ts';
import type { Workspace } from './workspace.ts';

/** A run as its folder has it; the record is undefined when it cannot be read. */
export interface KnownRun {
  readonly id: string;
  readonly record: RunRecord | undefined;
  /** The names under which it is pinned. */
  readonly pins: readonly string[];
}

/**
 * Every recorded run, newest first; without folders whose run was stopped before it had a record, and
 * without those that did nothing and whose record a power cut took.
 */
export function readRuns(artifacts: string): readonly KnownRun[] {
  const pins = [...readPins(artifacts)];
  return namesIn(path.join(artifacts, 'runs'))
    .filter((id) => fs.existsSync(runFile(artifacts, id)))
    .sort((a, b) => byCodeUnit(b, a))
    .map((id) => ({
      id: visible(id),
      record: recordOf(artifacts, id),
      pins: pins.filter(([, run]) => run === id).map(([name]) => name),
    }))
    .filter(({ id, record }) => record !== undefined || !id.endsWith(DID_NOTHING));
}

/** A record under another run's name is none: nobody knows which it is. */
function recordOf(artifacts: string, id: string): RunRecord | undefined {
  const record = readRunFile(runFile(artifacts, id));
  return record?.id === id ? record : undefined;
}

/** A run.json, wherever it lies; undefined when it is not one, or not whole. */
export function readRunFile(file: string): RunRecord | undefined {
  try {
    const parsed = runSchema.safeParse(JSON.parse(readTextFile(file) ?? ''));
    return parsed.success ? (parsed.data as RunRecord) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The run that a word means: an id or how it begins, `latest`, `latest~1` for the one before, or the
 * name of a pin.
 *
 * @throws UserError when it means none or several, or a run whose record cannot be read.
 */
export function findRun(runs: readonly KnownRun[], word: string): RunRecord {
  const back = /^latest(?:~(\d+))?$/.exec(word);
  const found =
    back === null
      ? runs.filter(({ id, pins }) => id.startsWith(word) || pins.includes(word))
      : runs.slice(Number(back[1] ?? 0)).slice(0, 1);
  const exact = found.find(({ id, pins }) => id === word || pins.includes(word));
  const [only] = exact === undefined ? found : [exact];
  if (only === undefined) {
    const newest = runs[0] === undefined ? 'none is recorded yet.' : `the newest is ${runs[0].id}.`;
    throw new UserError('no-such-run', `There is no run ${word}; ${newest}`);
  }
  if (exact === undefined && found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new UserError(
      'ambiguous-run',
      `${word} begins the name of ${found.length} runs: ${ids}.`,
    );
  }
  if (only.record === undefined) {
    throw new UserError('damaged-run', `The record of the run ${only.id} cannot be read.`);
  }
  return only.record;
}

/** name -> run id: what gc keeps until the name is taken away. */
function readPins(artifacts: string): ReadonlyMap<string, string> {
  const folder = path.join(artifacts, 'pins');
  const pins = namesIn(folder)
    .sort(byCodeUnit)
    .map((name): [string, string] => [
      visible(name),
      readTextFile(path.join(folder, name))?.trim() ?? '',
    ]);
  return new Map(pins);
}

/** @throws UserError for a name that is no file name everywhere. */
export function setPin(workspace: Workspace, name: string, run: string): void {
  const { artifacts, store, presence } = workspace;
  store.writeDurably(pinFile(artifacts, name), `${run}\n`);
  store.removeTemporary(presence.token);
}

/** @throws UserError when there is no such pin. */
export function removePin(artifacts: string, name: string): void {
  const file = pinFile(artifacts, name);
  if (!fs.existsSync(file)) throw new UserError('no-such-pin', `No run is pinned as ${name}.`);
  fs.rmSync(file);
}

function pinFile(artifacts: string, name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) {
    throw new UserError(
      'bad-pin',
      `A pin is named in lower-case letters, digits and dashes, not ${JSON.stringify(name)}.`,
    );
  }
  return path.join(artifacts, 'pins', name);
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError(folder, error, 'read');
  }
}

// What it says is shown: whatever would act on a terminal is written out.
const text = z.string().transform(visible);
const texts = z.record(text, text);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const runSchema = z.object({
  format: z.literal(1),
  id: text,
  words: z.array(text),
  config: text,
  started: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  seconds: z.number().nullable(),
  status: z.number().nullable(),
  git: z.object({ commit: text, clean: z.boolean() }).nullable(),
  versions: z.object({
    node: text,
    platform: text,
    lock: text.nullable(),
    tools: texts,
    packages: texts,
  }),
  stages: z.array(
    z.object({
      name: text,
      use: text,
      params: z.record(text, z.unknown()),
      needs: z.record(text, z.array(text)),
    }),
  ),
  instances: z.array(
    z.object({
      instance: text,
      result: z.literal([
        'fresh',
        'restored',
        'shared',
        'ran',
        'failed',
        'moved',
        'interrupted',
        'blocked',
      ]),
      reasons: z.array(text),
      seconds: z.number().optional(),
      error: text.optional(),
      fingerprint: hash.optional(),
      outputs: z.record(text, z.object({ kind: text, sha256: hash, bytes: z.number() })),
      log: z.array(text),
    }),
  ),
});

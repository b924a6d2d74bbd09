import fs from 'node:fs';
import path from 'node:path';
import { isHash, type Sha256 } from './canonical.ts';
import { UserError } from './errors.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Job } from './job.ts';
import { allPointers } from './latest.ts';
import { readTextFile } from './read-text.ts';
import { didNothing, runFile } from './run-record.ts';
import { readRuns, type KnownRun } from './runs.ts';
import { reachedFrom, temporaryObjects, wordsOfObjects } from './reachable.ts';
import { contentsOf, filesBelow, type StoredFile } from './store-contents.ts';
import type { StoreRecord } from './store.ts';
import type { Workspace } from './workspace.ts';

export interface CollectOptions {
  /** How many of the newest runs that did something are kept; pinned ones are kept beside. */
  readonly keepRuns: number;
  /** Whether what `keep: false` stages wrote goes too, though reachable. */
  readonly dropTemporary: boolean;
  /** The kinds of file that such stages write. */
  readonly temporary: ReadonlySet<string>;
  /** Milliseconds of the epoch. */
  readonly nowMs: number;
}

/** Something that gc would remove. */
export interface Removal {
  readonly what: 'run' | 'record' | 'note' | 'object' | 'damaged' | 'work-folder';
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** What it is, for a person: `means of mel`. */
  readonly of: string;
  readonly reason: 'older-run' | 'unreached' | 'temporary' | 'set-aside' | 'left-by-a-dead-process';
}

export interface Collection {
  readonly removals: readonly Removal[];
  readonly kept: { readonly objects: number; readonly bytes: number; readonly runs: number };
  /** Objects and records that nothing reaches, but that are too young to be judged. */
  readonly young: number;
}

/** What is younger may belong to a run whose record is about to be written. */
export const GRACE_MS = 3_600_000;

/**
 * Says what nothing reaches any more. Roots are the latest result of every instance, of plain runs
 * and of sweeps, the runs that are kept, pinned runs, and what the instances that run now read. Changes nothing.
 *
 * @throws UserError when a run's record cannot be read, since nobody knows what it reaches.
 */
export function collect(workspace: Workspace, options: CollectOptions): Collection {
  const { artifacts, store, latest, presence } = workspace;
  const isYoung = ({ changedMs }: StoredFile): boolean => options.nowMs - changedMs < GRACE_MS;
  const runs = readRuns(artifacts);
  const kept = keptRuns(runs, options.keepRuns);
  const records = contentsOf.records(store);
  const known = new Map<Fingerprint, StoreRecord>();
  for (const { name } of records) {
    const record = isHash(name) ? store.record(name) : undefined;
    if (record !== undefined) known.set(name, record);
  }
  const roots = [
    ...allPointers(latest, artifacts, store).map(({ fingerprint }) => fingerprint),
    ...[...kept].flatMap(({ record }) => record?.instances.map((one) => one.fingerprint) ?? []),
  ].filter((fingerprint) => fingerprint !== undefined);
  const busy = contentsOf.workFolders(store).filter(({ name }) => presence.isAlive(name));
  const reached = reachedFrom(known, roots, busy.flatMap(inputsOfJobs));

  const removals: Removal[] = [];
  let young = 0;
  const remove = (file: StoredFile, what: Removal['what'], of: string): void => {
    const { name, path, bytes } = file;
    if (isYoung(file)) young += 1;
    else removals.push({ what, name, path, bytes, of, reason: 'unreached' });
  };
  for (const { id, record } of runs.filter((run) => !kept.has(run))) {
    const file = filesBelow(path.dirname(runFile(artifacts, id)));
    const bytes = file.reduce((sum, one) => sum + one.bytes, 0);
    if (file.some(isYoung)) continue;
    const of = record === undefined ? '' : record.words.join(' ');
    const folder = path.dirname(runFile(artifacts, id));
    removals.push({ what: 'run', name: id, path: folder, bytes, of, reason: 'older-run' });
  }
  for (const file of records) {
    if (!reached.records.has(file.name))
      remove(file, 'record', known.get(file.name)?.instance ?? '');
  }
  for (const file of contentsOf.notes(store)) {
    if (!reached.noted.has(file.name))
      remove(file, 'note', 'a list of input files or of functions');
  }
  const words = wordsOfObjects(known);
  const temporary = temporaryObjects(known, options.temporary);
  let objects = 0;
  let bytes = 0;
  for (const file of contentsOf.objects(store)) {
    const of = words.get(file.name) ?? '';
    const droppable =
      options.dropTemporary && temporary.has(file.name) && !reached.busy.has(file.name);
    if (!reached.objects.has(file.name)) remove(file, 'object', of);
    else if (droppable && !isYoung(file)) {
      removals.push({ what: 'object', ...place(file), of, reason: 'temporary' });
    } else {
      objects += 1;
      bytes += file.bytes;
    }
  }
  for (const file of contentsOf.damaged(store)) {
    removals.push({ what: 'damaged', ...place(file), of: '', reason: 'set-aside' });
  }
  for (const folder of contentsOf.workFolders(store)) {
    if (isYoung(folder) || busy.includes(folder) || presence.isAlive(folder.name)) continue;
    removals.push({
      what: 'work-folder',
      ...place(folder),
      of: '',
      reason: 'left-by-a-dead-process',
    });
  }
  return { removals, kept: { objects, bytes, runs: kept.size }, young };
}

/**
 * Removes what was found. Records go before the objects that they name: a crash on the way leaves
 * objects that nothing names, never a record of what is not there.
 */
export function remove({ artifacts }: Workspace, { removals }: Collection): void {
  for (const { path: name } of removals) fs.rmSync(name, { recursive: true, force: true });
  for (const name of deadLinks(artifacts)) fs.rmSync(name, { force: true });
}

function place({ name, path, bytes }: StoredFile): Pick<Removal, 'name' | 'path' | 'bytes'> {
  return { name, path, bytes };
}

/** The newest that did something, and the newest of all; what was all fresh repeats an earlier run. */
function keptRuns(runs: readonly KnownRun[], count: number): ReadonlySet<KnownRun> {
  const unreadable = runs.find(({ record }) => record === undefined);
  if (unreadable !== undefined) {
    throw new UserError(
      'damaged-run',
      `The record of the run ${unreadable.id} cannot be read, so nobody knows what it reaches: remove artifacts/runs/${unreadable.id} first.`,
    );
  }
  const active = runs.filter(({ record }) => record !== undefined && !didNothing(record));
  return new Set([
    ...active.slice(0, count),
    ...runs.slice(0, 1),
    ...runs.filter(({ pins }) => pins.length > 0),
  ]);
}

/** What the instances in a living process's work folder read, by their job files. */
function inputsOfJobs(folder: StoredFile): readonly Sha256[] {
  return filesBelow(folder.path)
    .filter(({ path: file }) => path.basename(file) === 'job.json')
    .flatMap(({ path: file }) => {
      try {
        const { inputs } = JSON.parse(readTextFile(file) ?? '') as Job;
        return Object.values(inputs)
          .flat()
          .map(({ sha256 }) => sha256)
          .filter(isHash);
      } catch {
        // It ended meanwhile, and its folder is gone.
        return [];
      }
    });
}

/** The human names of objects that are gone. */
function deadLinks(artifacts: string): readonly string[] {
  const own = ['store', 'latest', 'runs', 'pins', 'sweeps', 'comparisons'];
  return fs
    .readdirSync(artifacts, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !own.includes(entry.name))
    .flatMap((entry) => filesBelow(path.join(artifacts, entry.name)))
    .map((file) => file.path)
    .filter((name) => fs.lstatSync(name).isSymbolicLink() && !fs.existsSync(name));
}

import fs from 'node:fs';
import { isHash, sha256, type Sha256 } from './canonical.ts';
import { allPointers } from './latest.ts';
import { readTextFile } from './read-text.ts';
import { readRuns } from './runs.ts';
import { contentsOf, totalBytes } from './store-contents.ts';
import type { StoreRecord } from './store.ts';
import type { Workspace } from './workspace.ts';

/** Something in the store that is not as it should be. */
export interface Finding {
  readonly finding:
    | 'object-damaged'
    | 'object-missing'
    | 'record-damaged'
    | 'record-missing'
    | 'latest-damaged'
    | 'note-damaged'
    | 'run-damaged'
    | 'stranger';
  /** The hash, the fingerprint, the instance, the run or the file that it is about. */
  readonly name: string;
  /** Whose it is, for a person: `means of mel`; empty where nobody's. */
  readonly what: string;
  /** The instances, also of sweeps, whose latest result it touches: the next run builds them again. */
  readonly rebuilds: readonly string[];
}

/** An object that gc dropped, as it may: its record stays, and what follows is fresh without it. */
export interface Dropped {
  readonly sha256: Sha256;
  readonly bytes: number;
  readonly what: string;
}

export interface Verified {
  readonly objects: number;
  readonly bytes: number;
  readonly records: number;
  readonly latest: number;
  readonly dropped: readonly Dropped[];
  readonly findings: readonly Finding[];
}

/**
 * Reads everything in the store and holds it against its name. Changes nothing: what is wrong is set
 * aside and built again by the run that meets it.
 *
 * @param temporary the kinds of file that gc may drop though reachable
 * @param progress told how many bytes of how many were read
 */
export function verify(
  { artifacts, store, latest }: Workspace,
  temporary: ReadonlySet<string>,
  progress: (done: number, total: number) => void = () => undefined,
): Verified {
  const pointers = allPointers(latest, artifacts, store);
  const latestOf = (fingerprint: string): readonly string[] =>
    pointers.filter((pointer) => pointer.fingerprint === fingerprint).map(({ of }) => of);
  const findings: Finding[] = [];

  const recordFiles = contentsOf.records(store);
  const records: StoreRecord[] = [];
  for (const { name } of recordFiles) {
    const record = isHash(name) ? store.record(name) : undefined;
    if (record !== undefined) records.push(record);
    else {
      const rebuilds = latestOf(name);
      findings.push({ finding: 'record-damaged', name, what: rebuilds.join(', '), rebuilds });
    }
  }
  const makers = makersOf(records);

  const objects = contentsOf.objects(store);
  const total = totalBytes(objects);
  let done = 0;
  for (const { name, bytes } of objects) {
    if (!isHash(name)) {
      findings.push({ finding: 'stranger', name, what: '', rebuilds: [] });
    } else if (!store.isWhole(name)) {
      const made = makers.get(name) ?? [];
      findings.push({
        finding: 'object-damaged',
        name,
        what: wordsOf(made),
        rebuilds: [...new Set(made.flatMap(({ record }) => latestOf(record.fingerprint)))],
      });
    }
    done += bytes;
    progress(done, total);
  }

  const dropped: Dropped[] = [];
  for (const [hash, made] of makers) {
    if (fs.existsSync(store.objectPath(hash))) continue;
    const what = wordsOf(made);
    if (made.every(({ record, output }) => temporary.has(record.fields.writes[output] ?? ''))) {
      const bytes = made[0]?.record.outputs[made[0].output]?.bytes ?? 0;
      dropped.push({ sha256: hash, bytes, what });
      continue;
    }
    const rebuilds = made.flatMap(({ record }) => latestOf(record.fingerprint));
    findings.push({
      finding: 'object-missing',
      name: hash,
      what,
      rebuilds: [...new Set(rebuilds)],
    });
  }

  for (const { of, fingerprint } of pointers) {
    if (fingerprint === undefined) {
      findings.push({ finding: 'latest-damaged', name: of, what: '', rebuilds: [] });
    } else if (!store.hasRecord(fingerprint)) {
      findings.push({ finding: 'record-missing', name: fingerprint, what: of, rebuilds: [of] });
    }
  }
  for (const { name, path } of contentsOf.notes(store)) {
    const text = readTextFile(path);
    if (text !== undefined && sha256(text) === name) continue;
    findings.push({ finding: 'note-damaged', name, what: '', rebuilds: [] });
  }
  for (const { id, record } of readRuns(artifacts)) {
    if (record === undefined)
      findings.push({ finding: 'run-damaged', name: id, what: '', rebuilds: [] });
  }
  return {
    objects: objects.length,
    bytes: total,
    records: recordFiles.length,
    latest: pointers.length,
    dropped,
    findings,
  };
}

interface Made {
  readonly record: StoreRecord;
  readonly output: string;
}

/** The records that name each object, with the output that it is. */
function makersOf(records: readonly StoreRecord[]): ReadonlyMap<Sha256, readonly Made[]> {
  const makers = new Map<Sha256, Made[]>();
  for (const record of records) {
    for (const [output, { sha256: hash }] of Object.entries(record.outputs)) {
      makers.set(hash, [...(makers.get(hash) ?? []), { record, output }]);
    }
  }
  return makers;
}

/** `means of mel`, each once. */
function wordsOf(made: readonly Made[]): string {
  return [...new Set(made.map(({ record, output }) => `${output} of ${record.instance}`))].join(
    ', ',
  );
}

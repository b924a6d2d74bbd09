import fs from 'node:fs';
import path from 'node:path';
import { byCodeUnit } from './canonical.ts';
import { loadDeclaration } from './load.ts';
import { storeError, type Store } from './store.ts';
import { visible } from './words.ts';

/** A file of the store, as its folder lists it. */
export interface StoredFile {
  /** Without its ending: a hash, a fingerprint, or what stood aside. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it came to its place or was last touched, in milliseconds of the epoch. */
  readonly changedMs: number;
}

/** What lies in the store, in the order of the names. Reads folders, not files. */
export const contentsOf = {
  objects: (store: Store): readonly StoredFile[] => filesBelow(path.join(store.folder, 'objects')),
  records: (store: Store): readonly StoredFile[] => filesBelow(path.join(store.folder, 'records')),
  notes: (store: Store): readonly StoredFile[] => filesBelow(path.join(store.folder, 'notes')),
  /** What was set aside, since its bytes were not what its name says. */
  damaged: (store: Store): readonly StoredFile[] => filesBelow(path.join(store.folder, 'damaged')),
  /** The folders in which processes work, by the process's token. */
  workFolders: (store: Store): readonly StoredFile[] => workFolders(store),
};

/** How large the store is: objects and everything beside them, in bytes. */
export function storeSize(store: Store): { readonly objects: number; readonly bytes: number } {
  const objects = contentsOf.objects(store);
  return { objects: objects.length, bytes: totalBytes(filesBelow(store.folder)) };
}

export function totalBytes(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The kinds of file that gc may drop though reachable: what the stages with `keep: false` write.
 *
 * @param registry every stage that a pipeline may use: name -> file below root
 */
export async function temporaryKinds(
  root: string,
  registry: Readonly<Record<string, string>>,
): Promise<ReadonlySet<string>> {
  const kinds = new Set<string>();
  for (const entry of Object.values(registry)) {
    const { keep, writes } = await loadDeclaration(root, entry);
    if (keep === false) for (const kind of Object.values(writes)) kinds.add(kind);
  }
  return kinds;
}

/** Every file below a folder; none where it is not there. */
export function filesBelow(folder: string): readonly StoredFile[] {
  return entriesOf(folder)
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(full);
      const stat = fs.lstatSync(full, { throwIfNoEntry: false });
      return stat === undefined ? [] : [storedFile(full, stat.size, stat.ctimeMs)];
    })
    .sort((a, b) => byCodeUnit(a.path, b.path));
}

function workFolders(store: Store): readonly StoredFile[] {
  const folder = path.join(store.folder, 'tmp');
  return entriesOf(folder).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    const stat = fs.lstatSync(full, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    const files = entry.isDirectory() ? filesBelow(full) : [];
    const changedMs = Math.max(stat.ctimeMs, ...files.map((file) => file.changedMs));
    return [storedFile(full, totalBytes(files), changedMs)];
  });
}

function storedFile(file: string, bytes: number, changedMs: number): StoredFile {
  // A name that the store did not give is shown to a person, who would be told more by it than meant.
  return { name: visible(path.basename(file, '.json')), path: file, bytes, changedMs };
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError(folder, error, 'read');
  }
}

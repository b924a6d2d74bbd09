import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, isHash, sha256, type Sha256 } from './canonical.ts';
import { hashFile } from './content.ts';
import { UserError } from './errors.ts';
import { fingerprintOf, type Fingerprint, type FingerprintFields } from './fingerprint.ts';
import { reach } from './points.ts';
import { readTextFile } from './read-text.ts';
import { isRecordShaped } from './record-shape.ts';

/** What one computation gave. Written only after all that it names is durable. */
export interface StoreRecord {
  readonly format: number;
  readonly fingerprint: Fingerprint;
  /** The instance that made it: `train[fold=3]`. */
  readonly instance: string;
  readonly fields: FingerprintFields;
  /** The code of each source file, comments gone: lets `why` name the file that changed. */
  readonly sources: Readonly<Record<string, Sha256>>;
  /** The note of their declarations: lets `why` name the function; records of before have none. */
  readonly declarations?: Sha256;
  readonly outputs: Readonly<Record<string, StoredObject>>;
  /** Lines that belong to the result. */
  readonly log: readonly string[];
  readonly seconds: number;
}

export interface StoredObject {
  readonly sha256: Sha256;
  readonly bytes: number;
}

/** What is known of an object without reading it. */
export type ObjectState = 'present' | 'missing' | 'damaged';

/**
 * The content-addressed store: objects by the SHA-256 of their bytes, records by fingerprint. Both are
 * put in place by renaming a synced file, so that a crash leaves either nothing or the whole.
 */
export class Store {
  readonly folder: string;

  /** Of this process: what it leaves half-done lies under it, and is removed once it is dead. */
  readonly #token: string;

  constructor(artifacts: string, token: string) {
    this.folder = path.join(artifacts, 'store');
    this.#token = token;
  }

  objectPath(hash: Sha256): string {
    if (!isHash(hash)) throw new Error('Internal error: an object is named by its hash');
    return path.join(this.folder, 'objects', hash.slice(0, 2), hash);
  }

  /** By its length alone; its bytes are checked when a stage reads it or a person is given it. */
  objectState({ sha256, bytes }: StoredObject): ObjectState {
    const stat = fs.statSync(this.objectPath(sha256), { throwIfNoEntry: false });
    if (stat === undefined) return 'missing';
    return stat.isFile() && stat.size === bytes ? 'present' : 'damaged';
  }

  /** Reads the object's bytes and holds them against its name. */
  isWhole(hash: Sha256): boolean {
    const file = this.objectPath(hash);
    return isFile(file) && hashFile(file, 'artifact') === hash;
  }

  /** What a computation gave; undefined when it is not known, or its record is not whole. */
  record(fingerprint: Fingerprint): StoreRecord | undefined {
    const text = readTextFile(this.#recordPath(fingerprint));
    return text === undefined ? undefined : wholeRecord(text, fingerprint);
  }

  hasRecord(fingerprint: Fingerprint): boolean {
    return fs.existsSync(this.#recordPath(fingerprint));
  }

  /** A path that nobody else uses, on the same file system as everything else of the store. */
  temporary(): string {
    const folder = this.#temporaryFolder(this.#token);
    this.#guard(folder, () => makeFolder(folder));
    return path.join(folder, randomBytes(8).toString('hex'));
  }

  makeWorkFolder(): string {
    const folder = this.temporary();
    this.#guard(folder, () => fs.mkdirSync(folder));
    reach('work-folder-made');
    return folder;
  }

  removeWorkFolder(folder: string): void {
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** Removes what a process left half-done. */
  removeTemporary(token: string): void {
    fs.rmSync(this.#temporaryFolder(token), { recursive: true, force: true });
  }

  /**
   * Moves a finished, synced file to its place among the objects. One that is there already stays, if
   * it is whole.
   *
   * @returns where a damaged one was set aside, if there was one
   */
  addObject(file: string, object: StoredObject): string | undefined {
    const target = this.objectPath(object.sha256);
    if (this.isWhole(object.sha256)) return undefined;
    const aside = fs.existsSync(target) ? this.setAside(object.sha256) : undefined;
    this.#guard(target, () => {
      makeFolderDurably(path.dirname(target));
      fs.chmodSync(file, 0o444);
      reach('object-before-rename');
      fs.renameSync(file, target);
      reach('object-renamed');
      syncFolder(path.dirname(target));
    });
    return aside;
  }

  /** @returns false when another record of this fingerprint with other outputs is there already. */
  addRecord(record: StoreRecord): boolean {
    const known = this.record(record.fingerprint);
    if (known !== undefined) return canonicalJson(known.outputs) === canonicalJson(record.outputs);
    const text = JSON.stringify({ ...record, checksum: sha256(canonicalJson(record)) });
    this.writeDurably(this.#recordPath(record.fingerprint), text);
    reach('record-placed');
    return true;
  }

  /** Moves an object whose bytes are not what its name says out of the way. */
  setAside(hash: Sha256): string {
    const aside = path.join(this.folder, 'damaged', `${hash}-${randomBytes(4).toString('hex')}`);
    this.#guard(aside, () => {
      makeFolder(path.dirname(aside));
      fs.renameSync(this.objectPath(hash), aside);
    });
    return aside;
  }

  /** Moves a record that is not whole out of the way. @returns where to, if there was one */
  setRecordAside(fingerprint: Fingerprint): string | undefined {
    const file = this.#recordPath(fingerprint);
    if (!fs.existsSync(file) || this.record(fingerprint) !== undefined) return undefined;
    const aside = path.join(
      this.folder,
      'damaged',
      `${fingerprint}-${randomBytes(4).toString('hex')}.json`,
    );
    this.#guard(aside, () => {
      makeFolder(path.dirname(aside));
      fs.renameSync(file, aside);
    });
    return aside;
  }

  /** A small text that was derived, such as a corpus's listing, under its own hash. */
  addNote(hash: Sha256, text: string): void {
    if (this.note(hash) === undefined) {
      this.writeDurably(path.join(this.folder, 'notes', hash), text);
    }
  }

  /** undefined when it is not there, or its bytes are not what its name says. */
  note(hash: Sha256): string | undefined {
    const text = isHash(hash) ? readTextFile(path.join(this.folder, 'notes', hash)) : undefined;
    return text === undefined || sha256(text) !== hash ? undefined : text;
  }

  /** Writes a small file so that after a power cut it is either as it was or whole. */
  writeDurably(target: string, text: string): void {
    this.#guard(target, () => {
      makeFolderDurably(path.dirname(target));
      const temporary = this.temporary();
      const bytes = Buffer.from(text);
      const half = bytes.length >> 1;
      const handle = fs.openSync(temporary, 'wx');
      try {
        reach('text-before-write');
        fs.writeSync(handle, bytes, 0, half);
        reach('text-half-written');
        fs.writeSync(handle, bytes, half);
        reach('text-before-sync');
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
      reach('text-before-rename');
      fs.renameSync(temporary, target);
      reach('text-renamed');
      syncFolder(path.dirname(target));
    });
  }

  #recordPath(fingerprint: Fingerprint): string {
    return path.join(this.folder, 'records', fingerprint.slice(0, 2), `${fingerprint}.json`);
  }

  #temporaryFolder(token: string): string {
    return path.join(this.folder, 'tmp', token);
  }

  /** Turns what the file system refuses into one clear error that names the path. */
  #guard(target: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      throw storeError(target, error);
    }
  }
}

/** @throws UserError in the user's words for a full disk, a read-only store, too few handles. */
export function storeError(
  target: string,
  error: unknown,
  what: 'written' | 'read' = 'written',
): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const words = code === undefined ? undefined : STORE_TROUBLES[code];
  if (words === undefined) return error;
  return new UserError(
    'store',
    `The artifacts cannot be ${what}: ${words} (${target}). Nothing that was there was touched; run again when it is mended.`,
    { cause: error },
  );
}

const STORE_TROUBLES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENOTDIR: 'something on the way is not a folder',
  EEXIST: 'something else is in its place',
};

/** A record whose checksum, name and fields agree. */
function wholeRecord(text: string, fingerprint: Fingerprint): StoreRecord | undefined {
  try {
    const { checksum, ...record } = JSON.parse(text) as StoreRecord & { checksum: Sha256 };
    const whole =
      isRecordShaped(record) &&
      checksum === sha256(canonicalJson(record)) &&
      record.fingerprint === fingerprint &&
      fingerprintOf(record.fields) === fingerprint;
    return whole ? record : undefined;
  } catch {
    return undefined;
  }
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Makes a folder whose name survives a power cut. */
function makeFolderDurably(folder: string): void {
  if (makeFolder(folder)) syncFolder(path.dirname(folder));
}

/** Makes a folder and those above it. @returns whether it was not there */
function makeFolder(folder: string): boolean {
  try {
    return fs.mkdirSync(folder, { recursive: true }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // So Node tells of a read-only file system; asked for one folder, it tells what is wrong.
    let missing = folder;
    while (!fs.existsSync(path.dirname(missing))) missing = path.dirname(missing);
    fs.mkdirSync(missing);
    return makeFolder(folder);
  }
}

/** A renamed file survives a power cut only when its folder is synced too; Windows cannot, and need not. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

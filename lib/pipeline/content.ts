import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { byCodeUnit, sha256, type Sha256 } from './canonical.ts';
import { UserError } from './errors.ts';
import { seal, unseal } from './sealed.mjs';
import { sameStamp, stampOf } from './stamp.cjs';

type Stamp = ReturnType<typeof stampOf>;

/** The content of a folder: its files by name, `/`-separated, in code-unit order. */
export type Listing = Readonly<Record<string, Sha256>>;

/**
 * Content of files outside the store, by SHA-256. A hash is remembered for as long as the file's size,
 * times and inode stay, and not trusted when the file was as young as the remembering.
 */
export class ContentMemory {
  readonly #file: string;
  readonly #known: Map<string, { sha256: Sha256; stamp: Stamp }>;
  #changed = false;

  constructor(file: string) {
    this.#file = file;
    this.#known = new Map(Object.entries(readMemory(file)));
  }

  /** @throws UserError when the file cannot be read. */
  file(name: string, what: string): Sha256 {
    const readAtMs = Date.now();
    const stat = statOf(name, what);
    if (!stat.isFile()) throw new UserError('not-a-file', `${what}: ${name} is not a file.`);
    const known = this.#known.get(name);
    if (known !== undefined && sameStamp(stat, known.stamp)) return known.sha256;
    const hash = hashFile(name, what);
    this.#known.set(name, { sha256: hash, stamp: stampOf(stat, readAtMs) });
    this.#changed = true;
    return hash;
  }

  /**
   * Every file below a folder whose name matches, by content. Hidden files do not count, and links to
   * folders are not followed.
   *
   * @throws UserError when the folder is not there or a file in it cannot be read.
   */
  folder(root: string, matching: string, what: string): Listing {
    if (!statOf(root, what).isDirectory()) {
      throw new UserError('not-a-folder', `${what}: ${root} is not a folder.`);
    }
    const wanted = new RegExp(matching, 'u');
    const names: string[] = [];
    const walk = (folder: string): void => {
      for (const entry of readFolder(folder, what)) {
        if (entry.name.startsWith('.')) continue;
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) walk(full);
        else if (wanted.test(entry.name) && (entry.isFile() || isFile(full))) names.push(full);
      }
    };
    walk(root);
    const entries = names.map((name): [string, Sha256] => [
      path.relative(root, name).split(path.sep).join('/'),
      this.file(name, what),
    ]);
    return Object.fromEntries(entries.sort(([a], [b]) => byCodeUnit(a, b)));
  }

  /** Keeps what was learned for the next command. Losing it costs time only. */
  save(): void {
    if (!this.#changed) return;
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    const temporary = `${this.#file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, seal(JSON.stringify(Object.fromEntries(this.#known))));
    fs.renameSync(temporary, this.#file);
    this.#changed = false;
  }
}

/** The SHA-256 of a listing: what a folder's content counts as. */
export function listingHash(listing: Listing): Sha256 {
  return sha256(JSON.stringify(Object.entries(listing)));
}

/** The SHA-256 of a file of any size, read in pieces. */
export function hashFile(name: string, what: string): Sha256 {
  const hashing = hashInPieces(name, what);
  for (;;) {
    const { done, value } = hashing.next();
    if (done === true) return value;
  }
}

/** The same, for who has other things to do after each piece. */
export function* hashInPieces(name: string, what: string): Generator<void, Sha256, undefined> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1 << 20);
  let handle;
  try {
    handle = fs.openSync(name, 'r');
    for (;;) {
      const count = fs.readSync(handle, piece, 0, piece.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, count));
      yield;
    }
  } catch (error) {
    throw unreadable(name, what, error);
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function readMemory(file: string): Record<string, { sha256: Sha256; stamp: Stamp }> {
  try {
    const text = unseal(fs.readFileSync(file, 'utf8')) ?? '{}';
    return JSON.parse(text) as Record<string, { sha256: Sha256; stamp: Stamp }>;
  } catch {
    return {};
  }
}

function statOf(name: string, what: string): fs.Stats {
  try {
    return fs.statSync(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError('no-such-path', `${what}: there is no ${name}.`);
    }
    throw unreadable(name, what, error);
  }
}

function isFile(name: string): boolean {
  return fs.statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readFolder(folder: string, what: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, what, error);
  }
}

function unreadable(name: string, what: string, cause: unknown): UserError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new UserError('unreadable', `${what}: ${name} cannot be read (${code}).`, { cause });
}

import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl';
import { UserError } from '../../pipeline/errors.ts';
import { codeOf, writeFailure } from './failures.ts';

interface File {
  readonly entry: Entry;
  /** Below the folder, `/`-separated. */
  readonly name: string;
}

/** What to do when the folder could not be written. */
export const ARCHIVE_KEPT =
  'Nothing was unpacked, and the archive is kept: run this again once that is mended.';

/** Far above any speech corpus: whoever exceeds it means harm. */
const MOST_FILES = 20_000;
const MOST_BYTES = 4_000_000_000;

/**
 * Unpacks a ZIP archive into an empty folder, and nowhere else. All names are looked at before the first
 * byte is written. What an entry declares as its length is what may be written of it (yauzl stops an
 * entry that is longer); checksums of entries are not looked at, since the whole archive's was.
 *
 * @throws UserError when it is no ZIP archive or not whole; when it holds a name that leads out of the
 * folder or that some system does not know, a link, an encrypted file, a name twice, or more than any
 * corpus does; and when the folder cannot be written. The signal's reason when aborted
 */
export async function unpack(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  const zip = await openPromise(archive, { decodeStrings: false, autoClose: false }).catch(
    (error: unknown) => Promise.reject(damaged(archive, error)),
  );
  try {
    const files = await filesOf(zip, archive);
    for (const file of files) {
      signal.throwIfAborted();
      await extract(zip, file, { archive, folder, signal });
    }
  } finally {
    zip.close();
  }
}

/** The files of an archive, each checked; folders are made as the files need them. */
async function filesOf(zip: ZipFile, archive: string): Promise<readonly File[]> {
  const files: File[] = [];
  let bytes = 0;
  const taken = new Set<string>();
  const folders = new Set<string>();
  const refuse = (name: string, why: string): never => {
    throw new UserError(
      'unsafe-archive',
      `${archive} holds ${JSON.stringify(name)}, ${why}. Nothing was unpacked.`,
    );
  };
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      const wrong = wrongName(name) ?? wrongEntry(entry);
      if (wrong !== undefined) refuse(name, wrong);
      // Systems that ignore case or composition would write both into one file.
      const key = name.normalize('NFC').toLowerCase();
      if (key.endsWith('/')) {
        foldersAbove(key).forEach((above) => folders.add(above));
        continue;
      }
      if (taken.has(key)) refuse(name, 'twice');
      taken.add(key);
      foldersAbove(key).forEach((above) => folders.add(above));
      files.push({ entry, name });
      bytes += entry.uncompressedSize;
      if (files.length > MOST_FILES || bytes > MOST_BYTES) {
        refuse(name, `and so more than ${MOST_FILES} files or ${MOST_BYTES} bytes`);
      }
    }
  } catch (error) {
    throw error instanceof UserError ? error : damaged(archive, error);
  }
  for (const { name } of files) {
    if (folders.has(name.normalize('NFC').toLowerCase())) refuse(name, 'as a file and as a folder');
  }
  return files;
}

/** Backslashes stay what they are, so that they can be refused. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** Why a name is not one that stays below the folder on every system. */
function wrongName(name: string): string | undefined {
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'an absolute path';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '..')) return 'a path that leads out of its folder';
  if (/[\u0000-\u001f\u007f<>:"|?*\\]/.test(name))
    return 'a name with characters that not every system knows';
  if (parts.some((part) => part === '' || /[. ]$/.test(part)))
    return 'a path that not every system knows';
  return undefined;
}

/** Why an entry is not a plain file or folder. */
function wrongEntry(entry: Entry): string | undefined {
  // The upper half is the mode of Unix: 4 bits of type, where 4 is a folder and 8 a file; 0 is not said.
  const type = entry.externalFileAttributes >>> 28;
  if (type === 10) return 'a link';
  if (type !== 0 && type !== 4 && type !== 8) return 'neither a file nor a folder';
  if (entry.isEncrypted()) return 'an encrypted file';
  return undefined;
}

/** `a/`, `a/b/` of `a/b/c`, each without its slash. */
function foldersAbove(name: string): readonly string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

async function extract(
  zip: ZipFile,
  { entry, name }: File,
  { archive, folder, signal }: { archive: string; folder: string; signal: AbortSignal },
): Promise<void> {
  const file = path.join(folder, ...name.split('/'));
  let reading;
  try {
    reading = await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw damaged(archive, error);
  }
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await pipeline(reading, fs.createWriteStream(file, { flags: 'wx' }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    // Errors of the file system name the system call; those of the archive do not.
    if (error instanceof Error && 'syscall' in error) {
      throw writeFailure(error, file, ARCHIVE_KEPT);
    }
    throw damaged(archive, error);
  }
}

function damaged(archive: string, error: unknown): UserError {
  return new UserError(
    'damaged-archive',
    `${archive} cannot be unpacked (${codeOf(error)}): it is no ZIP archive, or not whole.`,
    { cause: error },
  );
}

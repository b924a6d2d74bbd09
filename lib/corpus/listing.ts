import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../pipeline/errors.ts';

/** The extensions that a recording may have, in any case of letters. */
export const EXTENSIONS = [
  'wav',
  'flac',
  'ogg',
  'opus',
  'mp3',
  'm4a',
  'aac',
  'aiff',
  'aif',
  'caf',
  'w64',
] as const;

/** For the names of all files of a folder that count: the recordings and what describes them. */
export const CORPUS_FILES = `^(?:corpus\\.yaml|.*\\.(?:${EXTENSIONS.map(inAnyCase).join('|')}))$`;

export interface CorpusFile {
  /** Path below the corpus without extension, `/`-separated, NFC: what names the clip everywhere. */
  readonly clip: string;
  /** The same with extension. */
  readonly file: string;
  /** Where it lies: as the file system spells it. */
  readonly path: string;
}

export interface Listing {
  /** By clip, in order of code units. */
  readonly files: readonly CorpusFile[];
  /** Links to folders, which are not followed: paths below the corpus. */
  readonly folderLinks: readonly string[];
}

/**
 * Every recording below a folder. Hidden files and folders (`.DS_Store`, `._x.wav`) do not count.
 *
 * @throws UserError when the folder is not there, cannot be read or holds no recording; when a link
 * leads out of it or nowhere; and when two files differ in their extension only.
 */
export async function listCorpus(folder: string): Promise<Listing> {
  const root = await realRoot(folder);
  const files: CorpusFile[] = [];
  const folderLinks: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(path.join(root, below))) {
      if (entry.name.startsWith('.')) continue;
      const relative = path.join(below, entry.name);
      const full = path.join(root, relative);
      if (entry.isDirectory()) await walk(relative);
      else if (entry.isSymbolicLink()) {
        const target = await linkTarget(full, root, folder, relative);
        if (target === 'folder') folderLinks.push(shownPath(relative));
        else if (target === 'file' && isRecording(entry.name)) {
          files.push(corpusFile(relative, full));
        }
      } else if (entry.isFile() && isRecording(entry.name)) files.push(corpusFile(relative, full));
    }
  };
  await walk('');
  if (files.length === 0) {
    throw new UserError(
      'empty-corpus',
      `${folder} holds no recordings: no file in it ends in ${EXTENSIONS.join(', ')}.`,
    );
  }
  files.sort((a, b) => (a.clip < b.clip ? -1 : a.clip > b.clip ? 1 : byText(a.file, b.file)));
  refuseSameClip(files, folder);
  return { files, folderLinks: folderLinks.sort(byText) };
}

function isRecording(name: string): boolean {
  const extension = path.extname(name).slice(1).toLowerCase();
  return EXTENSIONS.some((known) => known === extension);
}

function corpusFile(relative: string, full: string): CorpusFile {
  const file = shownPath(relative);
  return { clip: file.slice(0, file.length - path.extname(file).length), file, path: full };
}

function shownPath(relative: string): string {
  return relative.split(path.sep).join('/').normalize('NFC');
}

async function realRoot(folder: string): Promise<string> {
  let root: string;
  try {
    root = await fs.realpath(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unreadable(folder, error);
    throw new UserError(
      'no-such-corpus',
      `There is no corpus folder ${folder}. Name one with --corpus DIR, or as \`corpus:\` in the pipeline's YAML.`,
    );
  }
  if ((await fs.stat(root)).isDirectory()) return root;
  throw new UserError(
    'corpus-not-a-folder',
    `The corpus ${folder} is a file. It should be a folder of recordings.`,
  );
}

/** A link may lead to another file of the corpus, not out of it: the corpus would not be all that is read. */
async function linkTarget(
  link: string,
  root: string,
  folder: string,
  relative: string,
): Promise<'file' | 'folder' | 'other'> {
  let target: string;
  try {
    target = await fs.realpath(link);
  } catch {
    if (!isRecording(link)) return 'other';
    throw new UserError('broken-link', `${shownPath(relative)} in ${folder} is a link to nothing.`);
  }
  const stat = await fs.stat(target);
  if (stat.isDirectory()) return 'folder';
  if (!stat.isFile() || !isRecording(link)) return 'other';
  if (!target.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) {
    throw new UserError(
      'link-leaves-corpus',
      `${shownPath(relative)} in ${folder} is a link that leaves the corpus. Put the file itself there.`,
    );
  }
  return 'file';
}

function refuseSameClip(files: readonly CorpusFile[], folder: string): void {
  for (const [i, { clip, file }] of files.entries()) {
    const next = files[i + 1];
    if (next?.clip === clip) {
      throw new UserError(
        'same-clip-twice',
        `${file} and ${next.file} in ${folder} would both be the clip ${clip}. Keep one of them.`,
      );
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, cause: unknown): UserError {
  return new UserError(
    'unreadable-corpus',
    `The corpus folder ${folder} cannot be read (${codeOf(cause)}).`,
    { cause },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function inAnyCase(extension: string): string {
  return extension.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

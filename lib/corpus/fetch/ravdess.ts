import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../pipeline/errors.ts';
import { download } from './download.ts';
import { codeOf, writeFailure } from './failures.ts';
import { placeOf, writeMarker } from './marker.ts';
import { ARCHIVE_KEPT, unpack } from './unpack.ts';

export interface Fetching {
  /** The folder to make; its parent is made where it is missing. */
  readonly into: string;
  /** Where the archive is; http or https. */
  readonly url?: string;
  /** What the archive must be. */
  readonly expect?: { readonly bytes: number; readonly md5: string };
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** These two as in download.ts. */
  readonly pausesSeconds?: readonly number[];
  readonly idleSeconds?: number;
}

export interface Fetched {
  readonly folder: string;
  /** How many recordings it holds. */
  readonly files: number;
  /** Whether it was there already, so that nothing was downloaded. */
  readonly already: boolean;
  /** Under which terms, and whom to cite: for a person to read. */
  readonly notice: string;
}

const URL_OF_SPEECH =
  'https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip?download=1';

/**
 * Length and MD5 as Zenodo's page of record 1188976 gives them for Audio_Speech_Actors_01-24.zip;
 * several public projects report the same pair, verified on their own downloads.
 */
const SPEECH = { bytes: 208_468_073, md5: 'bc696df654c87fed845eb13823edef8a' };

const LICENCE = 'CC BY-NC-SA 4.0';
const CITATION =
  'Livingstone SR, Russo FA (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391';

const DESCRIPTION = `name: RAVDESS speech
layout: ravdess
synthetic: false
licence: ${LICENCE}
citation: ${JSON.stringify(CITATION)}
`;

const NOTICE = `RAVDESS is licensed under ${LICENCE}: not for commercial use, and what is made from it is shared alike (https://creativecommons.org/licenses/by-nc-sa/4.0/). To be cited: ${CITATION}`;

/**
 * Downloads the speech recordings of RAVDESS (Livingstone and Russo, 2018; Zenodo 1188976), checks
 * length and MD5, and unpacks them with a corpus.yaml beside them. A download that was interrupted goes
 * on where it ended; the folder appears whole or not at all; one that is there already is left alone.
 *
 * @throws UserError when the folder is taken, the download fails or is another file, the archive would
 * write outside its folder, or the disk is full; the signal's reason when aborted
 */
export async function fetchRavdess({
  into,
  url = URL_OF_SPEECH,
  expect = SPEECH,
  signal = new AbortController().signal,
  onProgress = () => undefined,
  ...patience
}: Fetching): Promise<Fetched> {
  const folder = path.resolve(into);
  const fetched = { folder, notice: NOTICE };
  refuseOtherThanHttp(url);
  await fs.mkdir(path.dirname(folder), { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, path.dirname(folder), 'Choose another folder with --into.');
  });
  const place = await placeOf(folder, expect.md5);
  if (place.kind === 'ours') return { ...fetched, files: place.files, already: true };
  if (place.kind === 'another') throw taken(folder);
  if (place.kind === 'changed') {
    throw new UserError(
      'corpus-changed',
      `${folder} was made by an earlier run with ${place.expected} recordings, but holds ${place.files}, or one has another length. Delete the folder and run this again, or choose another with --into.`,
    );
  }
  const partFile = `${folder}.zip.part`;
  await download({ url, partFile, bytes: expect.bytes, signal, onProgress, ...patience });
  await checkMd5(partFile, url, expect.md5, signal);
  const files = await unpackBeside(partFile, folder, expect.md5, signal);
  await fs.rm(partFile, { force: true });
  return { ...fetched, files, already: false };
}

function refuseOtherThanHttp(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return;
  throw new UserError(
    'wrong-url',
    `--url takes an address that begins with https:// or http://, not ${JSON.stringify(url)}.`,
  );
}

async function checkMd5(
  file: string,
  url: string,
  wanted: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    signal.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  const got = hash.digest('hex');
  if (got === wanted) return;
  await fs.rm(file, { force: true });
  throw new UserError(
    'wrong-md5',
    `What came from ${url} has the MD5 ${got}, not ${wanted}: it was damaged on the way, or is another file. It has been deleted. Run this again to download it anew, or name another place with --url.`,
  );
}

/** Into a folder of another name first, so that a folder of the right name is always whole. */
async function unpackBeside(
  archive: string,
  folder: string,
  md5: string,
  signal: AbortSignal,
): Promise<number> {
  const beside = await fs.mkdtemp(`${folder}.unpacking-`).catch((error: unknown) => {
    throw writeFailure(error, folder, ARCHIVE_KEPT);
  });
  try {
    await unpack(archive, beside, signal);
    await fs.writeFile(path.join(beside, 'corpus.yaml'), DESCRIPTION);
    const files = await writeMarker(beside, md5);
    await fs.chmod(beside, 0o755);
    // An empty folder of that name is in the way on Windows.
    await fs.rmdir(folder).catch(() => undefined);
    await fs.rename(beside, folder);
    return files;
  } catch (error) {
    await fs.rm(beside, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM'].includes(codeOf(error))) throw taken(folder);
    if (error instanceof Error && 'syscall' in error)
      throw writeFailure(error, folder, ARCHIVE_KEPT);
    throw error;
  }
}

function taken(folder: string): UserError {
  return new UserError(
    'folder-taken',
    `${folder} exists, and is not what this command makes. Move it away, or choose another folder with --into.`,
  );
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** What a fetched corpus remembers of how it was made; hidden, so that it is no part of the corpus. */
const MARKER = '.fetched.json';

const marker = z.strictObject({
  /** Of the archive. */
  md5: z.string(),
  files: z.int(),
  /** Of all recordings together. */
  bytes: z.int(),
});

/** What is where a corpus is to be put. */
export type Place =
  | { readonly kind: 'free' }
  | { readonly kind: 'ours'; readonly files: number }
  | { readonly kind: 'changed'; readonly files: number; readonly expected: number }
  | { readonly kind: 'another' };

/** Remembers what the folder holds now. @returns how many recordings */
export async function writeMarker(folder: string, md5: string): Promise<number> {
  const recordings = await recordingsOf(folder);
  const content: z.output<typeof marker> = { md5, ...recordings };
  await fs.writeFile(path.join(folder, MARKER), `${JSON.stringify(content)}\n`);
  return recordings.files;
}

/** Looks whether a folder is what an earlier run made of the same archive, with every file that it had then. */
export async function placeOf(folder: string, md5: string): Promise<Place> {
  const found = await fs.readdir(folder).catch((error: unknown) => {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? [] : undefined;
  });
  if (found === undefined) return { kind: 'another' };
  if (found.length === 0) return { kind: 'free' };
  const remembered = await readMarker(folder);
  if (remembered?.md5 !== md5) return { kind: 'another' };
  const { files, bytes } = await recordingsOf(folder);
  return files === remembered.files && bytes === remembered.bytes
    ? { kind: 'ours', files }
    : { kind: 'changed', files, expected: remembered.files };
}

async function readMarker(folder: string): Promise<z.output<typeof marker> | undefined> {
  try {
    const text = await fs.readFile(path.join(folder, MARKER), 'utf8');
    return marker.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The visible files below the folder, but for its description. */
async function recordingsOf(folder: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const entry of await fs.readdir(folder, { withFileTypes: true, recursive: true })) {
    // Looking at a folder leaves .DS_Store in it.
    if (!entry.isFile() || entry.name.startsWith('.') || entry.name === 'corpus.yaml') continue;
    files += 1;
    bytes += (await fs.stat(path.join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}

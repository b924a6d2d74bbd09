import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CorpusFile } from './listing.ts';

/**
 * Files that hold the very bytes of an earlier one: clip -> the first clip with those bytes. Empty
 * files are left out: they are broken, not copies. So are files that cannot be read.
 *
 * @throws the signal's reason when aborted.
 */
export async function findDuplicates(
  files: readonly CorpusFile[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const bySize = new Map<number, CorpusFile[]>();
  for (const file of files) {
    const size = await sizeOf(file.path);
    const alike = bySize.get(size);
    if (alike !== undefined) alike.push(file);
    else if (size > 0) bySize.set(size, [file]);
  }
  const duplicates = new Map<string, string>();
  for (const alike of bySize.values()) {
    // Only files of one size can be equal: most are never read.
    if (alike.length < 2) continue;
    const firsts = new Map<string, string>();
    for (const { path, clip } of alike) {
      signal.throwIfAborted();
      const hash = await contentOf(path);
      if (hash === undefined) continue;
      const first = firsts.get(hash);
      if (first === undefined) firsts.set(hash, clip);
      else duplicates.set(clip, first);
    }
  }
  return duplicates;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await fs.stat(file)).size;
  } catch {
    return 0;
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

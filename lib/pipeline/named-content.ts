import type { Sha256 } from './canonical.ts';
import { listingHash, type ContentMemory, type Listing } from './content.ts';
import { UserError } from './errors.ts';
import type { PathParameter } from './parameters.ts';
import { wrong } from './source.ts';

/**
 * The content of the file or folder that a stage's parameter names; of a folder, its listing too.
 *
 * @throws UserError that says where the parameter was written, when it cannot be read
 */
export function namedContent(
  memory: ContentMemory,
  stage: string,
  { name, kind, path, matching, source }: PathParameter,
): { readonly sha256: Sha256; readonly listing: Listing | undefined } {
  const what = `${stage}.${name}`;
  try {
    if (kind === 'file') return { sha256: memory.file(path, what), listing: undefined };
    const listing = memory.folder(path, matching, what);
    return { sha256: listingHash(listing), listing };
  } catch (error) {
    throw error instanceof UserError ? wrong(source, error.code, error.message) : error;
  }
}

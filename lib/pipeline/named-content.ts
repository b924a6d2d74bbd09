import type { Sha256 } from './canonical.ts';
import { listingHash, type ContentMemory, type Listing } from './content.ts';
import { UserError } from './errors.ts';
import type { PathParameter } from './parameters.ts';
import { wrong } from './source.ts';

/** The content of a file or folder; of a folder, its listing too. */
export interface NamedContent {
  readonly sha256: Sha256;
  readonly listing: Listing | undefined;
}

/** What one look at a pipeline has found: several stages may name a folder of thousands of files. */
export type SeenContents = Map<string, NamedContent>;

/**
 * The content of the file or folder that a stage's parameter names.
 *
 * @param seen what is found there is not looked at again, and what is looked at is added
 * @throws UserError that says where the parameter was written, when it cannot be read
 */
export function namedContent(
  memory: ContentMemory,
  stage: string,
  parameter: PathParameter,
  seen: SeenContents = new Map(),
): NamedContent {
  const { kind, path, matching, source } = parameter;
  const key = JSON.stringify([kind, path, matching]);
  const known = seen.get(key);
  if (known !== undefined) return known;
  try {
    const content = look(memory, `${stage}.${parameter.name}`, parameter);
    seen.set(key, content);
    return content;
  } catch (error) {
    throw error instanceof UserError ? wrong(source, error.code, error.message) : error;
  }
}

function look(
  memory: ContentMemory,
  what: string,
  { kind, path, matching }: PathParameter,
): NamedContent {
  if (kind === 'file') return { sha256: memory.file(path, what), listing: undefined };
  const listing = memory.folder(path, matching, what);
  return { sha256: listingHash(listing), listing };
}

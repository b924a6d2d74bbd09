import { sha256, type Sha256 } from './canonical.ts';
import type { Declarations } from './declarations.mjs';

/** The declarations of several source files, by path. */
export type SourceDeclarations = Readonly<Record<string, Declarations>>;

/** Which declarations of a file at the top level are not what they were, in the order of the file. */
export interface SourceChange {
  readonly file: string;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** How many names are said of a kind; --json has them all. */
const SHOWN = 3;

/**
 * What changed in files that changed. A file whose declarations are not known on both sides (it is new or
 * gone, or was recorded before they were) or are all the same (their order changed) is left out.
 */
export function sourceChanges(
  files: readonly string[],
  before: SourceDeclarations,
  now: SourceDeclarations,
): readonly SourceChange[] {
  return files.flatMap((file) => {
    const old = before[file];
    const current = now[file];
    if (old === undefined || current === undefined) return [];
    const names = Object.keys(current);
    const change = {
      file,
      changed: names.filter((name) => Object.hasOwn(old, name) && old[name] !== current[name]),
      added: names.filter((name) => !Object.hasOwn(old, name)),
      removed: Object.keys(old).filter((name) => !Object.hasOwn(current, name)),
    };
    const count = change.changed.length + change.added.length + change.removed.length;
    return count === 0 ? [] : [change];
  });
}

/** `lib/dsp/mel.ts (melBank, hzToMel changed; slaney added)` */
export function sourceChangeText({ file, ...kinds }: SourceChange): string {
  const said = (['changed', 'added', 'removed'] as const)
    .filter((kind) => kinds[kind].length > 0)
    .map((kind) => `${named(kinds[kind])} ${kind}`);
  return `${file} (${said.join('; ')})`;
}

function named(names: readonly string[]): string {
  const rest = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${rest}`;
}

/** Declarations as the store notes them. */
export function declarationsNote(declarations: SourceDeclarations): {
  readonly sha256: Sha256;
  readonly text: string;
} {
  const text = JSON.stringify(declarations);
  return { sha256: sha256(text), text };
}

/** What was noted under a hash; nothing where there is no note of it, or not a whole one. */
export function notedDeclarations(
  hash: Sha256 | undefined,
  noteOf: (hash: Sha256) => string | undefined,
): SourceDeclarations {
  const text = hash === undefined ? undefined : noteOf(hash);
  return text === undefined || sha256(text) !== hash
    ? {}
    : (JSON.parse(text) as SourceDeclarations);
}

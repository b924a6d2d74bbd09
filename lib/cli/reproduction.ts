import fs from 'node:fs';
import path from 'node:path';
import { stages as registry } from '../../stages/registry.ts';
import { byCodeUnit, type Sha256 } from '../pipeline/canonical.ts';
import { listingHash, type ContentMemory, type Listing } from '../pipeline/content.ts';
import { UserError } from '../pipeline/errors.ts';
import { loadDeclaration } from '../pipeline/load.ts';
import { pathMeta } from '../pipeline/parameters.ts';
import { didYouMean } from '../pipeline/words.ts';
import type { WrittenReport } from '../report/reader.ts';

/** Where files that a report names by their content may be found. */
export interface AtHand {
  readonly root: string;
  readonly memory: ContentMemory;
  /** The folder of recordings that the user gave. */
  readonly corpus: string | undefined;
  /** `split.list` -> the file that the user gave for it. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders with pipelines in them: their samples, corpora and fold lists are looked at. */
  readonly homes: readonly string[];
  /** What a folder held that had this content, where a store remembers it. */
  readonly listingOf: (hash: Sha256) => Listing | undefined;
}

/** Values as a pipeline's YAML has them; written as JSON, which YAML contains. */
export interface PipelineFile {
  readonly stages: Readonly<Record<string, unknown>>;
}

/**
 * The pipeline that a report names: the same stages and parameters, with paths where it has hashes.
 *
 * @throws UserError when this checkout lacks a stage, or when files are not at hand or are others.
 */
export async function pipelineOf(report: WrittenReport, atHand: AtHand): Promise<PipelineFile> {
  const stages: Record<string, unknown> = {};
  for (const stage of report.stages) {
    const { name, use, needs } = stage;
    const entry = Object.hasOwn(registry, use)
      ? (registry as Readonly<Record<string, string | undefined>>)[use]
      : undefined;
    if (entry === undefined) {
      throw new UserError(
        'unknown-stage',
        `The report was made with a stage ${use}, which this checkout does not have; ${didYouMean(use, Object.keys(registry))}`,
      );
    }
    const declaration = await loadDeclaration(atHand.root, entry);
    const params: Record<string, unknown> = { ...stage.params };
    for (const [key, schema] of Object.entries(declaration.parameters().shape)) {
      const meta = pathMeta(schema);
      if (meta === undefined || params[key] === undefined) continue;
      const hash = hashIn(params[key], `${name}.${key}`);
      params[key] =
        meta.path === 'folder'
          ? folderWith(hash, meta.matching ?? '', `${name}.${key}`, report, atHand)
          : fileWith(hash, `${name}.${key}`, atHand);
    }
    const { foreach } = declaration;
    stages[name] = { use, needs, ...(foreach === undefined ? {} : { foreach }), params };
  }
  const last = report.stages.at(-1);
  if (last?.use !== 'report') {
    throw new UserError(
      'not-a-report',
      'The report does not say how it was made itself: the last of its stages should use `report`.',
    );
  }
  return { stages };
}

function hashIn(value: unknown, what: string): Sha256 {
  const hash = typeof value === 'string' ? /^sha256:([0-9a-f]{64})$/.exec(value)?.[1] : undefined;
  if (hash !== undefined) return hash;
  throw new UserError(
    'not-a-report',
    `The report has ${JSON.stringify(value)} as ${what}, but a report names files by content: sha256:...`,
  );
}

function folderWith(
  hash: Sha256,
  matching: string,
  what: string,
  report: WrittenReport,
  { memory, corpus, homes, listingOf }: AtHand,
): string {
  if (corpus !== undefined) {
    const listing = memory.folder(corpus, matching, '--corpus');
    if (listingHash(listing) === hash) return corpus;
    throw new UserError(
      'other-corpus',
      `The files in ${corpus} are not those that the report was made from: ${whatDiffers(listing, listingOf(hash), report)}.`,
    );
  }
  const places = homes.flatMap((home) =>
    ['sample/corpus', 'corpus/ravdess'].map((name) => path.join(home, name)),
  );
  const found = [...new Set(places)].find(
    (folder) =>
      fs.existsSync(folder) && listingHash(memory.folder(folder, matching, what)) === hash,
  );
  if (found !== undefined) return found;
  throw new UserError(
    'no-corpus',
    `The report was made from recordings that are not at hand: ${report.corpus.name}, ${fileCount(report)} files (${what}, content ${hash.slice(0, 12)}). Say where they are: --corpus DIR.`,
  );
}

/** Names files where both listings are known, and counts them otherwise. */
function whatDiffers(given: Listing, wanted: Listing | undefined, report: WrittenReport): string {
  if (wanted === undefined) {
    const count = Object.keys(given).length;
    return count === fileCount(report)
      ? `it has as many (${count}), but others`
      : `it has ${count} files, and the report knows ${fileCount(report)}`;
  }
  const names = [...new Set([...Object.keys(given), ...Object.keys(wanted)])].sort(byCodeUnit);
  const kinds = [
    ['missing', names.filter((name) => given[name] === undefined)],
    ['not known to the report', names.filter((name) => wanted[name] === undefined)],
    [
      'changed',
      names.filter((name) => name in given && name in wanted && given[name] !== wanted[name]),
    ],
  ] as const;
  return kinds
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => {
      const more = list.length > 3 ? ` and ${list.length - 3} more` : '';
      return `${kind}: ${list.slice(0, 3).join(', ')}${more}`;
    })
    .join('; ');
}

function fileCount({ corpus }: WrittenReport): number {
  return Object.values(corpus.files).reduce((sum, count) => sum + count, 0);
}

function fileWith(hash: Sha256, what: string, { memory, files, homes }: AtHand): string {
  const given = files.get(what);
  if (given !== undefined) {
    if (memory.file(given, `--file ${what}`) === hash) return given;
    throw new UserError('other-file', `${given} is not the file that the report has as ${what}.`);
  }
  const places = homes.map((home) => path.join(home, 'experiments')).filter(fs.existsSync);
  const found = places
    .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))

    .find(
      (file) =>
        fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true &&
        memory.file(file, what) === hash,
    );
  if (found !== undefined) return found;
  throw new UserError(
    'no-file',
    `The report was made with a file that is not at hand (${what}, content ${hash.slice(0, 12)}). Say where it is: --file ${what}=FILE.`,
  );
}

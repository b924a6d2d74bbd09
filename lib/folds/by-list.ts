import { UserError } from '../pipeline/errors.ts';
import type { Assignment } from './assignment.ts';
import { readCsv } from './csv.ts';

/** A clip of the corpus, as a list may name it. */
export interface Listable {
  /** The path below the corpus, `/`-separated, NFC, without extension. */
  readonly clip: string;
  /** What decode did with it; only `kept` clips can be in a fold. */
  readonly fate: string;
}

interface Entry {
  readonly line: number;
  readonly name: string;
  readonly fold: number;
  readonly position: number;
}

/** How many names an error shows. */
const SHOWN = 3;

/**
 * Folds from a list: CSV with the columns `clip`, `fold` (1 to folds) and, if wanted, `position` (0,
 * 1, 2, ... in each fold; the order of the lines without it), in any order. A clip is named by its
 * full id or, where only one kept clip ends so, by the last part of its path.
 *
 * @param text the whole file
 * @param file its name, for errors
 * @param clips every file that decode found
 * @returns an entry for each kept clip, in the order of `clips`
 * @throws UserError `bad-csv`, or `bad-fold-list` where the list does not put every kept clip in
 *   exactly one place
 */
export function foldsByList(
  text: string,
  file: string,
  clips: readonly Listable[],
  folds: number,
): Assignment {
  const entries = readEntries(text, file, folds);
  const kept = clips.filter(({ fate }) => fate === 'kept').map(({ clip }) => clip);
  const find = finder(clips, kept, file);
  const entryOf = new Map<number, Entry>();
  for (const entry of entries) {
    const index = find(entry);
    const before = entryOf.get(index);
    if (before !== undefined) {
      refuse(at(file, entry.line), `the clip ${kept[index]!} is in line ${before.line} already`);
    }
    entryOf.set(index, entry);
  }
  checkFolds(entries, file, folds);
  const missing = kept.filter((_, index) => !entryOf.has(index));
  if (missing.length > 0) {
    refuse(
      file,
      `the list lacks ${missing.length} of the ${kept.length} clips that decode kept: ${some(missing)}`,
    );
  }
  return {
    fold: Int32Array.from(kept, (_, index) => entryOf.get(index)!.fold),
    position: Int32Array.from(kept, (_, index) => entryOf.get(index)!.position),
  };
}

function readEntries(text: string, file: string, folds: number): readonly Entry[] {
  const [header, ...records] = readCsv(text, file);
  const columns = header?.fields ?? [];
  const names = ['clip', 'fold', 'position'];
  const complete = columns.includes('clip') && columns.includes('fold');
  const known = columns.every((name, i) => names.includes(name) && columns.indexOf(name) === i);
  if (!complete || !known) {
    refuse(
      at(file, header?.line ?? 1),
      `the first line must name the columns clip,fold or clip,fold,position, but is ${JSON.stringify(columns.join(','))}`,
    );
  }
  const sizes = new Map<number, number>();
  return records.map(({ line, fields }) => {
    if (fields.length !== columns.length) {
      refuse(
        at(file, line),
        `${counted(fields.length, 'field')} in a list of ${columns.length} columns`,
      );
    }
    const name = fields[columns.indexOf('clip')]!.normalize('NFC');
    const fold = wholeNumber(fields[columns.indexOf('fold')]!);
    if (fold === undefined || fold < 1 || fold > folds) {
      refuse(
        at(file, line),
        `fold ${JSON.stringify(fields[columns.indexOf('fold')])} is none of 1 to ${folds}; the stage must have as many folds as the list`,
      );
    }
    const next = sizes.get(fold) ?? 0;
    sizes.set(fold, next + 1);
    const written = fields[columns.indexOf('position')];
    const position = written === undefined ? next : wholeNumber(written);
    if (position === undefined) {
      refuse(at(file, line), `position ${JSON.stringify(written)} is no whole number from 0`);
    }
    return { line, name, fold, position };
  });
}

/** Gives for an entry the index of its clip among those kept. */
function finder(clips: readonly Listable[], kept: readonly string[], file: string) {
  const byId = new Map(kept.map((clip, index) => [clip, index]));
  const byLastPart = new Map<string, number[]>();
  kept.forEach((clip, index) => {
    const known = byLastPart.get(lastPart(clip));
    if (known === undefined) byLastPart.set(lastPart(clip), [index]);
    else known.push(index);
  });
  return ({ line, name }: Entry): number => {
    const same = byLastPart.get(name) ?? [];
    const index = byId.get(name) ?? same[0];
    if (!byId.has(name) && same.length > 1) {
      refuse(
        at(file, line),
        `${same.length} clips are called ${name} (${some(same.map((i) => kept[i]!))}); write the whole path below the corpus`,
      );
    }
    if (index !== undefined) return index;
    const lost = clips.find(({ clip }) => clip === name || lastPart(clip) === name);
    return refuse(
      at(file, line),
      lost === undefined
        ? `there is no clip ${JSON.stringify(name)} in the corpus (a clip is named by its path below the corpus, or the last part of it, without extension)`
        : `decode did not keep the clip ${lost.clip} (${lost.fate})`,
    );
  };
}

/** Every fold has clips, and its positions are 0, 1, 2, ... without holes. */
function checkFolds(entries: readonly Entry[], file: string, folds: number): void {
  const byFold = new Map<number, Entry[]>();
  for (const entry of entries) {
    const inFold = byFold.get(entry.fold);
    if (inFold === undefined) byFold.set(entry.fold, [entry]);
    else inFold.push(entry);
  }
  for (let fold = 1; fold <= folds; fold++) {
    const inFold = byFold.get(fold) ?? [];
    if (inFold.length === 0) {
      const listed = byFold.size;
      refuse(
        file,
        `no clip is in fold ${fold}: the list has ${counted(listed, 'fold')}, the stage ${folds}; they must be as many`,
      );
    }
    const lineAt = new Map<number, number>();
    for (const { position, line } of inFold) {
      const before = lineAt.get(position);
      if (before !== undefined) {
        refuse(at(file, line), `position ${position} of fold ${fold} is taken by line ${before}`);
      }
      lineAt.set(position, line);
    }
    for (let position = 0; position < inFold.length; position++) {
      if (!lineAt.has(position)) {
        refuse(
          file,
          `fold ${fold} has ${counted(inFold.length, 'clip')}, but none at position ${position}`,
        );
      }
    }
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function lastPart(clip: string): string {
  return clip.slice(clip.lastIndexOf('/') + 1);
}

function some(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function at(file: string, line: number): string {
  return `${file}:${line}`;
}

function refuse(where: string, what: string): never {
  throw new UserError('bad-fold-list', `${where}: ${what}.`);
}

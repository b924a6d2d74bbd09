import { UserError } from '../pipeline/errors.ts';
import { findDuplicates } from './duplicates.ts';
import type { CorpusLayout, Recording } from './layout.ts';
import type { CorpusFile, Listing } from './listing.ts';
import { counted, firstTen } from './words.ts';

/** A file of the corpus, as far as its name and its bytes tell without decoding. */
export interface SurveyedFile extends CorpusFile {
  /** Undefined where the name breaks the naming. */
  readonly recording: Recording | undefined;
  /** Index of its emotion in the wanted ones; -1 for none of them. */
  readonly label: number;
  /** Why it is no candidate; undefined where it is one. */
  readonly aside: Aside | undefined;
}

export interface Aside {
  readonly kind: 'misnamed' | 'not-speech' | 'other-emotion' | 'duplicate';
  readonly reason: string;
}

export interface SurveyRequest {
  readonly folder: string;
  readonly listing: Listing;
  readonly layout: CorpusLayout;
  /** Their order gives the labels. */
  readonly emotions: readonly string[];
  readonly onBadFile: 'fail' | 'skip';
  readonly duplicates: 'refuse' | 'keep-first' | 'allow';
  readonly signal: AbortSignal;
}

export interface Survey {
  /** Every file, in the listing's order. */
  readonly files: readonly SurveyedFile[];
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * Sorts the files of a corpus by what their names say, and finds copies.
 *
 * @throws UserError for names that break the naming, for copies, and when an emotion has no file.
 */
export async function surveyCorpus(request: SurveyRequest): Promise<Survey> {
  const { listing, layout, emotions, duplicates, signal } = request;
  const named = listing.files.map((file) => nameFile(file, layout, emotions));
  refuseMisnamed(named, request);
  refuseMissingEmotions(named, request);
  if (duplicates === 'allow') return { files: named, notes: [] };
  const firstOf = await findDuplicates(
    named.filter(({ recording }) => recording !== undefined),
    signal,
  );
  if (duplicates === 'refuse')
    return { files: named, notes: onlyPublished(named, firstOf, request) };
  const files = named.map((file): SurveyedFile => {
    const first = firstOf.get(file.clip);
    if (first === undefined || file.aside !== undefined) return file;
    return { ...file, aside: { kind: 'duplicate', reason: `the same bytes as ${first}` } };
  });
  return { files, notes: [] };
}

function nameFile(
  file: CorpusFile,
  layout: CorpusLayout,
  emotions: readonly string[],
): SurveyedFile {
  const recording = layout.parse(file.clip);
  if (typeof recording === 'string') {
    const aside: Aside = { kind: 'misnamed', reason: `its name ${recording}` };
    return { ...file, recording: undefined, label: -1, aside };
  }
  const { emotion, otherThanSpeech } = recording;
  const label = otherThanSpeech === undefined ? emotions.indexOf(emotion) : -1;
  return { ...file, recording, label, aside: whyAside(recording, label) };
}

function whyAside({ emotion, otherThanSpeech }: Recording, label: number): Aside | undefined {
  if (otherThanSpeech !== undefined) {
    return { kind: 'not-speech', reason: `${otherThanSpeech}, not speech` };
  }
  if (label < 0) return { kind: 'other-emotion', reason: `${emotion} is not asked for` };
  return undefined;
}

function refuseMisnamed(
  files: readonly SurveyedFile[],
  { folder, layout, onBadFile }: SurveyRequest,
): void {
  const misnamed = files.filter(({ aside }) => aside?.kind === 'misnamed');
  if (misnamed.length === 0 || onBadFile === 'skip') return;
  const each = misnamed.map(({ file, aside }) => `${file} (${aside?.reason ?? ''})`);
  throw new UserError(
    'misnamed-files',
    `${counted(misnamed.length, 'file')} in ${folder} ${misnamed.length === 1 ? 'is' : 'are'} not named as ${layout.example}: ${firstTen(each)}. Rename or remove ${misnamed.length === 1 ? 'it' : 'them'}, or leave such files out with decode.onBadFile: skip.`,
  );
}

function refuseMissingEmotions(
  files: readonly SurveyedFile[],
  { folder, emotions }: SurveyRequest,
): void {
  const missing = emotions.filter((_, label) => !files.some((file) => file.label === label));
  if (missing.length === 0) return;
  const found = new Map<string, number>();
  for (const { recording } of files) {
    if (recording?.otherThanSpeech !== undefined) continue;
    if (recording) found.set(recording.emotion, (found.get(recording.emotion) ?? 0) + 1);
  }
  const there = [...found].map(([emotion, count]) => `${emotion} ${count}`).join(', ');
  throw new UserError(
    'missing-emotion',
    `${folder} has no recording of ${missing.join(', ')} (found: ${there === '' ? 'no emotional speech' : there}). Set decode.emotions to emotions that it has.`,
  );
}

/**
 * Notes on the copies that the corpus was published with.
 *
 * @throws UserError for any other copy.
 */
function onlyPublished(
  files: readonly SurveyedFile[],
  firstOf: ReadonlyMap<string, string>,
  { folder, layout }: SurveyRequest,
): string[] {
  const nameOf = new Map(files.map(({ clip, file }) => [clip, file]));
  const notes: string[] = [];
  const refused: string[] = [];
  for (const [clip, first] of [...firstOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [copy, original] = [nameOf.get(clip) ?? clip, nameOf.get(first) ?? first];
    if (isPublished(clip, first, layout)) {
      notes.push(`${copy} holds the bytes of ${original}, as published: both are used`);
    } else refused.push(`${copy} = ${original}`);
  }
  if (refused.length === 0) return notes;
  throw new UserError(
    'duplicate-files',
    `${counted(refused.length, 'file')} in ${folder} ${refused.length === 1 ? 'holds' : 'hold'} the bytes of another: ${firstTen(refused)}. Remove the copies, or set decode.duplicates to keep-first or allow.`,
  );
}

function isPublished(clip: string, first: string, { publishedTwice }: CorpusLayout): boolean {
  const [inFolder, name] = splitName(clip);
  const [firstInFolder, firstName] = splitName(first);
  return (
    inFolder === firstInFolder &&
    publishedTwice.some((pair) => pair.includes(name) && pair.includes(firstName))
  );
}

function splitName(clip: string): [string, string] {
  const end = clip.lastIndexOf('/') + 1;
  return [clip.slice(0, end), clip.slice(end)];
}

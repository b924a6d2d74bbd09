import { UserError } from '../pipeline/errors.ts';
import { counted, firstTen, grouped } from './words.ts';

/** What an account needs to know of a file once it was decoded. */
export interface AccountedFile {
  readonly file: string;
  readonly label: number;
  readonly fate: string;
  readonly reason: string;
  readonly rateHz: number;
  readonly lossy: boolean;
}

export interface AccountRequest {
  readonly folder: string;
  readonly files: readonly AccountedFile[];
  readonly emotions: readonly string[];
  /** ffmpeg's own words on broken files, which differ between its versions. */
  readonly ffmpegSaid: readonly string[];
  /** How many of the kept are shorter than the cut. */
  readonly padded: number;
  /** Where the cut ends in a recording. */
  readonly endSeconds: number;
}

/**
 * What became of the files, in lines for a person: how many of how many, the classes, and what
 * deserves a second look.
 */
export function accountLines(request: AccountRequest): string[] {
  const { files, emotions, padded, endSeconds } = request;
  const wanted = files.filter(({ label }) => label >= 0);
  const end = `${secondsText(endSeconds)} s`;
  const count = (fate: string): number => wanted.filter((file) => file.fate === fate).length;
  const parts = [
    `${grouped(count('kept'))} kept`,
    ...(padded > 0 ? [`${grouped(padded)} of them shorter than ${end} and padded`] : []),
    ...(count('short') > 0 ? [`${grouped(count('short'))} shorter than ${end}`] : []),
    ...(count('duplicate') > 0
      ? [`${counted(count('duplicate'), 'copy', 'copies')} left out`]
      : []),
    ...(count('broken') > 0 ? [`${grouped(count('broken'))} broken and left out`] : []),
  ];
  const kept = emotions.map((emotion, label) => {
    const ofClass = wanted.filter((file) => file.fate === 'kept' && file.label === label);
    return `${emotion} ${grouped(ofClass.length)}`;
  });
  return [
    `${grouped(wanted.length)} of ${counted(files.length, 'file')}: ${emotions.join(', ')}; ${parts.join(', ')}`,
    `kept: ${kept.join(', ')}`,
    ...brokenLine(files),
    ...lossyLine(wanted),
    ...rateLine(wanted),
  ];
}

/** @throws UserError naming every file that could not be used, with its reason. */
export function refuseBroken({ folder, files, ffmpegSaid }: AccountRequest): void {
  const broken = files.filter(({ fate }) => fate === 'broken');
  if (broken.length === 0) return;
  const each = broken.map(({ file, reason }) => `${file} ${reason}`);
  throw new UserError(
    'broken-files',
    `${counted(broken.length, 'file')} in ${folder} cannot be used: ${each.join('; ')}. Replace or remove ${broken.length === 1 ? 'it' : 'them'}, or leave such files out with decode.onBadFile: skip.`,
    { cause: new Error(ffmpegSaid.join('\n')) },
  );
}

/** @throws UserError when an emotion is left without a clip. */
export function refuseEmptyClasses(request: AccountRequest): void {
  const { folder, files, emotions, endSeconds } = request;
  const empty = emotions.flatMap((emotion, label) => {
    const own = files.filter((file) => file.label === label);
    if (own.some(({ fate }) => fate === 'kept')) return [];
    const short = own.filter(({ fate }) => fate === 'short').length;
    return [`${emotion} (${counted(own.length, 'file')}, ${grouped(short)} too short)`];
  });
  if (empty.length === 0) return;
  throw new UserError(
    'empty-class',
    `No clip is left in ${folder} of ${empty.join(', ')}. The cut needs recordings of ${secondsText(endSeconds)} s: set decode.offset or decode.duration lower, decode.short: pad, or decode.emotions without ${empty.length === 1 ? 'it' : 'them'}.`,
  );
}

function brokenLine(files: readonly AccountedFile[]): string[] {
  const broken = files.filter(({ fate }) => fate === 'broken');
  if (broken.length === 0) return [];
  return [`broken: ${firstTen(broken.map(({ file, reason }) => `${file} ${reason}`))}`];
}

function lossyLine(wanted: readonly AccountedFile[]): string[] {
  const lossy = wanted.filter((file) => file.lossy).length;
  if (lossy === 0) return [];
  return [
    `${counted(lossy, 'file')} coded with loss: another ffmpeg or processor may decode ${lossy === 1 ? 'it' : 'them'} to other bits`,
  ];
}

function rateLine(wanted: readonly AccountedFile[]): string[] {
  const rates = new Map<number, number>();
  for (const { rateHz } of wanted) {
    if (rateHz > 0) rates.set(rateHz, (rates.get(rateHz) ?? 0) + 1);
  }
  if (rates.size < 2) return [];
  const each = [...rates]
    .sort(([a], [b]) => a - b)
    .map(([rateHz, count]) => `${grouped(rateHz)} Hz (${counted(count, 'file')})`);
  return [`sampling rates differ: ${each.join(', ')}`];
}

function secondsText(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}

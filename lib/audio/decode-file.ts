import path from 'node:path';
import { InterruptedError, UserError } from '../pipeline/errors.ts';
import { hasShell, runWithShell } from './child-with-shell.ts';
import { runWithoutShell } from './child-without-shell.ts';
import type { ChildEnd, RunChild } from './child.ts';
import { isLossy } from './codecs.ts';
import { readContainer, type Container } from './container.ts';
import type { Cut } from './cut.ts';
import { WavStream, type WavHead } from './wav-stream.ts';

/** A decoded file; only the samples inside the cut are kept. */
export interface Decoded {
  readonly rateHz: number;
  readonly channels: number;
  /** Samples of each channel in the whole file. */
  readonly samples: number;
  /** ffmpeg's name of the codec: `flac`, `pcm_s16le`, `opus`, ... */
  readonly codec: string;
  /** Another ffmpeg or processor may decode it to other bits. */
  readonly lossy: boolean;
  /** The cut, channels interleaved; shorter than the cut where the file ends before. */
  readonly cut: Float32Array;
}

/** Why a file cannot be used, as it stands in artifacts: our words, whatever ffmpeg said. */
export interface BadFile {
  readonly bad: string;
  /** ffmpeg's own last words, which differ from one version to the next: for a log, never for an artifact. */
  readonly said: string;
}

export interface DecodeRequest {
  readonly ffmpeg: { readonly path: string; readonly version: string };
  readonly file: string;
  /** Which samples to keep; undefined keeps none and only counts. */
  readonly cutOf: (head: WavHead) => Cut | undefined;
  readonly signal: AbortSignal;
  /** How ffmpeg is started: through zx's shell where there is one, by default. */
  readonly run?: RunChild;
}

/**
 * Decodes the first audio stream of a local file at its own rate and with its own channels. What
 * cannot be decoded to its end is a {@link BadFile}, not an exception.
 *
 * @throws the signal's reason when aborted; InterruptedError when ffmpeg was ended by a signal from
 * outside; UserError when ffmpeg does not start or crashes.
 */
export async function decodeFile(request: DecodeRequest): Promise<Decoded | BadFile> {
  const { ffmpeg, file, cutOf, signal } = request;
  let container: Container;
  try {
    container = await readContainer(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { bad: `cannot be read (${code})`, said: String(error) };
  }
  if (container.bytes === 0) return { bad: 'is empty (0 bytes)', said: '' };
  const run = request.run ?? ((await hasShell()) ? runWithShell : runWithoutShell);
  const wav = new WavStream(cutOf);
  const end = await run(
    ffmpeg.path,
    ffmpegArguments(file),
    (piece) => {
      wav.add(piece);
    },
    signal,
  );
  refuseEnd(end, request);
  const bad = whyBad(end, container, wav);
  if (bad !== undefined) return { bad, said: lastWords(end.said) };
  const codec = codecOf(end.said);
  const { rateHz, channels } = wav.head ?? { rateHz: 0, channels: 0 };
  const { samples } = wav;
  return { rateHz, channels, samples, codec, lossy: isLossy(codec), cut: wav.take() };
}

/**
 * ffmpeg's demuxers that hold audio in one file. Playlists and `concat` scripts, which would open
 * other files, are not among them.
 */
const DEMUXERS = 'wav,flac,ogg,mp3,aac,mov,aiff,caf,w64';

/** `file:` keeps a name from being taken for an option or a protocol; nothing in it is decoded. */
function ffmpegArguments(file: string): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-xerror', '-err_detect', 'crccheck+explode'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', DEMUXERS],
    ...['-i', `file:${path.resolve(file)}`],
    // The samples, with rate and channels in their head; titles and pictures, of any length, stay behind.
    ...['-map', '0:a:0', '-map_metadata', '-1', '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'],
    // The first packet as it lies in the file: its description names the codec.
    ...['-map', '0:a:0', '-c:a', 'copy', '-frames:a', '1', '-f', 'framecrc', 'pipe:2'],
  ];
}

/** Ends that say nothing about the file. */
function refuseEnd({ code, signal, said }: ChildEnd, { ffmpeg, file }: DecodeRequest): void {
  if (signal !== null && CRASHES.includes(signal)) {
    throw new UserError(
      'ffmpeg-crashed',
      `ffmpeg ${ffmpeg.version} (${ffmpeg.path}) crashed (${signal}) on ${file}. Take the file out, or set FFMPEG_PATH to another ffmpeg.`,
    );
  }
  // ffmpeg catches the gentler signals and ends with 255.
  if (signal !== null || code === 255) throw new InterruptedError();
  if (code === 126 || code === 127) {
    throw new UserError('ffmpeg-start', `ffmpeg does not start: ${lastWords(said)}.`);
  }
}

const CRASHES: readonly NodeJS.Signals[] = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT'];

/** Four times the highest in use: a cut of a second would not fit into memory at what a header may claim. */
const MAX_RATE_HZ = 3_072_000;

/** Whether a recording may have so many samples a second. */
export function isRate(rateHz: number): boolean {
  return rateHz >= 1 && rateHz <= MAX_RATE_HZ;
}

function whyBad(end: ChildEnd, container: Container, wav: WavStream): string | undefined {
  const { cutShort, promisedSamples } = container;
  const failed = end.code !== 0;
  const nothing = failed && wav.samples === 0;
  if (cutShort) return 'is cut short: its header announces more than the file holds';
  if (promisedSamples !== undefined && wav.samples < promisedSamples && !nothing) {
    return 'is cut short or damaged: its header announces more samples than can be decoded';
  }
  if (nothing) return 'is not audio that can be decoded';
  if (failed) return 'is damaged: not all of it can be decoded';
  if (wav.samples === 0) return 'holds no samples';
  const rateHz = wav.head?.rateHz ?? 0;
  if (!isRate(rateHz)) {
    return `says that it has ${rateHz} samples a second, as no recording has`;
  }
  return undefined;
}

/** framecrc's header lines begin with `#` and have been the same since 2015. */
function codecOf(said: string): string {
  return /^#codec_id 0: (\S+)\s*$/m.exec(said)?.[1] ?? 'unknown';
}

function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^(#|\d+, )/.test(line));
  return lines.at(-1)?.trim().slice(0, 300) ?? '';
}

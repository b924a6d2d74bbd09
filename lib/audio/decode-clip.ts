import { resampleKaiserFast } from '../dsp/resample.ts';
import type { RunChild } from './child.ts';
import { isOfIntegers } from './codecs.ts';
import { cutAt, fitLength } from './cut.ts';
import { decodeFile, type BadFile } from './decode-file.ts';
import { mixToMono } from './mix.ts';
import { decodePlainFile } from './plain-file.ts';

/** What of a recording becomes a clip. */
export interface ClipCut {
  /** Of the clip, not of the file. */
  readonly rateHz: number;
  readonly offsetSeconds: number;
  readonly durationSeconds: number;
  /** What happens to a recording that ends before the cut does. */
  readonly short: 'drop' | 'pad';
}

export interface ClipRequest {
  readonly ffmpeg: { readonly path: string; readonly version: string };
  readonly file: string;
  /** Undefined: the recording is only measured. */
  readonly cut: ClipCut | undefined;
  /** Gives the array for the clip's samples, its numbers anything. */
  readonly recycle?: (length: number) => Float32Array;
  readonly signal: AbortSignal;
  readonly run?: RunChild;
}

export interface DecodedClip {
  /** Of the file, not of the clip. */
  readonly rateHz: number;
  readonly channels: number;
  readonly lossy: boolean;
  /** Of the whole file. */
  readonly durationSeconds: number;
  /** The recording ends before the cut does. */
  readonly short: boolean;
  /** Mono, {@link clipSamples} long; undefined where nothing was to be kept, or it is too short. */
  readonly samples: Float32Array | undefined;
}

/** How many samples every clip has: trunc(duration x rate). */
export function clipSamples({ durationSeconds, rateHz }: ClipCut): number {
  return Math.trunc(durationSeconds * rateHz);
}

/**
 * From a file to a clip: decoded (by ffmpeg, unless it is a plain file) and cut at the file's own rate,
 * mixed to mono, padded with zeros where that is wanted, resampled. A recording that ends before the cut
 * begins is too short for both.
 *
 * @throws what {@link decodeFile} throws.
 */
export async function decodeClip(request: ClipRequest): Promise<DecodedClip | BadFile> {
  const { cut } = request;
  const ownCut = (rateHz: number): ReturnType<typeof cutAt> | undefined =>
    cut && cutAt(rateHz, cut.offsetSeconds, cut.durationSeconds);
  const cutOf = ({ rateHz }: { rateHz: number }): ReturnType<typeof ownCut> => ownCut(rateHz);
  const decoded = decodePlainFile(request.file, cutOf) ?? (await decodeFile({ ...request, cutOf }));
  if ('bad' in decoded) return decoded;
  const { rateHz, channels, codec, lossy } = decoded;
  const own = mixToMono(decoded.cut, channels);
  if (!isOfIntegers(codec) && !areFinite(own)) {
    return { bad: 'holds samples that are not finite numbers', said: '' };
  }
  const wanted = ownCut(rateHz)?.count ?? 0;
  const short = own.length < wanted;
  const keep = cut !== undefined && (!short || (cut.short === 'pad' && own.length > 0));
  // A copy even where the rates are equal: the cut's memory serves the next file.
  const made =
    keep && resampleKaiserFast(fitLength(own, wanted), rateHz, cut.rateHz, request.recycle);
  return {
    rateHz,
    channels,
    lossy,
    durationSeconds: decoded.samples / rateHz,
    short,
    // The resampler gives ceil(n r), a sample more or less than wanted at odd rates.
    samples: made ? fitLength(made, clipSamples(cut)) : undefined,
  };
}

/** A loop, since `every` calls a function for each of the samples. */
function areFinite(samples: Float32Array): boolean {
  for (let i = 0; i < samples.length; i += 1) if (!Number.isFinite(samples[i])) return false;
  return true;
}

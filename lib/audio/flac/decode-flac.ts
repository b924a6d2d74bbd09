import { createHash } from 'node:crypto';
import type { Cut } from '../cut.ts';
import type { WavHead } from '../wav-stream.ts';
import { readHead, type FlacHead } from './head.ts';
import { Workspace } from './workspace.ts';

/** The samples of a FLAC file, of which only the cut is kept. */
export interface FlacSamples extends WavHead {
  /** Of each channel in the whole file. */
  readonly samples: number;
  /** Channels interleaved, full scale 1; good until the next file. */
  readonly cut: Float32Array;
}

/** Some 25 minutes at 44.1 kHz: longer ones are left to a decoder that can be interrupted. */
const MAX_SAMPLES = 1 << 26;
const UNSET_MD5 = '0'.repeat(32);

/**
 * Decodes a plain FLAC file (RFC 9639) and proves the result: every CRC holds, the samples are as many
 * as announced, the file ends with the last frame, and their MD5 is the one that the encoder wrote down.
 * What is proven is what any decoder gives, to the bit.
 *
 * @param bytes the whole file, up to 64 MiB
 * @param cutOf which samples to keep; undefined keeps none
 * @returns undefined for every other file, whether it is damaged or only uncommon: another decoder must
 *   say. Taken are one or two channels of 8, 16 or 24 bits.
 */
export function decodeFlac(
  bytes: Uint8Array,
  cutOf: (head: WavHead) => Cut | undefined,
): FlacSamples | undefined {
  const head = readHead(bytes);
  if (head === undefined || !isCommon(head)) return undefined;
  const { rateHz, channels, bitsPerSample, samples } = head;
  const { first, count } = cutOf({ rateHz, channels }) ?? { first: 0, count: 0 };
  const kept = Math.max(0, Math.min(count, samples - first));
  const workspace = new Workspace(bytes, head, { first: Math.min(first, samples), count: kept });
  const md5 = createHash('md5');
  for (let left = (samples * channels * bitsPerSample) / 8; left > 0;) {
    const piece = workspace.readFrames();
    if (piece === undefined) return undefined;
    md5.update(piece);
    left -= piece.length;
  }
  if (md5.digest('hex') !== head.md5) return undefined;
  return { rateHz, channels, samples, cut: workspace.cut };
}

function isCommon({ rateHz, channels, bitsPerSample, samples, md5 }: FlacHead): boolean {
  return (
    rateHz > 0 &&
    channels <= 2 &&
    [8, 16, 24].includes(bitsPerSample) &&
    samples > 0 &&
    samples <= MAX_SAMPLES &&
    md5 !== UNSET_MD5
  );
}

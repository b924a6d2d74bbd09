import { createHash } from 'node:crypto';
import type { Cut } from '../cut.ts';
import type { WavHead } from '../wav-stream.ts';
import { BitReader, Unexpected } from './bits.ts';
import { readFrame } from './frame.ts';
import { readHead } from './head.ts';
import { Workspace } from './workspace.ts';
import { Scratch } from '../scratch.ts';

/** The samples of a FLAC file, of which only the cut is kept. */
export interface FlacSamples extends WavHead {
  /** Of each channel in the whole file. */
  readonly samples: number;
  /** Channels interleaved, full scale 1; good until the next file. */
  readonly cut: Float32Array;
}

/** Some 25 minutes at 44.1 kHz: longer ones are left to a decoder that can be interrupted. */
const MAX_SAMPLES = 1 << 26;
const cutScratch = new Scratch();
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
  try {
    return decode(bytes, cutOf);
  } catch (error) {
    if (error instanceof Unexpected) return undefined;
    throw error;
  }
}

function decode(bytes: Uint8Array, cutOf: (head: WavHead) => Cut | undefined): FlacSamples {
  const bits = new BitReader(bytes);
  const head = readHead(bits);
  const { rateHz, channels, bitsPerSample, samples } = head;
  const common =
    rateHz > 0 &&
    channels <= 2 &&
    [8, 16, 24].includes(bitsPerSample) &&
    samples > 0 &&
    samples <= MAX_SAMPLES &&
    head.md5 !== UNSET_MD5;
  if (!common) throw new Unexpected('an uncommon file');
  const { first, count } = cutOf({ rateHz, channels }) ?? { first: 0, count: 0 };
  const kept = Math.max(0, Math.min(count, samples - first));
  const cut = cutScratch.floats(channels * kept);
  const workspace = new Workspace(bytes, head);
  const md5 = createHash('md5');
  let done = 0;
  for (let frames = 0; done < samples; frames += 1) {
    const read = readFrame(bits, bytes, head, { frames, samples: done }, workspace);
    md5.update(workspace.bytesOf(read));
    const from = Math.max(0, first - done);
    const to = Math.min(read, first + kept - done);
    if (from < to) cut.set(workspace.floatsOf(from, to), channels * (done + from - first));
    done += read;
  }
  if (done !== samples || !bits.atEnd) throw new Unexpected('the end');
  if (md5.digest('hex') !== head.md5) throw new Unexpected('the MD5 of the samples');
  return { rateHz, channels, samples, cut };
}

import { createHash } from 'node:crypto';
import type { Cut } from '../cut.ts';
import type { WavHead } from '../wav-stream.ts';
import { BitReader, Unexpected } from './bits.ts';
import { readFrame } from './frame.ts';
import { readHead, type FlacHead } from './head.ts';

/** The samples of a FLAC file, of which only the cut is kept. */
export interface FlacSamples extends WavHead {
  /** Of each channel in the whole file. */
  readonly samples: number;
  /** Channels interleaved, full scale 1. */
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
 * @param padded the file's bytes, and {@link BitReader.PADDING} bytes of zero
 * @param cutOf which samples to keep; undefined keeps none
 * @returns undefined for every other file, whether it is damaged or only uncommon: another decoder must
 *   say. Taken are one or two channels of 8, 16 or 24 bits.
 */
export function decodeFlac(
  padded: Uint8Array,
  cutOf: (head: WavHead) => Cut | undefined,
): FlacSamples | undefined {
  try {
    return decode(padded, cutOf);
  } catch (error) {
    if (error instanceof Unexpected) return undefined;
    throw error;
  }
}

function decode(padded: Uint8Array, cutOf: (head: WavHead) => Cut | undefined): FlacSamples {
  const bits = new BitReader(padded);
  const head = readHead(bits);
  const { rateHz, channels, bitsPerSample, samples, blockSamples } = head;
  const common =
    rateHz > 0 &&
    channels <= 2 &&
    [8, 16, 24].includes(bitsPerSample) &&
    samples > 0 &&
    samples <= MAX_SAMPLES &&
    head.md5 !== UNSET_MD5;
  if (!common) throw new Unexpected('an uncommon file');
  const { first, count } = cutOf({ rateHz, channels }) ?? { first: 0, count: 0 };
  const cut = new Float32Array(channels * Math.max(0, Math.min(count, samples - first)));
  const block = Array.from({ length: channels }, () => new Float64Array(blockSamples));
  const bytes = new Uint8Array((blockSamples * channels * bitsPerSample) / 8);
  const md5 = createHash('md5');
  let done = 0;
  for (let frames = 0; done < samples; frames += 1) {
    const read = readFrame(bits, padded, head, { frames, samples: done }, block);
    md5.update(bytes.subarray(0, interleaveBytes(block, read, head, bytes)));
    interleaveCut(block, read, { at: done - first, scale: 1 / (1 << (bitsPerSample - 1)) }, cut);
    done += read;
  }
  if (done !== samples || !bits.atEnd) throw new Unexpected('the end');
  if (md5.digest('hex') !== head.md5) throw new Unexpected('the MD5 of the samples');
  return { rateHz, channels, samples, cut };
}

/**
 * The samples as the MD5 is taken of them.
 *
 * @returns how many bytes they are
 * @throws Unexpected for a sample beyond what its bits can hold, which decoders wrap in ways of their own
 */
function interleaveBytes(
  block: readonly Float64Array[],
  count: number,
  { bitsPerSample }: FlacHead,
  bytes: Uint8Array,
): number {
  const mono = block.length === 1 ? block[0] : undefined;
  if (mono !== undefined && bitsPerSample === 16) return monoBytes(mono, count, bytes);
  const top = 1 << (bitsPerSample - 1);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    for (const channel of block) {
      const sample = channel[i]!;
      if (sample >= top || sample < -top) throw new Unexpected('a sample out of range');
      bytes[at++] = sample;
      if (bitsPerSample > 8) bytes[at++] = sample >> 8;
      if (bitsPerSample > 16) bytes[at++] = sample >> 16;
    }
  }
  return at;
}

/** The same for the most common kind of file, in fewer steps. */
function monoBytes(samples: Float64Array, count: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i += 1) {
    const sample = samples[i]!;
    const whole = sample | 0;
    if (whole !== (whole << 16) >> 16 || whole !== sample) {
      throw new Unexpected('a sample out of range');
    }
    view.setInt16(2 * i, whole, true);
  }
  return 2 * count;
}

/** Copies what of a block lies in the cut. @param at where in the cut the block begins; before it: below 0 */
function interleaveCut(
  block: readonly Float64Array[],
  count: number,
  { at, scale }: { readonly at: number; readonly scale: number },
  cut: Float32Array,
): void {
  const channels = block.length;
  const from = Math.max(0, -at);
  const to = Math.min(count, cut.length / channels - at);
  block.forEach((samples, channel) => {
    for (let i = from; i < to; i += 1) cut[(at + i) * channels + channel] = samples[i]! * scale;
  });
}

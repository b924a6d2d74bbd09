import type { BitReader } from './bits.ts';
import { Unexpected } from './bits.ts';

/** What a FLAC file's STREAMINFO announces (RFC 9639, 8.2). */
export interface FlacHead {
  readonly rateHz: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Of each channel. */
  readonly samples: number;
  /** Samples of each channel in a frame, at most. */
  readonly blockSamples: number;
  /** Of the samples as integers, channels interleaved, little-endian. Hexadecimal. */
  readonly md5: string;
}

/** Blocks that carry no sound and that every decoder skips: padding, seek table, tags. */
const SKIPPED: ReadonlySet<number> = new Set([1, 3, 4]);

/**
 * Reads a FLAC file up to its first frame.
 *
 * @throws Unexpected where it does not begin as a plain FLAC file does.
 */
export function readHead(bits: BitReader): FlacHead {
  if (bits.unsigned(32) !== 0x664c6143) throw new Unexpected('the marker fLaC');
  let last = bits.unsigned(1) === 1;
  if (bits.unsigned(7) !== 0 || bits.unsigned(24) !== 34) throw new Unexpected('STREAMINFO');
  const head = readStreamInfo(bits);
  while (!last) {
    last = bits.unsigned(1) === 1;
    if (!SKIPPED.has(bits.unsigned(7))) throw new Unexpected('a block of metadata');
    bits.skipBytes(bits.unsigned(24));
  }
  return head;
}

function readStreamInfo(bits: BitReader): FlacHead {
  bits.unsigned(16);
  const blockSamples = bits.unsigned(16);
  // The sizes of the smallest and of the largest frame.
  bits.skipBytes(6);
  const rateHz = bits.unsigned(20);
  const channels = bits.unsigned(3) + 1;
  const bitsPerSample = bits.unsigned(5) + 1;
  const samples = bits.unsigned(4) * 4_294_967_296 + bits.unsigned(32);
  let md5 = '';
  for (let i = 0; i < 16; i += 1) md5 += bits.unsigned(8).toString(16).padStart(2, '0');
  return { rateHz, channels, bitsPerSample, samples, blockSamples, md5 };
}

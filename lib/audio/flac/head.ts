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
  /** The byte that the first frame begins at. */
  readonly framesFrom: number;
}

/** Blocks that carry no sound and that every decoder skips: padding, seek table, tags. */
const SKIPPED: ReadonlySet<number> = new Set([1, 3, 4]);

/** Where STREAMINFO begins, behind the marker and a header, and where it ends. */
const INFO = 8;
const INFO_END = 42;

/**
 * Reads a FLAC file up to its first frame.
 *
 * @returns undefined where it does not begin as a plain FLAC file does.
 */
export function readHead(bytes: Uint8Array): FlacHead | undefined {
  if (bytes.length < INFO_END) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = view.getUint32(4);
  if (view.getUint32(0) !== 0x664c6143 || (begin & 0x7fffffff) !== 34) return undefined;
  let last = begin > 0x7fffffff;
  let at = INFO_END;
  while (!last) {
    if (at + 4 > bytes.length) return undefined;
    const block = view.getUint32(at);
    last = block > 0x7fffffff;
    if (!SKIPPED.has((block >> 24) & 0x7f)) return undefined;
    at += 4 + (block & 0xffffff);
  }
  if (at > bytes.length) return undefined;
  // 20 bits of rate, 3 of channels, 5 of bits, 36 of samples.
  const high = view.getUint32(INFO + 10);
  return {
    rateHz: high >>> 12,
    channels: ((high >> 9) & 7) + 1,
    bitsPerSample: ((high >> 4) & 31) + 1,
    samples: (high & 15) * 4_294_967_296 + view.getUint32(INFO + 14),
    blockSamples: view.getUint16(INFO + 2),
    md5: Buffer.from(bytes.buffer, bytes.byteOffset + INFO + 18, 16).toString('hex'),
    framesFrom: at,
  };
}

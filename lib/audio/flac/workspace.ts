import type { Cut } from '../cut.ts';
import type { FlacHead } from './head.ts';
import { Kernels } from './kernels.ts';

/** What the kernels may look at behind a file's end. */
const PADDING = 16;
/** What they may write behind the end of samples, bytes and floats. */
const SLACK = 32;
/** Weights of a predictor, at most. */
const MAX_ORDER = 32;
/** Of the tables of the CRC-16. */
const TABLES_BYTES = 2 * 8 * 256;
/** The samples that are handed over at once: few calls, and still in the processor's cache. */
const PIECE_BYTES = 1 << 16;

/** A memory that has become larger is not used for another file. */
const KEPT_BYTES = 1 << 23;

interface Kept {
  readonly kernels: Kernels;
  readonly tables: number;
  readonly weights: number;
  readonly free: number;
}
let kept: Kept | undefined;

/** The kernels of this thread, nothing in their memory but what every file needs. */
function keptKernels(): Kept {
  if (kept === undefined) {
    const kernels = new Kernels();
    const tables = kernels.reserve(TABLES_BYTES);
    kernels.run.makeCrc16Tables(tables);
    const weights = kernels.reserve(4 * MAX_ORDER);
    kept = { kernels, tables, weights, free: kernels.reserve(0) };
  }
  kept.kernels.releaseFrom(kept.free);
  return kept;
}

/** Where a file's frames are decoded, one after another. There is one in a thread: the latest. */
export class Workspace {
  /** The samples of the cut, as far as they have been decoded; good until the next file. */
  readonly cut: Float32Array;
  readonly #kept = keptKernels();
  readonly #first: number;
  /** 0: there is one channel. */
  readonly #second: number;
  readonly #piece: Uint8Array;

  /**
   * @param file whole, up to 64 MiB
   * @param head of one or two channels, of 8, 16 or 24 bits, and of 2^26 samples at most
   * @param cut within the file
   */
  constructor(file: Uint8Array, head: FlacHead, cut: Cut) {
    const { rateHz, channels, bitsPerSample, samples, blockSamples, framesFrom } = head;
    const { kernels } = this.#kept;
    const block = 4 * blockSamples + SLACK;
    this.#first = kernels.reserve(block);
    this.#second = channels === 2 ? kernels.reserve(block) : 0;
    const pieceBytes = PIECE_BYTES + (blockSamples * channels * bitsPerSample) / 8 + SLACK;
    const piece = kernels.reserve(pieceBytes);
    // The cut comes last: the bits of a file are counted in 32 bits, and it may be 512 MiB long.
    const place = kernels.reserve(file.length + PADDING);
    const floats = kernels.reserve(4 * channels * cut.count + SLACK);
    kernels.bytes(place, file.length).set(file);
    kernels.bytes(place + file.length, PADDING).fill(0);
    this.#piece = kernels.bytes(piece, pieceBytes);
    this.cut = kernels.floats(floats, channels * cut.count);
    const [from, to] = [place + framesFrom, place + file.length];
    kernels.run.beginFile(from, to, rateHz, channels, bitsPerSample, blockSamples, samples);
    kernels.run.keep(cut.first, cut.count, floats);
    if (kernels.size > KEPT_BYTES) kept = undefined;
  }

  /**
   * Decodes the frames that come next, as many as some 64 KiB of samples hold.
   *
   * @returns their samples as the MD5 is taken of them, good until the next call; undefined where a frame
   *   is not whole, not as the head says, or not the last when it should be
   */
  readFrames(): Uint8Array | undefined {
    const { kernels, tables, weights } = this.#kept;
    const to = this.#piece.byteOffset;
    const { run } = kernels;
    const bytes = run.readFrames(this.#first, this.#second, weights, tables, to, PIECE_BYTES);
    return bytes === 0 ? undefined : this.#piece.subarray(0, bytes);
  }
}

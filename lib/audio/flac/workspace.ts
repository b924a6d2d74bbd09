import { Unexpected } from './bits.ts';
import { crc16Tables } from './crc.ts';
import type { FlacHead } from './head.ts';
import { Kernels } from './kernels.ts';

/** What the kernels may look at behind a file's end. */
const PADDING = 16;
/** What they may write behind the end of samples, bytes and floats. */
const SLACK = 32;
/** Weights of a predictor, at most. */
const MAX_ORDER = 32;

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
  if (kept === undefined || kept.kernels.size > KEPT_BYTES) {
    const kernels = new Kernels();
    const tables = kernels.put(crc16Tables());
    const weights = kernels.reserve(4 * MAX_ORDER);
    kept = { kernels, tables, weights, free: kernels.reserve(0) };
  }
  kept.kernels.releaseFrom(kept.free);
  return kept;
}

/** Where a file's frames are decoded, one after another. There is one in a thread: the latest. */
export class Workspace {
  readonly #head: FlacHead;
  readonly #kept = keptKernels();
  readonly #file: number;
  readonly #end: number;
  readonly #first: number;
  /** 0: there is one channel. */
  readonly #second: number;
  readonly #bytes: Uint8Array;
  readonly #floats: Float32Array;

  /** @param file whole, up to 64 MiB @param head of one or two channels, of 8, 16 or 24 bits */
  constructor(file: Uint8Array, head: FlacHead) {
    const { channels, blockSamples, bitsPerSample } = head;
    const { kernels } = this.#kept;
    this.#head = head;
    const room = 4 * blockSamples + SLACK;
    this.#first = kernels.reserve(room);
    this.#second = channels === 2 ? kernels.reserve(room) : 0;
    const bytes = (blockSamples * channels * bitsPerSample) / 8 + SLACK;
    const bytesPlace = kernels.reserve(bytes);
    const floatsPlace = kernels.reserve(channels * room);
    this.#file = kernels.reserve(file.length + PADDING);
    this.#end = 8 * (this.#file + file.length);
    kernels.bytes(this.#file, file.length).set(file);
    kernels.bytes(this.#file + file.length, PADDING).fill(0);
    this.#bytes = kernels.bytes(bytesPlace, bytes);
    this.#floats = kernels.floats(floatsPlace, (channels * room) / 4);
  }

  /**
   * Decodes a channel of the frame.
   *
   * @param channel 0 or 1
   * @param from its first bit in the file
   * @param bitsPerSample of this channel
   * @param samples how many it has, up to `head.blockSamples`
   * @returns the bit behind it
   * @throws Unexpected where it is none
   */
  readSubframe(channel: number, from: number, bitsPerSample: number, samples: number): number {
    const { run } = this.#kept.kernels;
    const place = channel === 0 ? this.#first : this.#second;
    const begin = 8 * this.#file;
    const { weights } = this.#kept;
    const end = run.readSubframe(begin + from, this.#end, bitsPerSample, place, samples, weights);
    if (end === 0) throw new Unexpected('a subframe');
    return end - begin;
  }

  /**
   * From the sum and the difference of two channels to the channels.
   *
   * @param assignment as the frame says it, 8 to 10
   * @throws Unexpected for a sample beyond what its bits can hold, which decoders wrap in ways of their own
   */
  undoStereo(assignment: number, samples: number): void {
    const { run } = this.#kept.kernels;
    const { bitsPerSample } = this.#head;
    if (run.undoStereo(assignment, this.#first, this.#second, samples, bitsPerSample) === 0) {
      throw new Unexpected('a sample out of range');
    }
  }

  /** The CRC-16 of bytes of the file. */
  crc16(from: number, to: number): number {
    const { kernels, tables } = this.#kept;
    return kernels.run.crc16(this.#file + from, this.#file + to, tables);
  }

  /** The frame's samples as the MD5 is taken of them; good until the next call. */
  bytesOf(samples: number): Uint8Array {
    const { channels, bitsPerSample } = this.#head;
    const width = bitsPerSample / 8;
    const to = this.#bytes.byteOffset;
    this.#kept.kernels.run.putBytes(this.#first, this.#second, samples, width, to);
    return this.#bytes.subarray(0, samples * channels * width);
  }

  /** Samples of the frame, channels interleaved, full scale 1; good until the next call. */
  floatsOf(from: number, to: number): Float32Array {
    const { channels, bitsPerSample } = this.#head;
    const second = this.#second === 0 ? 0 : this.#second + 4 * from;
    const scale = 1 / (1 << (bitsPerSample - 1));
    const { run } = this.#kept.kernels;
    run.putFloats(this.#first + 4 * from, second, to - from, scale, this.#floats.byteOffset);
    return this.#floats.subarray(0, channels * (to - from));
  }
}

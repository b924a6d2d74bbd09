import { endianness } from 'node:os';
import type { Cut } from './cut.ts';

/** What the head of a WAV stream says. */
export interface WavHead {
  readonly rateHz: number;
  readonly channels: number;
}

/**
 * Reads a WAV stream of 32-bit floats as ffmpeg writes it into a pipe (its sizes unknown), piece by
 * piece. Everything is counted, and only the samples inside one cut are kept.
 */
export class WavStream {
  readonly #cutOf: (head: WavHead) => Cut | undefined;
  #headBytes: Buffer = Buffer.alloc(0);
  #head: WavHead | undefined;
  #cut: Cut | undefined;
  #kept: Buffer[] = [];
  #dataBytes = 0;

  /** @param cutOf which samples of each channel to keep, once rate and channels are known. */
  constructor(cutOf: (head: WavHead) => Cut | undefined) {
    this.#cutOf = cutOf;
  }

  /** Undefined until the whole head was there. */
  get head(): WavHead | undefined {
    return this.#head;
  }

  /** How many samples of each channel have come. */
  get samples(): number {
    return this.#head === undefined ? 0 : Math.floor(this.#dataBytes / (4 * this.#head.channels));
  }

  add(piece: Buffer): void {
    if (this.#head !== undefined) {
      this.#addData(piece);
      return;
    }
    this.#headBytes = Buffer.concat([this.#headBytes, piece]);
    const found = readHead(this.#headBytes);
    if (found === undefined) return;
    this.#head = found.head;
    this.#cut = this.#cutOf(found.head);
    this.#addData(this.#headBytes.subarray(found.end));
    this.#headBytes = Buffer.alloc(0);
  }

  /** The kept samples, channels interleaved: fewer than the cut asks for where the stream ended before. */
  take(): Float32Array {
    const bytes = Buffer.concat(this.#kept);
    this.#kept = [];
    const blockBytes = 4 * (this.#head?.channels ?? 1);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % blockBytes));
    if (endianness() === 'BE') whole.swap32();
    const samples = new Float32Array(whole.length / 4);
    Buffer.from(samples.buffer).set(whole);
    return samples;
  }

  #addData(piece: Buffer): void {
    const begin = this.#dataBytes;
    this.#dataBytes += piece.length;
    if (this.#head === undefined || this.#cut === undefined) return;
    const blockBytes = 4 * this.#head.channels;
    const from = Math.max(0, this.#cut.first * blockBytes - begin);
    const to = Math.min(piece.length, (this.#cut.first + this.#cut.count) * blockBytes - begin);
    if (from < to) this.#kept.push(piece.subarray(from, to));
  }
}

const EXTENSIBLE = 0xfffe;
const IEEE_FLOAT = 3;

/** Walks the chunks up to the data; undefined while bytes are missing. */
function readHead(bytes: Buffer): { head: WavHead; end: number } | undefined {
  if (bytes.length < 12) return undefined;
  let head: WavHead | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === 'data') {
      if (head === undefined) throw new Error('Internal error: a WAV stream without a format');
      return { head, end: at + 8 };
    }
    if (name === 'fmt ') {
      if (at + 8 + size > bytes.length) return undefined;
      head = readFormat(bytes.subarray(at + 8, at + 8 + size));
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function readFormat(format: Buffer): WavHead {
  const tag = format.readUInt16LE(0);
  const coding = tag === EXTENSIBLE ? format.readUInt16LE(24) : tag;
  if (coding !== IEEE_FLOAT || format.readUInt16LE(14) !== 32) {
    throw new Error('Internal error: ffmpeg was asked for 32-bit floats and gave something else');
  }
  return { channels: format.readUInt16LE(2), rateHz: format.readUInt32LE(4) };
}

import type { Cut } from './cut.ts';
import type { WavHead } from './wav-stream.ts';

/** The samples of a WAV file, of which only the cut is kept. */
export interface WavSamples extends WavHead {
  /** Of each channel in the whole file. */
  readonly samples: number;
  /** As ffmpeg names it. */
  readonly codec: string;
  /** Channels interleaved, full scale 1. */
  readonly cut: Float32Array;
}

interface Coding {
  readonly codec: string;
  readonly bytes: number;
  /** The sample at a place, full scale 1. */
  readonly read: (data: DataView, at: number) => number;
}

/** By format tag (1 whole numbers, 3 floats) and bits per sample. */
const CODINGS: Readonly<Record<string, Coding>> = {
  '1/8': { codec: 'pcm_u8', bytes: 1, read: (data, at) => (data.getUint8(at) - 128) / 128 },
  '1/16': { codec: 'pcm_s16le', bytes: 2, read: (data, at) => data.getInt16(at, true) / 32_768 },
  '1/24': {
    codec: 'pcm_s24le',
    bytes: 3,
    read: (data, at) => (data.getInt8(at + 2) * 65_536 + data.getUint16(at, true)) / 8_388_608,
  },
  '1/32': {
    codec: 'pcm_s32le',
    bytes: 4,
    read: (data, at) => data.getInt32(at, true) / 2_147_483_648,
  },
  '3/32': { codec: 'pcm_f32le', bytes: 4, read: (data, at) => data.getFloat32(at, true) },
};

/** Chunks that say nothing of the sound. */
const SKIPPED: ReadonlySet<string> = new Set(['LIST', 'fact', 'JUNK', 'PEAK']);

/**
 * Reads a plain WAV file: linear samples of one or two channels, and sizes that agree with each other
 * and with the file.
 *
 * @param cutOf which samples to keep; undefined keeps none
 * @returns undefined for every other file, whether it is damaged or only uncommon: another decoder must
 *   say
 */
export function decodePlainWav(
  bytes: Uint8Array,
  cutOf: (head: WavHead) => Cut | undefined,
): WavSamples | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = findChunks(view);
  const coding = found && codingOf(found.format);
  if (found === undefined || coding === undefined) return undefined;
  const { format, data } = found;
  const channels = format.getUint16(2, true);
  const rateHz = format.getUint32(4, true);
  const blockBytes = channels * coding.bytes;
  const plain =
    (channels === 1 || channels === 2) &&
    rateHz > 0 &&
    format.getUint16(12, true) === blockBytes &&
    data.byteLength > 0 &&
    data.byteLength % blockBytes === 0;
  if (!plain) return undefined;
  const samples = data.byteLength / blockBytes;
  const { first, count } = cutOf({ rateHz, channels }) ?? { first: 0, count: 0 };
  const cut = new Float32Array(channels * Math.max(0, Math.min(count, samples - first)));
  for (let i = 0; i < cut.length; i += 1) {
    cut[i] = coding.read(data, first * blockBytes + i * coding.bytes);
  }
  return { rateHz, channels, samples, codec: coding.codec, cut };
}

/** The one `fmt ` and, behind it, the one `data` of a file whose chunks fill it. */
function findChunks(view: DataView): { format: DataView; data: DataView } | undefined {
  const size = view.byteLength;
  if (size < 12 || nameAt(view, 0) !== 'RIFF' || nameAt(view, 8) !== 'WAVE') return undefined;
  if (view.getUint32(4, true) + 8 !== size) return undefined;
  let format: DataView | undefined;
  let data: DataView | undefined;
  let at = 12;
  while (at + 8 <= size) {
    const name = nameAt(view, at);
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > size) return undefined;
    const chunk = new DataView(view.buffer, view.byteOffset + at + 8, length);
    if (name === 'fmt ' && format === undefined && length >= 16) format = chunk;
    else if (name === 'data' && format !== undefined && data === undefined) data = chunk;
    else if (!SKIPPED.has(name)) return undefined;
    at += 8 + length + (length % 2);
  }
  return at === size && format !== undefined && data !== undefined ? { format, data } : undefined;
}

function codingOf(format: DataView): Coding | undefined {
  return CODINGS[`${format.getUint16(0, true)}/${format.getUint16(14, true)}`];
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

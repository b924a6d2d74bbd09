import fs from 'node:fs/promises';

/** What a file's own bookkeeping says about its length, read without decoding. */
export interface Container {
  readonly bytes: number;
  /** The file ends before what its head announces. */
  readonly cutShort: boolean;
  /** How many samples of each channel decoding must give, where the head says so exactly. */
  readonly promisedSamples: number | undefined;
}

/**
 * Looks for what ffmpeg passes over in silence or words badly: WAV and AIFF data or MPEG-4 boxes that
 * end early, an Ogg stream without its last page, and the number of samples in a FLAC head. Other
 * formats are left to ffmpeg.
 *
 * @throws the file system's error when the file cannot be read.
 */
export async function readContainer(file: string): Promise<Container> {
  const handle = await fs.open(file, 'r');
  try {
    const { size: bytes } = await handle.stat();
    const head = await readAt(handle, 0, 42);
    const cutShort = await endsEarly(handle, head, bytes);
    return { bytes, cutShort, promisedSamples: flacSamples(head) };
  } finally {
    await handle.close();
  }
}

async function endsEarly(handle: fs.FileHandle, head: Buffer, bytes: number): Promise<boolean> {
  const name = head.toString('latin1', 0, 4);
  const kind = head.toString('latin1', 8, 12);
  if (name === 'RIFF' && kind === 'WAVE') return dataEndsEarly(handle, bytes, 'data', 'LE');
  if (name === 'FORM' && (kind === 'AIFF' || kind === 'AIFC')) {
    return dataEndsEarly(handle, bytes, 'SSND', 'BE');
  }
  if (name === 'OggS') return lacksLastPage(handle, bytes);
  if (head.toString('latin1', 4, 8) === 'ftyp') return boxesEndEarly(handle, bytes);
  return false;
}

/** Sizes that a writer leaves when it cannot go back to fill them in: the data last to the end. */
const UNKNOWN_SIZES: readonly number[] = [0, 0x7fffffff, 0xffffffff];

/** No writer leaves so many; a file made of empty ones would be walked through for hours. */
const MAX_CHUNKS = 10_000;

async function dataEndsEarly(
  handle: fs.FileHandle,
  bytes: number,
  wanted: string,
  order: 'LE' | 'BE',
): Promise<boolean> {
  let at = 12;
  for (let chunks = 0; at + 8 <= bytes; chunks += 1) {
    if (chunks === MAX_CHUNKS) return true;
    const chunk = await readAt(handle, at, 8);
    const size = order === 'LE' ? chunk.readUInt32LE(4) : chunk.readUInt32BE(4);
    if (chunk.toString('latin1', 0, 4) === wanted) {
      return !UNKNOWN_SIZES.includes(size) && at + 8 + size > bytes;
    }
    at += 8 + size + (size % 2);
  }
  // A chunk before the data runs over the end, or the data never begin.
  return true;
}

/** MPEG-4: boxes one after the other; size 1 means a 64-bit size after the name, 0 up to the end. */
async function boxesEndEarly(handle: fs.FileHandle, bytes: number): Promise<boolean> {
  let at = 0;
  for (let boxes = 0; at + 8 <= bytes; boxes += 1) {
    if (boxes === MAX_CHUNKS) return true;
    const box = await readAt(handle, at, 16);
    const short = box.readUInt32BE(0);
    if (short === 0) return false;
    const size = short === 1 && box.length === 16 ? Number(box.readBigUInt64BE(8)) : short;
    if (size < 8) return false;
    at += size;
  }
  return at > bytes;
}

/** An Ogg page is at most 65,307 bytes long; bit 2 of its sixth byte marks the stream's last one. */
async function lacksLastPage(handle: fs.FileHandle, bytes: number): Promise<boolean> {
  const length = Math.min(bytes, 65_307);
  const tail = await readAt(handle, bytes - length, length);
  const last = tail.lastIndexOf('OggS', tail.length - 6, 'latin1');
  if (last < 0) return true;
  return ((tail[last + 5] ?? 0) & 4) === 0;
}

/** STREAMINFO comes first in a FLAC file: 36 bits of it are the number of samples, 0 if unknown. */
function flacSamples(head: Buffer): number | undefined {
  if (head.length < 26 || head.toString('latin1', 0, 4) !== 'fLaC') return undefined;
  const high = (head[21] ?? 0) % 16;
  const samples = high * 4_294_967_296 + head.readUInt32BE(22);
  return samples === 0 ? undefined : samples;
}

async function readAt(handle: fs.FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

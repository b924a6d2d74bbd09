import fs from 'node:fs/promises';
import type { Cut } from './cut.ts';
import { isRate, type Decoded } from './decode-file.ts';
import { decodeFlac } from './flac/decode-flac.ts';
import { decodePlainWav } from './pcm-wav.ts';
import type { WavHead } from './wav-stream.ts';

type CutOf = (head: WavHead) => Cut | undefined;

/** Longer files are left to a decoder that reads them piece by piece. */
const MAX_BYTES = 1 << 26;

/**
 * Decodes what nearly every corpus consists of, FLAC and WAV files that are whole and plain, without
 * starting a program: that takes longer than decoding them. Its results are those of ffmpeg, to the bit.
 *
 * @param cutOf which samples to keep; undefined keeps none
 * @returns undefined for every other file, whether it is damaged, unreadable or only uncommon: ffmpeg
 *   must say
 */
export async function decodePlainFile(file: string, cutOf: CutOf): Promise<Decoded | undefined> {
  const bytes = await readWhole(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const begin = String.fromCharCode(...bytes.subarray(0, 4));
  const decoded = begin === 'RIFF' ? wavOf(bytes, cutOf) : flacOf(bytes, cutOf);
  return decoded !== undefined && isRate(decoded.rateHz) ? decoded : undefined;
}

function wavOf(bytes: Uint8Array, cutOf: CutOf): Decoded | undefined {
  const wav = decodePlainWav(bytes, cutOf);
  return wav && { ...wav, lossy: false };
}

function flacOf(bytes: Uint8Array, cutOf: CutOf): Decoded | undefined {
  const flac = decodeFlac(bytes, cutOf);
  return flac && { ...flac, codec: 'flac', lossy: false };
}

/** All of a file that is not too long. */
async function readWhole(file: string): Promise<Uint8Array | undefined> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) return undefined;
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await handle.read(bytes, done, size - done, done);
      if (bytesRead === 0) return undefined;
      done += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

import fs from 'node:fs';
import type { Cut } from './cut.ts';
import { isRate, type Decoded } from './decode-file.ts';
import { decodeFlac } from './flac/decode-flac.ts';
import { decodePlainWav } from './pcm-wav.ts';
import { Scratch } from './scratch.ts';
import type { WavHead } from './wav-stream.ts';

type CutOf = (head: WavHead) => Cut | undefined;

const fileScratch = new Scratch();

/** Longer files are left to a decoder that reads them piece by piece. */
const MAX_BYTES = 1 << 26;

/**
 * Decodes what nearly every corpus consists of, FLAC and WAV files that are whole and plain, without
 * starting a program: that takes longer than decoding them. Its results are those of ffmpeg, to the bit.
 *
 * @param cutOf which samples to keep; undefined keeps none
 * @returns its cut is good until the next call; undefined for every other file, whether it is damaged,
 *   unreadable or only uncommon: ffmpeg must say
 */
export function decodePlainFile(file: string, cutOf: CutOf): Decoded | undefined {
  const bytes = readWhole(file);
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

/** Opening a pipe that nobody writes to does not wait. Windows lacks that mode: `|` takes it for 0. */
const READ = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

/**
 * All of a file that is not too long; undefined where there is none. At once: handing each step to
 * another thread takes longer than the step.
 */
function readWhole(file: string): Uint8Array | undefined {
  let opened: number | undefined;
  try {
    opened = fs.openSync(file, READ);
    const status = fs.fstatSync(opened);
    if (!status.isFile() || status.size > MAX_BYTES) return undefined;
    const bytes = fileScratch.bytes(status.size);
    for (let done = 0; done < bytes.length;) {
      const read = fs.readSync(opened, bytes, done, bytes.length - done, done);
      if (read === 0) return undefined;
      done += read;
    }
    return bytes;
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) fs.closeSync(opened);
  }
}

import { at, begin, end, readUnsigned } from './bits';
import { crc16 } from './crc';
import {
  announce, assignment, bitsPerSample, channels, count, LEFT_SIDE, readFrameHead, SIDE_RIGHT,
} from './frame-head';
import { putBytes, putFloats, undoStereo } from './samples';
import { readSubframe } from './subframe';

/** Of each channel in the whole file. */
let samples: u32 = 0;
/** How many frames have been read, and samples of each channel in them. */
let frames: u32 = 0;
let done: u32 = 0;

/** The first sample that is kept, the one behind the last, and where the first one goes. */
let keptFrom: u32 = 0;
let keptTo: u32 = 0;
let keptAt: usize = 0;

/**
 * Goes to the first frame of a file. Behind the file there are 16 bytes of zero.
 *
 * @param from the first byte of the frame
 * @param to the one behind the file's last
 * @param rateHz not 0
 * @param channelCount 1 or 2
 * @param bits of a sample, 8, 16 or 24
 * @param blockSamples of each channel in a frame, at most
 * @param sampleCount of each channel in the whole file, up to 2^26
 */
export function beginFile(
  from: usize,
  to: usize,
  rateHz: u32,
  channelCount: u32,
  bits: u32,
  blockSamples: u32,
  sampleCount: u32,
): void {
  begin(<u32>from << 3, <u32>to << 3);
  announce(rateHz, channelCount, bits, blockSamples);
  samples = sampleCount;
  frames = 0;
  done = 0;
}

/**
 * Which samples of the file are kept: as float32, channels interleaved, full scale 1.
 *
 * @param first within the file
 * @param length how many of each channel, all within the file
 * @param to room for as many, and for 32 bytes more
 */
export function keep(first: u32, length: u32, to: usize): void {
  keptFrom = first;
  keptTo = first + length;
  keptAt = to;
}

/**
 * Reads frame after frame, until the room is filled or the file has ended.
 *
 * @param first room for a block of int32, and for 32 bytes more
 * @param second likewise, for the other channel; 0: there is none
 * @param weights room for 32 of int32
 * @param tables what makeCrc16Tables made
 * @param to where the samples go as the MD5 is taken of them
 * @param room bytes for them; there is room for those of a block, and for 32 more, besides
 * @returns how many bytes went there; 0: the file is not what its head says, or its samples have ended
 *   and it has not
 */
export function readFrames(
  first: usize,
  second: usize,
  weights: usize,
  tables: usize,
  to: usize,
  room: u32,
): u32 {
  const width = bitsPerSample >> 3;
  let put: u32 = 0;
  while (done < samples && put < room) {
    if (!readFrame(first, second, weights, tables)) return 0;
    putBytes(first, second, count, width, to + put);
    put += count * channels * width;
    putKept(first, second);
    frames += 1;
    done += count;
  }
  if (done < samples) return put;
  return done == samples && at == end ? put : 0;
}

/** Reads the frame that is due (RFC 9639, 9); false: it is another one, or not whole by both its CRCs. */
function readFrame(first: usize, second: usize, weights: usize, tables: usize): bool {
  const from = at >> 3;
  if (!readFrameHead(frames, done)) return false;
  for (let channel: u32 = 0; channel < channels; channel += 1) {
    const bits = bitsPerSample + (isDifference(channel) ? 1 : 0);
    if (!readSubframe(bits, channel == 0 ? first : second, count, weights)) return false;
  }
  if (assignment >= LEFT_SIDE && !undoStereo(assignment, first, second, count, bitsPerSample)) {
    return false;
  }
  const padding = (8 - (at & 7)) & 7;
  if (padding > 0 && readUnsigned(padding) != 0) return false;
  readUnsigned(16);
  return at <= end && crc16(from, at >> 3, tables) == 0;
}

/** Whether the channel is a difference of two, which takes a bit more. */
function isDifference(channel: u32): bool {
  return assignment == SIDE_RIGHT ? channel == 0 : assignment >= LEFT_SIDE && channel == 1;
}

/** Puts those samples of the frame that are kept behind those of the frames before. */
function putKept(first: usize, second: usize): void {
  const from = max(keptFrom, done);
  const to = min(keptTo, done + count);
  if (from >= to) return;
  const skipped = (from - done) << 2;
  const place = keptAt + ((from - keptFrom) << 2) * channels;
  const scale = <f32>1 / <f32>(1 << (bitsPerSample - 1));
  putFloats(first + skipped, second == 0 ? 0 : second + skipped, to - from, scale, place);
}

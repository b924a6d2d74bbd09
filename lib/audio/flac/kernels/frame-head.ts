import { at, end, moveTo, readUnsigned } from './bits';
import { crc8 } from './crc';

/** What the head of the file announces, which every frame must repeat or leave out. */
let rateHz: u32 = 0;
export let channels: u32 = 0;
export let bitsPerSample: u32 = 0;
/** Samples of each channel in a frame, at most. */
let blockSamples: u32 = 0;

export function announce(rate: u32, channelCount: u32, bits: u32, block: u32): void {
  rateHz = rate;
  channels = channelCount;
  bitsPerSample = bits;
  blockSamples = block;
}

/** How many samples of each channel the frame has. */
export let count: u32 = 0;
/** How its channels are coded: each for itself (0 to 7), or as LEFT_SIDE and so on. */
export let assignment: u32 = 0;

/** Left and difference; then difference and right, and half of the sum and difference. */
export const LEFT_SIDE: u32 = 8;
export const SIDE_RIGHT: u32 = 9;
const MID_SIDE: u32 = 10;

/**
 * Reads a frame's header (RFC 9639, 9.1) into `count` and `assignment`.
 *
 * @param frames how many came before
 * @param samples how many of each channel came before
 * @returns whether it is whole, the one that is due, and as the head of the file says
 */
export function readFrameHead(frames: u32, samples: u32): bool {
  const from = at >> 3;
  const head = readUnsigned(32);
  // The sync code, and a reserved bit.
  if (at > end || head >> 17 != 0x7ffc || (head & 1) != 0) return false;
  // Frames of any length are numbered by their first sample, others one after another.
  const due = (head >> 16) & 1 ? samples : frames;
  if (readNumber() != due || at > end) return false;
  count = readCount((head >> 12) & 15);
  if (count == 0 || count > blockSamples || at > end) return false;
  if (readRate((head >> 8) & 15) != rateHz || at >= end) return false;
  assignment = (head >> 4) & 15;
  if (channelsOf(assignment) != channels) return false;
  if (bitsOf((head >> 1) & 7) != bitsPerSample) return false;
  moveTo(at + 8);
  return crc8(from, at >> 3) == 0;
}

/** A number in the manner of UTF-8: up to 36 bits in one to seven bytes; -1: it is none. */
function readNumber(): i64 {
  const first = readUnsigned(8);
  const ones = clz(~(first << 24));
  if (ones == 0) return first;
  if (ones == 1 || ones > 7) return -1;
  let number: i64 = first & (0x7f >> ones);
  // It ends in the zeros behind the file at the latest.
  for (let i: u32 = 1; i < ones; i += 1) {
    const next = readUnsigned(8);
    if (next >> 6 != 2) return -1;
    number = (number << 6) | (next & 63);
  }
  return number;
}

/** Samples of each channel; 0: reserved. */
function readCount(code: u32): u32 {
  if (code == 0) return 0;
  if (code == 1) return 192;
  if (code < 6) return 576 << (code - 2);
  if (code == 6) return readUnsigned(8) + 1;
  if (code == 7) return readUnsigned(16) + 1;
  return 256 << (code - 8);
}

/** In Hz; 0: forbidden. */
function readRate(code: u32): u32 {
  switch (code) {
    case 0: return rateHz;
    case 1: return 88_200;
    case 2: return 176_400;
    case 3: return 192_000;
    case 4: return 8000;
    case 5: return 16_000;
    case 6: return 22_050;
    case 7: return 24_000;
    case 8: return 32_000;
    case 9: return 44_100;
    case 10: return 48_000;
    case 11: return 96_000;
    case 12: return readUnsigned(8) * 1000;
    case 13: return readUnsigned(16);
    case 14: return readUnsigned(16) * 10;
    default: return 0;
  }
}

/** 0: reserved. */
function channelsOf(code: u32): u32 {
  if (code < LEFT_SIDE) return code + 1;
  return code <= MID_SIDE ? 2 : 0;
}

/** 0: reserved. */
function bitsOf(code: u32): u32 {
  switch (code) {
    case 0: return bitsPerSample;
    case 1: return 8;
    case 2: return 12;
    case 4: return 16;
    case 5: return 20;
    case 6: return 24;
    case 7: return 32;
    default: return 0;
  }
}

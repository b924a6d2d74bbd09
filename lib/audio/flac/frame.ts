import { Unexpected, type BitReader } from './bits.ts';
import { crc8 } from './crc.ts';
import type { FlacHead } from './head.ts';
import type { Workspace } from './workspace.ts';

/** What a frame must be, from what came before it. */
export interface Expected {
  /** How many frames came before. */
  readonly frames: number;
  /** How many samples of each channel came before. */
  readonly samples: number;
}

/**
 * Reads a frame (RFC 9639, 9), which must be the one that is due, be coded as the head of the file says,
 * and be whole by both its CRCs.
 *
 * @param bytes what `bits` reads
 * @param workspace where its samples go
 * @returns how many samples of each channel it held
 * @throws Unexpected for any other frame.
 */
export function readFrame(
  bits: BitReader,
  bytes: Uint8Array,
  head: FlacHead,
  expected: Expected,
  workspace: Workspace,
): number {
  const begin = bits.byte;
  const { samples, assignment } = readFrameHead(bits, head, expected);
  if (crc8(bytes.subarray(begin, bits.byte)) !== 0) throw new Unexpected('the CRC of a header');
  for (let channel = 0; channel < head.channels; channel += 1) {
    const bitsPerSample = head.bitsPerSample + (isDifference(assignment, channel) ? 1 : 0);
    bits.at = workspace.readSubframe(channel, bits.at, bitsPerSample, samples);
  }
  if (assignment >= LEFT_SIDE) workspace.undoStereo(assignment, samples);
  bits.align();
  bits.unsigned(16);
  if (workspace.crc16(begin, bits.byte) !== 0) throw new Unexpected('the CRC of a frame');
  return samples;
}

interface FrameHead {
  readonly samples: number;
  readonly assignment: number;
}

const BLOCK_SAMPLES = [0, 192, 576, 1152, 2304, 4608, 0, 0];
const RATES_HZ = [
  0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
];
const BITS_PER_SAMPLE = [0, 8, 12, 0, 16, 20, 24, 32];

function readFrameHead(bits: BitReader, head: FlacHead, expected: Expected): FrameHead {
  if (bits.unsigned(15) !== 0x7ffc) throw new Unexpected('the beginning of a frame');
  const variable = bits.unsigned(1) === 1;
  const blockCode = bits.unsigned(4);
  const rateCode = bits.unsigned(4);
  const assignment = bits.unsigned(4);
  const bitsCode = bits.unsigned(3);
  if (bits.unsigned(1) !== 0) throw new Unexpected('a reserved bit');
  const number = readNumber(bits);
  const samples =
    blockCode === 6
      ? bits.unsigned(8) + 1
      : blockCode === 7
        ? bits.unsigned(16) + 1
        : blockCode > 7
          ? 256 << (blockCode - 8)
          : BLOCK_SAMPLES[blockCode]!;
  const rateHz = readRate(bits, rateCode) ?? head.rateHz;
  bits.unsigned(8);
  const own = bitsCode === 0 ? head.bitsPerSample : BITS_PER_SAMPLE[bitsCode]!;
  const channels = assignment < 8 ? assignment + 1 : assignment < 11 ? 2 : 0;
  const asAnnounced =
    number === (variable ? expected.samples : expected.frames) &&
    samples > 0 &&
    samples <= head.blockSamples &&
    rateHz === head.rateHz &&
    own === head.bitsPerSample &&
    channels === head.channels;
  if (!asAnnounced) throw new Unexpected('a frame of another kind');
  return { samples, assignment };
}

/** A number in the manner of UTF-8: up to 36 bits in one to seven bytes. */
function readNumber(bits: BitReader): number {
  const first = bits.unsigned(8);
  const ones = Math.clz32(~(first << 24));
  if (ones === 0) return first;
  if (ones === 1 || ones > 7) throw new Unexpected('the number of a frame');
  let number = first & (0x7f >> ones);
  for (let i = 1; i < ones; i += 1) {
    if (bits.unsigned(2) !== 2) throw new Unexpected('the number of a frame');
    number = number * 64 + bits.unsigned(6);
  }
  return number;
}

/** Undefined: the one that the head of the file gives. */
function readRate(bits: BitReader, code: number): number | undefined {
  if (code === 0) return undefined;
  if (code < 12) return RATES_HZ[code];
  if (code === 12) return bits.unsigned(8) * 1000;
  if (code === 13) return bits.unsigned(16);
  if (code === 14) return bits.unsigned(16) * 10;
  throw new Unexpected('the rate of a frame');
}

const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;

function isDifference(assignment: number, channel: number): boolean {
  return assignment === SIDE_RIGHT ? channel === 0 : assignment >= LEFT_SIDE && channel === 1;
}

import { createHash } from 'node:crypto';
import { BitWriter } from './bit-writer.ts';

/** A Rice parameter, or the width of numbers that stand as they are. */
export type Partition = { readonly parameter: number } | { readonly escape: number };

/** How what a prediction leaves over is written. */
export interface Residual {
  readonly method: 0 | 1;
  /** A power of two of them. */
  readonly partitions: readonly Partition[];
}

interface Shifted {
  /** Low bits that are zero in every sample. */
  readonly wasted: number;
}
interface Constant extends Shifted {
  readonly kind: 'constant';
}
interface Verbatim extends Shifted {
  readonly kind: 'verbatim';
}
interface Fixed extends Shifted {
  readonly kind: 'fixed';
  readonly order: number;
  readonly residual: Residual;
}
interface Linear extends Shifted {
  readonly kind: 'linear';
  /** The nearest sample first. */
  readonly weights: readonly number[];
  readonly precision: number;
  readonly shift: number;
  readonly residual: Residual;
}

/** How a channel of a frame is written: as the format has it, or in any other way. */
export type Subframe = Known | { readonly kind: 'raw'; readonly write: Write };
type Known = Constant | Verbatim | Fixed | Linear;
type Write = (bits: BitWriter) => void;

export interface Frame {
  /** Of each channel, the very samples. */
  readonly samples: readonly (readonly number[])[];
  /** 0 or 1: as many channels, each for itself; 8 to 10: with the difference. */
  readonly assignment: number;
  readonly subframes: readonly Subframe[];
  /** Where its header is not the usual one. */
  readonly head?: Partial<FrameHead>;
  /** Which of its checksums does not hold. */
  readonly wrongCrc?: 8 | 16;
}

/** A frame's header without its CRC; codes as the format has them. */
export interface FrameHead {
  readonly sync: number;
  /** 1: the number is that of the first sample. */
  readonly variable: number;
  readonly lengthCode: number;
  readonly rateCode: number;
  readonly assignment: number;
  readonly bitsCode: number;
  readonly reserved: number;
  /** The bytes of its number. */
  readonly number: readonly number[];
  /** The bytes behind it: the length and the rate where their codes say so. */
  readonly more: readonly number[];
}

/** What a file says of itself, where it is not what its frames are. */
export interface FileHead {
  readonly rateHz: number;
  /** Samples of each channel in a frame, at most. */
  readonly blockSamples: number;
  /** Of each channel. */
  readonly samples: number;
  /** Blocks of metadata behind the first. */
  readonly blocks: readonly { readonly kind: number; readonly bytes: number }[];
}

/** A FLAC file (RFC 9639) written by hand, in just the ways that are asked for. */
export function flacFile(
  bitsPerSample: number,
  frames: readonly Frame[],
  head: Partial<FileHead> = {},
): Buffer {
  const channels = frames[0]!.samples.length;
  const lengths = frames.map(({ samples }) => samples[0]!.length);
  const { rateHz = 8000, blockSamples = Math.max(...lengths), blocks = [] } = head;
  const { samples: announced = lengths.reduce((sum, length) => sum + length, 0) } = head;
  const bits = new BitWriter();
  bits.write(0x664c6143, 32);
  bits.write(blocks.length === 0 ? 0x80 : 0, 8);
  bits.write(34, 24);
  bits.write(16, 16);
  bits.write(blockSamples, 16);
  bits.write(0, 48);
  bits.write(rateHz, 20);
  bits.write(channels - 1, 3);
  bits.write(bitsPerSample - 1, 5);
  bits.write(announced, 36);
  const md5 = createHash('md5');
  for (const { samples } of frames) md5.update(interleaved(samples, bitsPerSample / 8));
  const more = new BitWriter();
  blocks.forEach(({ kind, bytes }, i) => {
    more.write(i === blocks.length - 1 ? 1 : 0, 1);
    more.write(kind, 7);
    more.write(bytes, 24);
    more.write(0, 8 * bytes);
  });
  const coded = frames.map((frame, number) => frameBytes(frame, number, bitsPerSample));
  return Buffer.concat([bits.bytes(), md5.digest(), more.bytes(), ...coded]);
}

function interleaved(samples: readonly (readonly number[])[], width: number): Buffer {
  const [first = []] = samples;
  const bytes = Buffer.alloc(first.length * samples.length * width);
  let at = 0;
  first.forEach((_, i) => {
    for (const channel of samples) at = bytes.writeIntLE(channel[i]!, at, width);
  });
  return bytes;
}

function frameBytes(frame: Frame, number: number, bitsPerSample: number): Buffer {
  const { samples, assignment, subframes, wrongCrc } = frame;
  const body = new BitWriter();
  codedChannels(samples, assignment).forEach((channel, i) => {
    const isDifference = assignment === 9 ? i === 0 : assignment >= 8 && i === 1;
    writeSubframe(body, channel, bitsPerSample + (isDifference ? 1 : 0), subframes[i]!);
  });
  const headBytes = withCrc(frameHead(frame, number), 8, 0x07, wrongCrc === 8);
  return withCrc(Buffer.concat([headBytes, body.bytes()]), 16, 0x8005, wrongCrc === 16);
}

function frameHead(frame: Frame, due: number): Buffer {
  const { head = {} } = frame;
  const length = frame.samples[0]!.length - 1;
  const { sync = 0x7ffc, variable = 0, lengthCode = 7, rateCode = 0, bitsCode = 0 } = head;
  const {
    assignment = frame.assignment,
    reserved = 0,
    number = [due],
    more = [length >> 8, length & 255],
  } = head;
  const bits = new BitWriter();
  bits.write(sync, 15);
  bits.write(variable, 1);
  bits.write(lengthCode, 4);
  bits.write(rateCode, 4);
  bits.write(assignment, 4);
  bits.write(bitsCode, 3);
  bits.write(reserved, 1);
  for (const byte of [...number, ...more]) bits.write(byte, 8);
  return bits.bytes();
}

/** What of two channels is written. */
export function codedChannels(
  samples: readonly (readonly number[])[],
  assignment: number,
): readonly (readonly number[])[] {
  if (assignment < 8) return samples;
  const [left, right] = samples as [readonly number[], readonly number[]];
  const difference = left.map((a, i) => a - right[i]!);
  if (assignment === 8) return [left, difference];
  if (assignment === 9) return [difference, right];
  return [left.map((a, i) => (a + right[i]!) >> 1), difference];
}

function withCrc(bytes: Buffer, width: 8 | 16, polynomial: number, wrong: boolean): Buffer {
  const top = 1 << (width - 1);
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << (width - 8);
    for (let i = 0; i < 8; i += 1)
      rest = (rest & top ? (rest << 1) ^ polynomial : rest << 1) & (2 * top - 1);
  }
  const crc = new BitWriter();
  crc.write(wrong ? rest ^ 1 : rest, width);
  return Buffer.concat([bytes, crc.bytes()]);
}

function writeSubframe(
  bits: BitWriter,
  samples: readonly number[],
  bitsPerSample: number,
  subframe: Subframe,
): void {
  if (subframe.kind === 'raw') {
    subframe.write(bits);
    return;
  }
  const { wasted } = subframe;
  const width = bitsPerSample - wasted;
  const coded = samples.map((sample) => sample / 2 ** wasted);
  bits.write(kindOf(subframe), 7);
  bits.write(wasted > 0 ? 1 : 0, 1);
  if (wasted > 0) bits.unary(wasted - 1);
  if (subframe.kind === 'constant') bits.write(coded[0]!, width);
  else if (subframe.kind === 'verbatim') writeAll(bits, coded, width);
  else {
    const { weights, shift } = predictorOf(subframe);
    writeAll(bits, coded.slice(0, weights.length), width);
    if (subframe.kind === 'linear') {
      bits.write(subframe.precision - 1, 4);
      bits.write(shift, 5);
      writeAll(bits, weights, subframe.precision);
    }
    writeResidual(bits, leftOver(coded, weights, shift), weights.length, subframe.residual);
  }
}

function writeAll(bits: BitWriter, values: readonly number[], width: number): void {
  for (const value of values) bits.write(value, width);
}

function kindOf(subframe: Known): number {
  if (subframe.kind === 'constant') return 0;
  if (subframe.kind === 'verbatim') return 1;
  return subframe.kind === 'fixed' ? 8 + subframe.order : 31 + subframe.weights.length;
}

/** The fixed predictors, the nearest sample first. */
export const FIXED: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function predictorOf(subframe: Fixed | Linear): {
  readonly weights: readonly number[];
  readonly shift: number;
} {
  return subframe.kind === 'fixed' ? { weights: FIXED[subframe.order]!, shift: 0 } : subframe;
}

/** What a prediction by the samples before leaves over, from the first sample that has enough before it. */
export function leftOver(
  samples: readonly number[],
  weights: readonly number[],
  shift: number,
): number[] {
  return samples.slice(weights.length).map((sample, i) => {
    const at = i + weights.length;
    const sum = weights.reduce((total, weight, lag) => total + weight * samples[at - 1 - lag]!, 0);
    return sample - Math.floor(sum / 2 ** shift);
  });
}

/** The sign in the lowest bit. */
export function folded(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function writeResidual(
  bits: BitWriter,
  values: readonly number[],
  order: number,
  { method, partitions }: Residual,
): void {
  bits.write(method, 2);
  bits.write(Math.log2(partitions.length), 4);
  const length = (values.length + order) / partitions.length;
  partitions.forEach((partition, i) => {
    const part = values.slice(Math.max(0, i * length - order), (i + 1) * length - order);
    if ('escape' in partition) {
      bits.write(31, 4 + method);
      bits.write(partition.escape, 5);
      writeAll(bits, part, partition.escape);
      return;
    }
    const { parameter } = partition;
    bits.write(parameter, 4 + method);
    for (const value of part) {
      const quotient = Math.floor(folded(value) / 2 ** parameter);
      bits.unary(quotient);
      bits.write(folded(value), parameter);
    }
  });
}

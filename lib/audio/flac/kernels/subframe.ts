import { at, end, readNumbers, readSigned, readUnary, readUnsigned } from './bits';
import { predict, predictFixed } from './predict';
import { readRice, see, seen } from './rice';
import { exceed, shiftUp } from './samples';

/**
 * Reads one channel of a frame (RFC 9639, 9.2) as it was coded: one constant, the very samples, or what
 * a prediction from the samples before leaves over.
 *
 * @param bitsPerSample of this channel, 8 to 25: one more than the file's for a difference of two
 * @param samples where its samples go, int32; room for four more
 * @param count how many it has, at least 1
 * @param weights room for 32 of int32
 * @returns false: it is none, or a sample is beyond what its bits can hold
 */
export function readSubframe(
  bitsPerSample: u32,
  samples: usize,
  count: u32,
  weights: usize,
): bool {
  const head = readUnsigned(8);
  if (at > end || head > 127) return false;
  const kind = head >> 1;
  // Low bits that are zero in every sample are left out, and their number is said in unary.
  const wasted = head & 1 ? readUnary() + 1 : 0;
  if ((head & 1 && wasted == 0) || wasted >= <i32>bitsPerSample) return false;
  const coded = bitsPerSample - wasted;
  if (!readCoded(kind, coded, samples, count, weights)) return false;
  if (exceed(samples, count, coded)) return false;
  if (wasted > 0) shiftUp(samples, count, wasted);
  return true;
}

function readCoded(kind: u32, coded: u32, samples: usize, count: u32, weights: usize): bool {
  if (kind == 0) return readConstant(coded, samples, count);
  if (kind == 1) return readNumbers(coded, samples, count);
  if (kind >= 8 && kind <= 12) return readFixed(coded, kind - 8, samples, count);
  return kind >= 32 && readLinear(coded, kind - 31, samples, count, weights);
}

function readConstant(coded: u32, samples: usize, count: u32): bool {
  if (at + coded > end) return false;
  const value = readSigned(coded);
  for (let i: u32 = 0; i < count; i += 1) store<i32>(samples + (i << 2), value);
  return true;
}

function readFixed(coded: u32, order: u32, samples: usize, count: u32): bool {
  if (order > count || !readNumbers(coded, samples, order)) return false;
  if (!readResidual(order, samples, count)) return false;
  predictFixed(order, samples, count);
  return true;
}

/** Linear prediction: weights that the frame brings along (RFC 9639, 9.2.6). */
function readLinear(coded: u32, order: u32, samples: usize, count: u32, weights: usize): bool {
  if (order > count || !readNumbers(coded, samples, order)) return false;
  const precision = readUnsigned(4) + 1;
  const shift = readSigned(5);
  if (precision == 16 || shift < 0) return false;
  memory.fill(weights, 0, 128);
  if (!readNumbers(precision, weights, order)) return false;
  if (!readResidual(order, samples, count)) return false;
  return predict(coded, order, weights, shift, samples, count, seen);
}

/**
 * What a prediction leaves over, in partitions of one Rice parameter each (RFC 9639, 9.2.7). Behind what is
 * looked for at once there are at least the 16 bits of the frame's CRC.
 */
function readResidual(order: u32, samples: usize, count: u32): bool {
  see(0);
  if (at + 6 > end) return false;
  const method = readUnsigned(2);
  if (method > 1) return false;
  const parameterBits = 4 + method;
  const escape = method == 0 ? 15 : 31;
  const partitions: u32 = 1 << readUnsigned(4);
  const length = count / partitions;
  if (length * partitions != count || length < order) return false;
  let from = order;
  for (let to = length; to <= count; to += length) {
    if (at + 10 > end) return false;
    const parameter = readUnsigned(parameterBits);
    const place = samples + (from << 2);
    if (parameter == escape) {
      const width = readUnsigned(5);
      if (!readNumbers(width, place, to - from)) return false;
      see(seen | ((1 << width) - 1));
    } else if (!readRice(parameter, place, to - from)) return false;
    from = to;
  }
  return true;
}

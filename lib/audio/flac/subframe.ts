import { Unexpected, type BitReader } from './bits.ts';

/**
 * Reads one channel of a frame (RFC 9639, 9.2) as it was coded: one constant, the very samples, or what
 * a prediction from the samples before leaves over. Whole numbers below 2^53 throughout, which float64
 * holds exactly.
 *
 * @param bitsPerSample of this channel: one more than the file's for a difference of two
 * @param into where its samples go
 */
export function readSubframe(bits: BitReader, bitsPerSample: number, into: Float64Array): void {
  if (bits.unsigned(1) !== 0) throw new Unexpected('a subframe');
  const kind = bits.unsigned(6);
  // Low bits that are zero in every sample are left out, and their number is said in unary.
  const wasted = bits.unsigned(1) === 1 ? bits.unary() + 1 : 0;
  const coded = bitsPerSample - wasted;
  if (coded < 1) throw new Unexpected('wasted bits');
  if (kind === 0) into.fill(bits.signed(coded));
  else if (kind === 1) readSigned(bits, coded, into, 0, into.length);
  else if (kind >= 8 && kind <= 12) readFixed(bits, coded, FIXED[kind - 8]!, into);
  else if (kind >= 32) readLinear(bits, coded, kind - 31, into);
  else throw new Unexpected('a kind of subframe');
  if (wasted === 0) return;
  const scale = 1 << wasted;
  for (let i = 0; i < into.length; i += 1) into[i]! *= scale;
}

/** The fixed predictors of order 0 to 4, the nearest sample first (RFC 9639, 9.2.5). */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const;

function readFixed(
  bits: BitReader,
  coded: number,
  weights: readonly number[],
  into: Float64Array,
): void {
  readPredicted(bits, coded, weights.length, into);
  predict(into, Float64Array.from(weights), 1);
}

/** Linear prediction: weights that the frame brings along (RFC 9639, 9.2.6). */
function readLinear(bits: BitReader, coded: number, order: number, into: Float64Array): void {
  if (order > into.length) throw new Unexpected('an order above the samples');
  readSigned(bits, coded, into, 0, order);
  const precision = bits.unsigned(4) + 1;
  const shift = bits.signed(5);
  if (precision === 16 || shift < 0) throw new Unexpected('a predictor');
  const weights = new Float64Array(order);
  readSigned(bits, precision, weights, 0, order);
  readResidual(bits, order, into);
  predict(into, weights, 1 / (1 << shift));
}

/** The first samples as they are, and what the prediction leaves over of the others. */
function readPredicted(bits: BitReader, coded: number, order: number, into: Float64Array): void {
  if (order > into.length) throw new Unexpected('an order above the samples');
  readSigned(bits, coded, into, 0, order);
  readResidual(bits, order, into);
}

/**
 * Adds to each sample what those before it foretell.
 *
 * @param samples the first ones; behind them, what was left over
 * @param weights of the samples before, the nearest first
 * @param scale of their sum, a power of two: rounding down is the shift of the format
 */
function predict(samples: Float64Array, weights: Float64Array, scale: number): void {
  const order = weights.length;
  if (order === 0) return;
  const scaled = weights.map((weight) => weight * scale);
  const nearest = scaled[0]!;
  let before = samples[order - 1]!;
  for (let i = order; i < samples.length; i += 1) {
    // The sample just before comes last, since it alone has to be waited for. All sums are exact, in
    // whatever order, so the leftover may be added before the rounding.
    let even = samples[i]!;
    let odd = 0;
    let j = order - 1;
    for (; j > 1; j -= 2) {
      even += scaled[j]! * samples[i - 1 - j]!;
      odd += scaled[j - 1]! * samples[i - j]!;
    }
    if (j === 1) even += scaled[1]! * samples[i - 2]!;
    before = Math.floor(even + odd + nearest * before);
    samples[i] = before;
  }
}

/** What a prediction leaves over, in partitions of one Rice parameter each (RFC 9639, 9.2.7). */
function readResidual(bits: BitReader, order: number, into: Float64Array): void {
  const method = bits.unsigned(2);
  if (method > 1) throw new Unexpected('a coding of residuals');
  const parameterBits = method === 0 ? 4 : 5;
  const escape = method === 0 ? 15 : 31;
  const partitions = 1 << bits.unsigned(4);
  const length = into.length / partitions;
  if (!Number.isInteger(length) || length < order) throw new Unexpected('partitions');
  for (let partition = 0; partition < partitions; partition += 1) {
    const from = partition === 0 ? order : partition * length;
    const to = (partition + 1) * length;
    const parameter = bits.unsigned(parameterBits);
    if (parameter === escape) readSigned(bits, bits.unsigned(5), into, from, to);
    else bits.rice(parameter, into, from, to);
  }
}

function readSigned(
  bits: BitReader,
  width: number,
  into: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i += 1) into[i] = bits.signed(width);
}

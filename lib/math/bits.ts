/**
 * The bits of a double, and its scaling by powers of two: what the ports in this folder need to take
 * numbers apart. A DataView fixes the order of the bytes, so the machine's own does not matter.
 */
const view = new DataView(new ArrayBuffer(8));

/** Sign, exponent and the upper 20 bits of the fraction, as an unsigned 32-bit integer. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getUint32(0);
}

/** The lower 32 bits of the fraction, unsigned. */
export function lowWord(x: number): number {
  view.setFloat64(0, x);
  return view.getUint32(4);
}

/** The double of two words. */
export function fromWords(high: number, low: number): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

/** x with the lower 32 bits of its fraction set to zero, so that products of two such are exact. */
export function withoutLowWord(x: number): number {
  view.setFloat64(0, x);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** 2^n for a whole n from -1022 to 1023, exactly. */
function powerOfTwo(n: number): number {
  return fromWords((0x3ff + n) << 20, 0);
}

/**
 * x 2^n for |x| from 1/2 to 2 and a whole n from -1991 to 2046, rounded once. In two steps where 2^n
 * is no normal number: the first is exact, so the subnormal range is entered but once.
 */
export function scale(x: number, n: number): number {
  if (n > 1023) return x * powerOfTwo(1023) * powerOfTwo(n - 1023);
  if (n < -1022) return x * powerOfTwo(-969) * powerOfTwo(n + 969);
  return x * powerOfTwo(n);
}

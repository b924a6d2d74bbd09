/**
 * The bits of a file, most significant first. A place is a number of bits from the beginning of the
 * memory. Eight bytes are loaded at once: behind a file there are twice as many of zero, and nothing is
 * read from a place behind the end.
 */

/** Where the next bit stands. */
export let at: u32 = 0;
/** Where the file ends. */
export let end: u32 = 0;

export function begin(from: u32, to: u32): void {
  at = from;
  end = to;
}

export function moveTo(place: u32): void {
  at = place;
}

/** The 64 bits from a byte on. */
@inline
export function bigEndian(address: usize): u64 {
  const bytes = v128.load_zero<u64>(address);
  const reversed = v128.shuffle<u8>(
    bytes, bytes,
    7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8,
  );
  return i64x2.extract_lane(reversed, 0);
}

/** At least the next 57 bits, at the top. */
@inline
export function nextBits(): u64 {
  return bigEndian(at >> 3) << (at & 7);
}

/** @param count 1 to 32 */
export function readUnsigned(count: u32): u32 {
  const value = <u32>(nextBits() >> (64 - count));
  at += count;
  return value;
}

/** In two's complement. @param count 1 to 32 */
export function readSigned(count: u32): i32 {
  const value = <i32>(<i64>nextBits() >> (64 - count));
  at += count;
  return value;
}

/** How many zeros stand before the next one, which is read too; -1: it does not come. */
export function readUnary(): i32 {
  const from = at;
  for (;;) {
    const zeros = min<u32>(<u32>clz(nextBits()), 57);
    at += zeros;
    if (at >= end) return -1;
    if (zeros < 57) break;
  }
  at += 1;
  return at - from - 1;
}

/**
 * Numbers of one width in two's complement.
 *
 * @param width 0 to 32
 * @param to where they go, int32
 * @returns whether the file has so many
 */
export function readNumbers(width: u32, to: usize, count: u32): bool {
  if (<u64>at + <u64>width * count > end) return false;
  if (width == 0) memory.fill(to, 0, count << 2);
  else for (const stop = to + (count << 2); to < stop; to += 4) store<i32>(to, readSigned(width));
  return true;
}

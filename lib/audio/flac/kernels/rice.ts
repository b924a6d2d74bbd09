import { at, bigEndian, end, moveTo, readUnary, readUnsigned } from './bits';

/** All bits that are set in any number of the subframe, the sign folded into the lowest: how large they are. */
export let seen: u32 = 0;

export function see(bits: u32): void {
  seen = bits;
}

/**
 * Rice-coded numbers (RFC 9639, 9.2.7.2): a quotient in unary, `parameter` bits of remainder, the sign
 * folded into the lowest bit. As many as surely fit, mostly, are read from 56 bits.
 *
 * @param parameter 0 to 30
 * @param to where they go, int32
 * @returns whether the file has so many that int32 can hold
 */
export function readRice(parameter: u32, to: usize, count: u32): bool {
  const atOnce: u32 = parameter < 10 ? 4 : parameter < 22 ? 2 : 1;
  const stop = to + (count << 2);
  const last = (end >> 3) + 8;
  let bits = seen;
  // Of the window the first `held` bits count; the next to come begin at the address.
  let address: usize = at >> 3;
  let window = bigEndian(address) << (at & 7);
  let held: i32 = 56 - (at & 7);
  address += 7;
  while (to < stop) {
    if (address > last) return false;
    window |= bigEndian(address) >> held;
    address += (63 - held) >> 3;
    held |= 56;
    const before = (<u32>address << 3) - held;
    const next = min(to + (atOnce << 2), stop);
    let place = to;
    for (; place < next; place += 4) {
      const zeros = clz(window);
      // The quotient's end is the first bit; above the remainder it stands for one quotient more.
      const code = window << zeros;
      const folded = (<u32>(zeros - 1) << parameter) + <u32>(code >> (63 - parameter));
      window = code << (parameter + 1);
      held -= <i32>zeros + parameter + 1;
      bits |= folded;
      store<i32>(place, (folded >> 1) ^ -(folded & 1));
    }
    if (held >= 0) {
      to = next;
      continue;
    }
    moveTo(before);
    for (; to < next; to += 4) {
      const folded = readLongRice(parameter);
      if (folded < 0) return false;
      bits |= <u32>folded;
      store<i32>(to, <u32>(folded >> 1) ^ -(<u32>folded & 1));
    }
    address = at >> 3;
    window = bigEndian(address) << (at & 7);
    held = 56 - (at & 7);
    address += 7;
  }
  moveTo((<u32>address << 3) - held);
  see(bits);
  return at <= end;
}

/** A number of any length, its sign folded; -1: it is too large, or the file ends. */
function readLongRice(parameter: u32): i64 {
  const quotient = readUnary();
  if (quotient < 0 || quotient > 0x7fffff) return -1;
  const remainder = parameter == 0 ? 0 : readUnsigned(parameter);
  const folded = (<i64>quotient << parameter) + remainder;
  return at > end || folded > 0xffffffff ? -1 : folded;
}

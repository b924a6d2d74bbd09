import { at, bigEndian, end, moveTo, nextBits, readUnary, readUnsigned } from './bits';

/** All bits that are set in any number of the subframe, the sign folded into the lowest: how large they are. */
export let seen: u32 = 0;

export function see(bits: u32): void {
  seen = bits;
}

/**
 * Rice-coded numbers (RFC 9639, 9.2.7.2): a quotient in unary, `parameter` bits of remainder, the sign
 * folded into the lowest bit.
 *
 * @param parameter 0 to 30
 * @param to where they go, int32; four behind them are overwritten
 * @returns whether the file has so many that int32 can hold
 */
export function readRice(parameter: u32, to: usize, count: u32): bool {
  const stop = to + (count << 2);
  const fours = parameter < 10 ? to + ((count & ~3) << 2) : to;
  let place = to;
  while (place < stop) {
    if (place < fours) place = readFours(parameter, place, fours);
    // What is long, or one of the last, is read alone.
    const alone = place < fours ? place + 16 : stop;
    for (; place < alone; place += 4) {
      const folded = readLong(parameter);
      if (folded < 0) return false;
      store<u32>(place, <u32>folded);
    }
  }
  unfold(to, stop);
  return true;
}

/**
 * As many numbers as go by fours into 56 bits, their signs folded. The zeros behind the file, where no
 * number ends, are more: so it does not read on there.
 *
 * @param stop a multiple of four numbers away
 * @returns where it ended: at `stop`, or before four that are longer
 */
function readFours(parameter: u32, to: usize, stop: usize): usize {
  const rest = 63 - parameter;
  const next = parameter + 1;
  // Of the window the first `held` bits count; those at the address come behind them.
  let address: usize = at >> 3;
  let window = bigEndian(address) << (at & 7);
  let held: i32 = 56 - (at & 7);
  address += 7;
  for (; to < stop; to += 16) {
    window |= bigEndian(address) >> held;
    address += (63 - held) >> 3;
    held |= 56;
    // The quotient's end is the first bit: above the remainder it stands for one quotient more.
    const zeros0 = clz(window);
    const code0 = window << zeros0;
    const window1 = code0 << next;
    const zeros1 = clz(window1);
    const code1 = window1 << zeros1;
    const window2 = code1 << next;
    const zeros2 = clz(window2);
    const code2 = window2 << zeros2;
    const window3 = code2 << next;
    const zeros3 = clz(window3);
    const code3 = window3 << zeros3;
    window = code3 << next;
    const left = held - <i32>(zeros0 + zeros1 + zeros2 + zeros3 + (next << 2));
    if (left < 0) break;
    held = left;
    store<u32>(to, <u32>(((zeros0 - 1) << parameter) + (code0 >> rest)));
    store<u32>(to, <u32>(((zeros1 - 1) << parameter) + (code1 >> rest)), 4);
    store<u32>(to, <u32>(((zeros2 - 1) << parameter) + (code2 >> rest)), 8);
    store<u32>(to, <u32>(((zeros3 - 1) << parameter) + (code3 >> rest)), 12);
  }
  moveTo(((<u32>address) << 3) - held);
  return to;
}

/** Puts the signs back. @param stop four numbers behind it are overwritten */
function unfold(from: usize, stop: usize): void {
  v128.store(stop, i32x4.splat(0));
  const one = i32x4.splat(1);
  let bits = i32x4.splat(0);
  for (let place = from; place < stop; place += 16) {
    const folded = v128.load(place);
    bits = v128.or(bits, folded);
    const sign = i32x4.neg(v128.and(folded, one));
    v128.store(place, v128.xor(i32x4.shr_u(folded, 1), sign));
  }
  bits = v128.or(bits, v128.shuffle<i32>(bits, bits, 2, 3, 0, 1));
  see(seen | i32x4.extract_lane(bits, 0) | i32x4.extract_lane(bits, 1));
}

/** A number of any length, its sign folded; -1: it is too large, or the file ends. */
function readLong(parameter: u32): i64 {
  const bits = nextBits();
  const zeros = <u32>clz(bits);
  let folded: i64;
  if (zeros + 1 + parameter <= 57) {
    folded = ((<i64>zeros - 1) << parameter) + <i64>((bits << zeros) >> (63 - parameter));
    moveTo(at + zeros + 1 + parameter);
  } else {
    const quotient = readUnary();
    if (quotient < 0 || quotient > 0x7fffff) return -1;
    folded = (<i64>quotient << parameter) + (parameter == 0 ? 0 : readUnsigned(parameter));
  }
  return at > end || folded > 0xffffffff ? -1 : folded;
}

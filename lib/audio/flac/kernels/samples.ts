/**
 * Whether a sample has more than so many bits.
 *
 * @param samples int32; four behind them are overwritten
 */
export function exceed(samples: usize, count: u32, bits: u32): bool {
  const stop = samples + (count << 2);
  v128.store(stop, i32x4.splat(0));
  let used = i32x4.splat(0);
  for (let place = samples; place < stop; place += 16) {
    const four = v128.load(place);
    used = v128.or(used, v128.xor(four, i32x4.shr_s(four, 31)));
  }
  return v128.any_true(i32x4.shr_u(used, bits - 1));
}

/** Puts back the low bits that were left out, all zero. */
export function shiftUp(samples: usize, count: u32, bits: u32): void {
  const stop = samples + (count << 2);
  for (let place = samples; place < stop; place += 16) {
    v128.store(place, i32x4.shl(v128.load(place), bits));
  }
}

/**
 * From the sum and the difference of two channels to the channels (RFC 9639, 4.2).
 *
 * @param assignment 8: left and difference; 9: difference and right; 10: half of the sum, and difference
 * @param first int32; room for four more
 * @param second likewise
 * @param bits that a sample has
 * @returns whether none has more
 */
export function undoStereo(
  assignment: u32,
  first: usize,
  second: usize,
  count: u32,
  bits: u32,
): bool {
  const one = i32x4.splat(1);
  for (let at: usize = 0; at < (<usize>count) << 2; at += 16) {
    const a = v128.load(first + at);
    const b = v128.load(second + at);
    if (assignment == 8) v128.store(second + at, i32x4.sub(a, b));
    else if (assignment == 9) v128.store(first + at, i32x4.add(a, b));
    else {
      // Halving lost the lowest bit of the sum, which is that of the difference.
      const sum = v128.or(i32x4.shl(a, 1), v128.and(b, one));
      v128.store(first + at, i32x4.shr_s(i32x4.add(sum, b), 1));
      v128.store(second + at, i32x4.shr_s(i32x4.sub(sum, b), 1));
    }
  }
  return !exceed(first, count, bits) && !exceed(second, count, bits);
}

/**
 * The samples as the MD5 is taken of them: channels interleaved, little-endian.
 *
 * @param first int32
 * @param second of the other channel; 0: there is none
 * @param width bytes of a sample, up to 3
 * @param to room for four bytes more
 */
export function putBytes(first: usize, second: usize, count: u32, width: u32, to: usize): void {
  if (second == 0 && width == 2) {
    for (let at: usize = 0; at < (<usize>count) << 2; at += 16) {
      const four = v128.load(first + at);
      v128.store64_lane(to + (at >> 1), i16x8.narrow_i32x4_s(four, four), 0);
    }
    return;
  }
  // Of each four bytes the next ones overwrite what is too much.
  for (const stop = first + (count << 2); first < stop; first += 4) {
    store<i32>(to, load<i32>(first));
    to += width;
    if (second == 0) continue;
    store<i32>(to, load<i32>(second));
    to += width;
    second += 4;
  }
}

/**
 * The samples as float32, channels interleaved, full scale 1: exact, since they have 24 bits at most.
 *
 * @param first int32
 * @param second of the other channel; 0: there is none
 * @param scale a power of two
 * @param to room for as many, and for four more
 */
export function putFloats(first: usize, second: usize, count: u32, scale: f32, to: usize): void {
  const scales = f32x4.splat(scale);
  for (let at: usize = 0; at < (<usize>count) << 2; at += 16) {
    const a = f32x4.mul(f32x4.convert_i32x4_s(v128.load(first + at)), scales);
    if (second == 0) {
      v128.store(to + at, a);
      continue;
    }
    const b = f32x4.mul(f32x4.convert_i32x4_s(v128.load(second + at)), scales);
    v128.store(to + (at << 1), v128.shuffle<f32>(a, b, 0, 4, 1, 5));
    v128.store(to + (at << 1), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
}

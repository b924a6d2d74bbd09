/**
 * Adds to each sample what those before it foretell: the sum of the weighted ones, shifted right.
 *
 * @param bits that a sample has
 * @param order how many samples each is foretold from, 1 to 32
 * @param weights of the samples before, the nearest first, int32; behind them zeros up to 32
 * @param samples the first `order` ones; behind them what was left over; int32
 * @param seen no leftover, its sign folded into the lowest bit, has a bit that is not set here
 * @returns false: a sample is beyond what int32 can hold. True: none is, if none is beyond its bits.
 */
export function predict(
  bits: u32,
  order: u32,
  weights: usize,
  shift: u32,
  samples: usize,
  count: u32,
  seen: u32,
): bool {
  if (order > 12 || !fits(bits, order, weights, shift, seen)) {
    return predictWidely(order, weights, shift, samples, count);
  }
  if (order > 8) predictTwelve(order, weights, shift, samples, count);
  else if (order > 4) predictEight(order, weights, shift, samples, count);
  else predictFour(order, weights, shift, samples, count);
  return true;
}

/**
 * The same with a fixed predictor (RFC 9639, 9.2.5): what is left over are differences of differences,
 * which each turn sums up once. They may be wrapped to int32: a sample within its 25 bits is foretold
 * within 29, so one that should lie beyond int32 is wrapped to one that is still beyond its bits.
 *
 * @param order 0 to 4
 */
export function predictFixed(order: u32, samples: usize, count: u32): void {
  const stop = samples + (count << 2);
  const from = samples + (order << 2);
  for (let turns = order; turns > 0; turns -= 1) {
    let sum = difference(from - 4, turns - 1);
    for (let place = from; place < stop; place += 4) {
      sum += load<i32>(place);
      store<i32>(place, sum);
    }
  }
}

/** How a sample differs from the one before, and that difference from the one before, and so on. */
function difference(place: usize, times: u32): i32 {
  if (times == 0) return load<i32>(place);
  return difference(place, times - 1) - difference(place - 4, times - 1);
}

/** Whether int32 holds whatever comes together before the shift, up to the first sample beyond its bits. */
function fits(bits: u32, order: u32, weights: usize, shift: u32, seen: u32): bool {
  let total: i64 = 0;
  for (let i: u32 = 0; i < order; i += 1) total += abs<i64>(load<i32>(weights + (i << 2)));
  const largest = (total << (bits - 1)) + ((<i64>(seen >> 1) + 1) << shift);
  return largest <= i32.MAX_VALUE;
}

/** In int64, which holds every sum. */
function predictWidely(order: u32, weights: usize, shift: u32, samples: usize, count: u32): bool {
  const stop = samples + (count << 2);
  for (let place = samples + (order << 2); place < stop; place += 4) {
    let sum: i64 = 0;
    let before = place - (order << 2);
    // The nearest comes last, since it alone has to be waited for.
    for (let weight = weights + (order << 2) - 4; before < place; weight -= 4) {
      sum += <i64>load<i32>(weight) * <i64>load<i32>(before);
      before += 4;
    }
    const sample = (sum >> shift) + load<i32>(place);
    if (sample != <i64>(<i32>sample)) return false;
    store<i32>(place, <i32>sample);
  }
  return true;
}

function predictFour(order: u32, weights: usize, shift: u32, samples: usize, count: u32): void {
  const w1 = load<i32>(weights);
  const w2 = load<i32>(weights, 4);
  const w3 = load<i32>(weights, 8);
  const w4 = load<i32>(weights, 12);
  const foretold = samples + (order << 2);
  const stop = samples + (count << 2);
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  for (let place = samples; place < stop; place += 4) {
    let sample = load<i32>(place);
    if (place >= foretold) {
      sample = ((sample << shift) + w4 * four + w3 * three + w2 * two + w1 * one) >> shift;
      store<i32>(place, sample);
    }
    four = three;
    three = two;
    two = one;
    one = sample;
  }
}

/**
 * The four nearest one after the other; of the others, each is weighted for four samples to come at once,
 * which are summed up meanwhile.
 */
function predictEight(order: u32, weights: usize, shift: u32, samples: usize, count: u32): void {
  const w1 = load<i32>(weights);
  const w2 = load<i32>(weights, 4);
  const w3 = load<i32>(weights, 8);
  const w4 = load<i32>(weights, 12);
  const w5 = v128.load(weights, 16);
  const none = i32x4.splat(0);
  const foretold = samples + (order << 2);
  const stop = samples + (count << 2);
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let coming = none;
  for (let place = samples; place < stop; place += 4) {
    let sample = load<i32>(place);
    if (place >= foretold) {
      const far = (sample << shift) + i32x4.extract_lane(coming, 0);
      sample = (far + w4 * four + w3 * three + w2 * two + w1 * one) >> shift;
      store<i32>(place, sample);
    }
    coming = v128.shuffle<i32>(coming, none, 1, 2, 3, 4);
    coming = i32x4.add(coming, i32x4.mul(w5, i32x4.splat(four)));
    four = three;
    three = two;
    two = one;
    one = sample;
  }
}

function predictTwelve(order: u32, weights: usize, shift: u32, samples: usize, count: u32): void {
  const w1 = load<i32>(weights);
  const w2 = load<i32>(weights, 4);
  const w3 = load<i32>(weights, 8);
  const w4 = load<i32>(weights, 12);
  const w5 = v128.load(weights, 16);
  const w9 = v128.load(weights, 32);
  const none = i32x4.splat(0);
  const foretold = samples + (order << 2);
  const stop = samples + (count << 2);
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let coming = none;
  let later = none;
  for (let place = samples; place < stop; place += 4) {
    let sample = load<i32>(place);
    if (place >= foretold) {
      const far = (sample << shift) + i32x4.extract_lane(coming, 0);
      sample = (far + w4 * four + w3 * three + w2 * two + w1 * one) >> shift;
      store<i32>(place, sample);
    }
    const wide = i32x4.splat(four);
    coming = v128.shuffle<i32>(coming, later, 1, 2, 3, 4);
    coming = i32x4.add(coming, i32x4.mul(w5, wide));
    later = v128.shuffle<i32>(later, none, 1, 2, 3, 4);
    later = i32x4.add(later, i32x4.mul(w9, wide));
    four = three;
    three = two;
    two = one;
    one = sample;
  }
}

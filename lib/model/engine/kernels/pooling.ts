import { storeLanes } from './inline';

/**
 * The largest of each window, and which tap of the window it was: the first of equals.
 *
 * @param table for each window the addresses of its first input and of its output, u32 each
 * @param taps offsets in bytes of a window's inputs from its first
 * @param chosen the numbers of the taps, i32, four lanes for each four channels begun
 * @param rectified the inputs are a rectifier's: where the largest is zero -1 is chosen, so that the
 *   gradient is the one before the rectifier
 */
export function maxPool(
  table: usize,
  windows: i32,
  taps: usize,
  tapCount: i32,
  chosen: usize,
  channels: i32,
  rectified: i32,
): void {
  const end = table + (windows << 3);
  for (; table < end; table += 8) {
    const input = load<usize>(table);
    const output = load<usize>(table, 4);
    if (tapCount == 3) largestOfThree(input, output, taps, chosen, channels, rectified);
    else largestOfAll(input, output, taps, tapCount, chosen, channels, rectified);
    chosen += ((channels + 3) & ~3) << 2;
  }
}

function largestOfAll(
  input: usize,
  output: usize,
  taps: usize,
  tapCount: i32,
  chosen: usize,
  channels: i32,
  rectified: i32,
): void {
  const end = taps + (tapCount << 2);
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = channel << 2;
    let largest = v128.load(input + offset + load<usize>(taps));
    // numbers rise, so the larger of two numbers is the later one
    let which = i32x4.splat(0);
    let number = i32x4.splat(1);
    for (let tap = taps + 4; tap < end; tap += 4) {
      const value = v128.load(input + offset + load<usize>(tap));
      which = i32x4.max_s(which, v128.and(number, f32x4.gt(value, largest)));
      largest = f32x4.pmax(largest, value);
      number = i32x4.add(number, i32x4.splat(1));
    }
    if (rectified) which = v128.or(which, f32x4.le(largest, f32x4.splat(0)));
    storeLanes(output + offset, largest, channels - channel);
    v128.store(chosen + offset, which);
  }
}

/** The paper's pooling: all addresses are read once. */
function largestOfThree(
  input: usize,
  output: usize,
  taps: usize,
  chosen: usize,
  channels: i32,
  rectified: i32,
): void {
  const second = input + load<usize>(taps, 4);
  const third = input + load<usize>(taps, 8);
  const one = i32x4.splat(1);
  const two = i32x4.splat(2);
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = channel << 2;
    const value0 = v128.load(input + offset);
    const value1 = v128.load(second + offset);
    const value2 = v128.load(third + offset);
    let which = v128.and(one, f32x4.gt(value1, value0));
    let largest = f32x4.pmax(value0, value1);
    which = i32x4.max_s(which, v128.and(two, f32x4.gt(value2, largest)));
    largest = f32x4.pmax(largest, value2);
    if (rectified) which = v128.or(which, f32x4.le(largest, f32x4.splat(0)));
    storeLanes(output + offset, largest, channels - channel);
    v128.store(chosen + offset, which);
  }
}

/**
 * The gradient by each input: the sum of the gradients of the windows that it was chosen in.
 *
 * Gathered for each input, and not brought to the inputs by each window: with channels that fill no
 * whole vector the windows' additions would wait for each other's stores.
 *
 * @param table for each input position the address of its gradient, then `covers` times the address of
 *   a window's gradient, that of what was chosen in it, and the tap that the input is of the window
 */
export function maxPoolGradient(table: usize, positions: i32, covers: i32, channels: i32): void {
  const stride = 4 + covers * 12;
  const end = table + positions * stride;
  for (; table < end; table += stride) {
    const output = load<usize>(table);
    if (covers == 2) gatherTwo(table + 4, output, channels);
    else gatherAll(table + 4, table + stride, output, channels);
  }
}

function gatherAll(table: usize, end: usize, output: usize, channels: i32): void {
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = channel << 2;
    let sum = f32x4.splat(0);
    for (let cover = table; cover < end; cover += 12) {
      const gradient = v128.load(load<usize>(cover) + offset);
      const chosen = v128.load(load<usize>(cover, 4) + offset);
      const mine = i32x4.eq(chosen, v128.load32_splat(cover, 8));
      sum = f32x4.add(sum, v128.and(gradient, mine));
    }
    storeLanes(output + offset, sum, channels - channel);
  }
}

/** The paper's pooling, whose windows of three overlap by one: all addresses are read once. */
function gatherTwo(table: usize, output: usize, channels: i32): void {
  const gradient0 = load<usize>(table);
  const chosen0 = load<usize>(table, 4);
  const tap0 = v128.load32_splat(table, 8);
  const gradient1 = load<usize>(table, 12);
  const chosen1 = load<usize>(table, 16);
  const tap1 = v128.load32_splat(table, 20);
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = channel << 2;
    const mine0 = i32x4.eq(v128.load(chosen0 + offset), tap0);
    const mine1 = i32x4.eq(v128.load(chosen1 + offset), tap1);
    const sum = f32x4.add(
      v128.and(v128.load(gradient0 + offset), mine0),
      v128.and(v128.load(gradient1 + offset), mine1),
    );
    storeLanes(output + offset, sum, channels - channel);
  }
}

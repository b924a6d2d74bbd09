/**
 * The gradient of a convolution by its weights: for each weight the sum over all positions of the
 * input that it met times the gradient of the channel that it fed, added to what `gradient` holds.
 *
 * The sums of 4 weights x 8 channels (2 x 12) stay in registers while a chunk of positions passes; a
 * chunk is short enough for its inputs and gradients to stay in the first-level cache meanwhile.
 *
 * @param table for each position where its first input and its output's gradient lie, in bytes from
 *   `inputs` and `outputs`, u32 each
 * @param inputs address
 * @param outputs address
 * @param positions how many; exactly
 * @param run how many positions in a row lie evenly, of all `positions`
 * @param inputStep bytes from the input of one of them to the next's
 * @param outputStep bytes between their gradients
 * @param step bytes of input from one segment to the next
 * @param gradient in panels, as the weights
 * @param chunk positions in a chunk, a whole number of runs
 */
export function convolveWeights(
  table: usize,
  inputs: usize,
  outputs: usize,
  positions: i32,
  run: i32,
  inputStep: i32,
  outputStep: i32,
  segments: i32,
  length: i32,
  step: i32,
  gradient: usize,
  channels: i32,
  chunk: i32,
): void {
  const fours = (channels + 3) >> 2;
  const end = table + (positions << 3);
  const rows = segments * length;
  while (table < end) {
    const to = min(end, table + (chunk << 3));
    let panel = gradient;
    let channel = 0;
    if (fours > 1 && (fours & 1) == 1) {
      for (let segment = 0; segment < segments; segment++) {
        for (let i = 0; i < length; i += 2) {
          const x = inputs + segment * step + (i << 2);
          const row = panel + (segment * length + i) * 48;
          block2x12(table, to, run, inputStep, outputStep, x, outputs, row, length - i);
        }
      }
      panel += (rows * 12) << 2;
      channel = 12;
    }
    for (; channel < channels; channel += 8) {
      for (let segment = 0; segment < segments; segment++) {
        for (let i = 0; i < length; i += 4) {
          const x = inputs + segment * step + (i << 2);
          const row = panel + ((segment * length + i) << 5);
          const y = outputs + (channel << 2);
          block4x8(table, to, run, inputStep, outputStep, x, y, row, length - i);
        }
      }
      panel += (rows * 8) << 2;
    }
    table = to;
  }
}

/**
 * @param x what the table's first numbers are counted from
 * @param y what its second ones are
 * @param left rows that are there
 */
function block4x8(
  from: usize,
  to: usize,
  run: i32,
  inputStep: i32,
  outputStep: i32,
  x: usize,
  y: usize,
  rows: usize,
  left: i32,
): void {
  const bytes = run * inputStep;
  let s00 = v128.load(rows);
  let s01 = v128.load(rows, 16);
  let s10 = v128.load(rows, 32);
  let s11 = v128.load(rows, 48);
  let s20 = v128.load(rows, 64);
  let s21 = v128.load(rows, 80);
  let s30 = v128.load(rows, 96);
  let s31 = v128.load(rows, 112);
  for (; from < to; from += run << 3) {
    let input = load<usize>(from) + x;
    let output = load<usize>(from, 4) + y;
    const stop = input + bytes;
    do {
      const g0 = v128.load(output);
      const g1 = v128.load(output, 16);
      let v = v128.load32_splat(input);
      s00 = f32x4.add(s00, f32x4.mul(v, g0));
      s01 = f32x4.add(s01, f32x4.mul(v, g1));
      v = v128.load32_splat(input, 4);
      s10 = f32x4.add(s10, f32x4.mul(v, g0));
      s11 = f32x4.add(s11, f32x4.mul(v, g1));
      v = v128.load32_splat(input, 8);
      s20 = f32x4.add(s20, f32x4.mul(v, g0));
      s21 = f32x4.add(s21, f32x4.mul(v, g1));
      v = v128.load32_splat(input, 12);
      s30 = f32x4.add(s30, f32x4.mul(v, g0));
      s31 = f32x4.add(s31, f32x4.mul(v, g1));
      input += inputStep;
      output += outputStep;
    } while (input != stop);
  }
  v128.store(rows, s00);
  v128.store(rows, s01, 16);
  if (left > 1) {
    v128.store(rows, s10, 32);
    v128.store(rows, s11, 48);
  }
  if (left > 2) {
    v128.store(rows, s20, 64);
    v128.store(rows, s21, 80);
  }
  if (left > 3) {
    v128.store(rows, s30, 96);
    v128.store(rows, s31, 112);
  }
}

function block2x12(
  from: usize,
  to: usize,
  run: i32,
  inputStep: i32,
  outputStep: i32,
  x: usize,
  y: usize,
  rows: usize,
  left: i32,
): void {
  const bytes = run * inputStep;
  let s00 = v128.load(rows);
  let s01 = v128.load(rows, 16);
  let s02 = v128.load(rows, 32);
  let s10 = v128.load(rows, 48);
  let s11 = v128.load(rows, 64);
  let s12 = v128.load(rows, 80);
  for (; from < to; from += run << 3) {
    let input = load<usize>(from) + x;
    let output = load<usize>(from, 4) + y;
    const stop = input + bytes;
    do {
      const g0 = v128.load(output);
      const g1 = v128.load(output, 16);
      const g2 = v128.load(output, 32);
      let v = v128.load32_splat(input);
      s00 = f32x4.add(s00, f32x4.mul(v, g0));
      s01 = f32x4.add(s01, f32x4.mul(v, g1));
      s02 = f32x4.add(s02, f32x4.mul(v, g2));
      v = v128.load32_splat(input, 4);
      s10 = f32x4.add(s10, f32x4.mul(v, g0));
      s11 = f32x4.add(s11, f32x4.mul(v, g1));
      s12 = f32x4.add(s12, f32x4.mul(v, g2));
      input += inputStep;
      output += outputStep;
    } while (input != stop);
  }
  v128.store(rows, s00);
  v128.store(rows, s01, 16);
  v128.store(rows, s02, 32);
  if (left > 1) {
    v128.store(rows, s10, 48);
    v128.store(rows, s11, 64);
    v128.store(rows, s12, 80);
  }
}

/**
 * The gradient of a bias: the sum over all positions, added to what `gradient` holds.
 *
 * @param table as in convolveWeights
 */
export function sumChannels(table: usize, positions: i32, gradient: usize, channels: i32): void {
  const end = table + (positions << 3);
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = channel << 2;
    // four sums, so that an addition need not wait for the one before it
    let sum0 = v128.load(gradient + offset);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    let at = table;
    for (; at + 32 <= end; at += 32) {
      sum0 = f32x4.add(sum0, v128.load(load<usize>(at, 4) + offset));
      sum1 = f32x4.add(sum1, v128.load(load<usize>(at, 12) + offset));
      sum2 = f32x4.add(sum2, v128.load(load<usize>(at, 20) + offset));
      sum3 = f32x4.add(sum3, v128.load(load<usize>(at, 28) + offset));
    }
    for (; at < end; at += 8) sum0 = f32x4.add(sum0, v128.load(load<usize>(at, 4) + offset));
    const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
    v128.store(gradient + offset, sum);
  }
}

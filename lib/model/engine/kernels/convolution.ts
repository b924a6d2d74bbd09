import { finish } from './inline';

/**
 * A convolution as a product of matrices without ever writing the left one (implicit GEMM): each
 * output position is the sum over `segments` runs of `length` consecutive floats of its input, times
 * as many rows of the weights.
 *
 * The block is 2 positions x 16 channels: 8 sums, a broadcast input, its product and 4 vectors of weights
 * are 14 of the 15 registers that V8 gives. A broadcast takes one of the units that add and multiply, so
 * 8 channels, which go 4 positions at a time, take longer: 35 GFLOP/s beside 40, where sums alone make 52.
 * Twelve channels go 2 positions at a time. One step of the sum is one basic block, which is why the
 * unrolled loops are left by a `break` after each: V8 moves all loads of a block to its top, and two steps
 * in one block spill (44 GFLOP/s become 28).
 *
 * @param table for each position where its first input and its first output lie, in bytes from `inputs`
 *   and `outputs`, u32 each; a whole number of fours
 * @param inputs address
 * @param outputs address
 * @param positions how many of them; rounded up to fours
 * @param step bytes from one segment to the next
 * @param weights panels of channels, see lib/model/engine/panels.ts
 * @param bias one number for each channel, then zeros up to a whole panel
 * @param mode 1: max(0, .) of the result; 2: added to what the output holds
 */
export function convolve(
  table: usize,
  inputs: usize,
  outputs: usize,
  positions: i32,
  segments: i32,
  length: i32,
  step: i32,
  weights: usize,
  bias: usize,
  channels: i32,
  mode: i32,
): void {
  const fours = (channels + 3) >> 2;
  const end = table + (((positions + 3) & ~3) << 3);
  let channel = 0;
  if (fours > 1 && (fours & 1) == 1) {
    convolve12(table, end, inputs, outputs, segments, length, step, weights, bias, channels, mode);
    weights += (segments * length * 12) << 2;
    channel = 12;
  }
  const panel: usize = (segments * length) << 5;
  for (; channel + 8 < channels; channel += 16) {
    convolve16(
      table,
      end,
      inputs,
      outputs,
      segments,
      length,
      step,
      weights,
      bias,
      channel,
      channels,
      mode,
    );
    weights += panel << 1;
  }
  if (channel < channels) {
    convolve8(
      table,
      end,
      inputs,
      outputs,
      segments,
      length,
      step,
      weights,
      bias,
      channel,
      channels,
      mode,
    );
  }
}

/** Two panels at once: with as many sums as a block of 4 x 8, but half the broadcasts. */
function convolve16(
  table: usize,
  end: usize,
  inputs: usize,
  outputs: usize,
  segments: i32,
  length: i32,
  step: i32,
  weights: usize,
  bias: usize,
  channel: i32,
  channels: i32,
  mode: i32,
): void {
  const bytes = length << 5;
  const skip = step - (length << 2);
  const panel: usize = segments * bytes;
  const bias0 = v128.load(bias + (channel << 2));
  const bias1 = v128.load(bias + (channel << 2), 16);
  const bias2 = v128.load(bias + (channel << 2), 32);
  const bias3 = v128.load(bias + (channel << 2), 48);
  const left = channels - channel;
  for (; table < end; table += 16) {
    let x0: usize = inputs + load<usize>(table);
    let x1: usize = inputs + load<usize>(table, 8);
    let s00 = bias0;
    let s01 = bias1;
    let s02 = bias2;
    let s03 = bias3;
    let s10 = bias0;
    let s11 = bias1;
    let s12 = bias2;
    let s13 = bias3;
    let w = weights;
    let v = weights + panel;
    for (let segment = 0; segment < segments; segment++) {
      const stop = w + bytes;
      while (true) {
        let w0 = v128.load(w);
        let w1 = v128.load(w, 16);
        let w2 = v128.load(v);
        let w3 = v128.load(v, 16);
        let x = v128.load32_splat(x0);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        s02 = f32x4.add(s02, f32x4.mul(x, w2));
        s03 = f32x4.add(s03, f32x4.mul(x, w3));
        x = v128.load32_splat(x1);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        s12 = f32x4.add(s12, f32x4.mul(x, w2));
        s13 = f32x4.add(s13, f32x4.mul(x, w3));
        if (w + 32 == stop) {
          w += 32;
          v += 32;
          x0 += 4;
          x1 += 4;
          break;
        }
        w0 = v128.load(w, 32);
        w1 = v128.load(w, 48);
        w2 = v128.load(v, 32);
        w3 = v128.load(v, 48);
        x = v128.load32_splat(x0, 4);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        s02 = f32x4.add(s02, f32x4.mul(x, w2));
        s03 = f32x4.add(s03, f32x4.mul(x, w3));
        x = v128.load32_splat(x1, 4);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        s12 = f32x4.add(s12, f32x4.mul(x, w2));
        s13 = f32x4.add(s13, f32x4.mul(x, w3));
        w += 64;
        v += 64;
        x0 += 8;
        x1 += 8;
        if (w == stop) break;
      }
      x0 += skip;
      x1 += skip;
    }
    const to0 = outputs + load<usize>(table, 4) + (channel << 2);
    finish(to0, s00, left, mode);
    finish(to0 + 16, s01, left - 4, mode);
    finish(to0 + 32, s02, left - 8, mode);
    finish(to0 + 48, s03, left - 12, mode);
    const to1 = outputs + load<usize>(table, 12) + (channel << 2);
    finish(to1, s10, left, mode);
    finish(to1 + 16, s11, left - 4, mode);
    finish(to1 + 32, s12, left - 8, mode);
    finish(to1 + 48, s13, left - 12, mode);
  }
}

function convolve8(
  table: usize,
  end: usize,
  inputs: usize,
  outputs: usize,
  segments: i32,
  length: i32,
  step: i32,
  weights: usize,
  bias: usize,
  channel: i32,
  channels: i32,
  mode: i32,
): void {
  const bytes = length << 5;
  const skip = step - (length << 2);
  const bias0 = v128.load(bias + (channel << 2));
  const bias1 = v128.load(bias + (channel << 2), 16);
  const left = channels - channel;
  for (; table < end; table += 32) {
    let x0: usize = inputs + load<usize>(table);
    let x1: usize = inputs + load<usize>(table, 8);
    let x2: usize = inputs + load<usize>(table, 16);
    let x3: usize = inputs + load<usize>(table, 24);
    let s00 = bias0;
    let s01 = bias1;
    let s10 = bias0;
    let s11 = bias1;
    let s20 = bias0;
    let s21 = bias1;
    let s30 = bias0;
    let s31 = bias1;
    let w = weights;
    for (let segment = 0; segment < segments; segment++) {
      const stop = w + bytes;
      while (true) {
        let w0 = v128.load(w);
        let w1 = v128.load(w, 16);
        let x = v128.load32_splat(x0);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        x = v128.load32_splat(x1);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        x = v128.load32_splat(x2);
        s20 = f32x4.add(s20, f32x4.mul(x, w0));
        s21 = f32x4.add(s21, f32x4.mul(x, w1));
        x = v128.load32_splat(x3);
        s30 = f32x4.add(s30, f32x4.mul(x, w0));
        s31 = f32x4.add(s31, f32x4.mul(x, w1));
        if (w + 32 == stop) {
          w += 32;
          x0 += 4;
          x1 += 4;
          x2 += 4;
          x3 += 4;
          break;
        }
        w0 = v128.load(w, 32);
        w1 = v128.load(w, 48);
        x = v128.load32_splat(x0, 4);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        x = v128.load32_splat(x1, 4);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        x = v128.load32_splat(x2, 4);
        s20 = f32x4.add(s20, f32x4.mul(x, w0));
        s21 = f32x4.add(s21, f32x4.mul(x, w1));
        x = v128.load32_splat(x3, 4);
        s30 = f32x4.add(s30, f32x4.mul(x, w0));
        s31 = f32x4.add(s31, f32x4.mul(x, w1));
        w += 64;
        x0 += 8;
        x1 += 8;
        x2 += 8;
        x3 += 8;
        if (w == stop) break;
      }
      x0 += skip;
      x1 += skip;
      x2 += skip;
      x3 += skip;
    }
    const offset = outputs + (channel << 2);
    finish(load<usize>(table, 4) + offset, s00, left, mode);
    finish(load<usize>(table, 4) + offset + 16, s01, left - 4, mode);
    finish(load<usize>(table, 12) + offset, s10, left, mode);
    finish(load<usize>(table, 12) + offset + 16, s11, left - 4, mode);
    finish(load<usize>(table, 20) + offset, s20, left, mode);
    finish(load<usize>(table, 20) + offset + 16, s21, left - 4, mode);
    finish(load<usize>(table, 28) + offset, s30, left, mode);
    finish(load<usize>(table, 28) + offset + 16, s31, left - 4, mode);
  }
}

function convolve12(
  table: usize,
  end: usize,
  inputs: usize,
  outputs: usize,
  segments: i32,
  length: i32,
  step: i32,
  weights: usize,
  bias: usize,
  channels: i32,
  mode: i32,
): void {
  const bytes = length * 48;
  const skip = step - (length << 2);
  const bias0 = v128.load(bias);
  const bias1 = v128.load(bias, 16);
  const bias2 = v128.load(bias, 32);
  for (; table < end; table += 16) {
    let x0: usize = inputs + load<usize>(table);
    let x1: usize = inputs + load<usize>(table, 8);
    let s00 = bias0;
    let s01 = bias1;
    let s02 = bias2;
    let s10 = bias0;
    let s11 = bias1;
    let s12 = bias2;
    let w = weights;
    for (let segment = 0; segment < segments; segment++) {
      const stop = w + bytes;
      while (true) {
        let w0 = v128.load(w);
        let w1 = v128.load(w, 16);
        let w2 = v128.load(w, 32);
        let x = v128.load32_splat(x0);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        s02 = f32x4.add(s02, f32x4.mul(x, w2));
        x = v128.load32_splat(x1);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        s12 = f32x4.add(s12, f32x4.mul(x, w2));
        if (w + 48 == stop) {
          w += 48;
          x0 += 4;
          x1 += 4;
          break;
        }
        w0 = v128.load(w, 48);
        w1 = v128.load(w, 64);
        w2 = v128.load(w, 80);
        x = v128.load32_splat(x0, 4);
        s00 = f32x4.add(s00, f32x4.mul(x, w0));
        s01 = f32x4.add(s01, f32x4.mul(x, w1));
        s02 = f32x4.add(s02, f32x4.mul(x, w2));
        x = v128.load32_splat(x1, 4);
        s10 = f32x4.add(s10, f32x4.mul(x, w0));
        s11 = f32x4.add(s11, f32x4.mul(x, w1));
        s12 = f32x4.add(s12, f32x4.mul(x, w2));
        w += 96;
        x0 += 8;
        x1 += 8;
        if (w == stop) break;
      }
      x0 += skip;
      x1 += skip;
    }
    finish(outputs + load<usize>(table, 4), s00, channels, mode);
    finish(outputs + load<usize>(table, 4) + 16, s01, channels - 4, mode);
    finish(outputs + load<usize>(table, 4) + 32, s02, channels - 8, mode);
    finish(outputs + load<usize>(table, 12), s10, channels, mode);
    finish(outputs + load<usize>(table, 12) + 16, s11, channels - 4, mode);
    finish(outputs + load<usize>(table, 12) + 32, s12, channels - 8, mode);
  }
}

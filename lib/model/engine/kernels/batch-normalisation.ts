import { addTo, storeLanes } from './inline';

/**
 * For each channel the sum of its values, or of its squared distances from a mean.
 *
 * A row's sums are taken in float32 and added up in float64: tens of thousands of values are met.
 *
 * @param table for each row the address of its first value, u32, `stride` bytes apart
 * @param width positions in a row
 * @param column bytes from position to position
 * @param centre one f32 for each channel, subtracted first
 * @param squared whether the differences are squared
 * @param sums one f64 for each channel (room for a whole four), written
 */
export function sumRows(
  table: usize,
  stride: i32,
  rows: i32,
  width: i32,
  column: i32,
  channels: i32,
  centre: usize,
  squared: i32,
  sums: usize,
): void {
  memory.fill(sums, 0, ((channels + 3) & ~3) << 3);
  const end = table + rows * stride;
  for (; table < end; table += stride) {
    for (let channel = 0; channel < channels; channel += 4) {
      const middle = v128.load(centre + (channel << 2));
      let at: usize = load<usize>(table) + (channel << 2);
      let sum = f32x4.splat(0);
      for (let x = 0; x < width; x++) {
        let value = f32x4.sub(v128.load(at), middle);
        if (squared) value = f32x4.mul(value, value);
        sum = f32x4.add(sum, value);
        at += column;
      }
      addTo(sums + (channel << 3), sum);
    }
  }
}

/**
 * For each channel the sums of the gradient, and of the gradient times the value less `centre`.
 *
 * @param table for each row the addresses of its first value and of its first gradient, the first u32
 *   and the one at `second`, `stride` bytes apart
 */
export function sumGradients(
  table: usize,
  stride: i32,
  second: i32,
  rows: i32,
  width: i32,
  valueColumn: i32,
  gradientColumn: i32,
  channels: i32,
  centre: usize,
  sums: usize,
  products: usize,
): void {
  memory.fill(sums, 0, ((channels + 3) & ~3) << 3);
  memory.fill(products, 0, ((channels + 3) & ~3) << 3);
  const end = table + rows * stride;
  for (; table < end; table += stride) {
    for (let channel = 0; channel < channels; channel += 4) {
      const middle = v128.load(centre + (channel << 2));
      let value: usize = load<usize>(table) + (channel << 2);
      let gradient: usize = load<usize>(table + second) + (channel << 2);
      let sum = f32x4.splat(0);
      let product = f32x4.splat(0);
      for (let x = 0; x < width; x++) {
        const g = v128.load(gradient);
        sum = f32x4.add(sum, g);
        product = f32x4.add(product, f32x4.mul(g, f32x4.sub(v128.load(value), middle)));
        value += valueColumn;
        gradient += gradientColumn;
      }
      addTo(sums + (channel << 3), sum);
      addTo(products + (channel << 3), product);
    }
  }
}

/**
 * (x - centre) * scale + shift for each channel, and max(0, .) of that if `rectify`.
 *
 * @param table for each row the addresses of its first input and of its first output, u32 each
 * @param inputColumn bytes from position to position
 */
export function normalise(
  table: usize,
  rows: i32,
  width: i32,
  inputColumn: i32,
  outputColumn: i32,
  channels: i32,
  centre: usize,
  scale: usize,
  shift: usize,
  rectify: i32,
): void {
  const end = table + (rows << 3);
  const least = f32x4.splat(rectify ? 0 : -Infinity);
  for (; table < end; table += 8) {
    for (let channel = 0; channel < channels; channel += 4) {
      const offset: usize = channel << 2;
      const middle = v128.load(centre + offset);
      const factor = v128.load(scale + offset);
      const added = v128.load(shift + offset);
      let input: usize = load<usize>(table) + offset;
      let output: usize = load<usize>(table, 4) + offset;
      for (let x = 0; x < width; x++) {
        const value = f32x4.mul(f32x4.sub(v128.load(input), middle), factor);
        storeLanes(output, f32x4.pmax(f32x4.add(value, added), least), channels - channel);
        input += inputColumn;
        output += outputColumn;
      }
    }
  }
}

/**
 * The gradient of `normalise` by its input, where the statistics are those of the inputs themselves:
 * scale * g - constant - (x - centre) * slope for each channel.
 *
 * @param table for each row the addresses of its first input, of its output's first gradient and of
 *   its input's first gradient, u32 each
 */
export function normaliseGradient(
  table: usize,
  rows: i32,
  width: i32,
  inputColumn: i32,
  outputGradientColumn: i32,
  inputGradientColumn: i32,
  channels: i32,
  centre: usize,
  scale: usize,
  constant: usize,
  slope: usize,
): void {
  const end = table + rows * 12;
  for (; table < end; table += 12) {
    for (let channel = 0; channel < channels; channel += 4) {
      const offset: usize = channel << 2;
      const middle = v128.load(centre + offset);
      const factor = v128.load(scale + offset);
      const taken = v128.load(constant + offset);
      const sloped = v128.load(slope + offset);
      let input: usize = load<usize>(table) + offset;
      let outputGradient: usize = load<usize>(table, 4) + offset;
      let inputGradient: usize = load<usize>(table, 8) + offset;
      for (let x = 0; x < width; x++) {
        const g = f32x4.sub(f32x4.mul(v128.load(outputGradient), factor), taken);
        const value = f32x4.sub(v128.load(input), middle);
        storeLanes(inputGradient, f32x4.sub(g, f32x4.mul(value, sloped)), channels - channel);
        input += inputColumn;
        outputGradient += outputGradientColumn;
        inputGradient += inputGradientColumn;
      }
    }
  }
}

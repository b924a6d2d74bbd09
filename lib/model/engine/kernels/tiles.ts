import { finish } from './inline';
import { firstOf, half, narrow, secondOf, spread, turnRows, widen } from './inline-tiles';

// Winograd's convolution F(2 x 2, 3 x 3) and, for the gradient by the weights, F(3 x 3, 2 x 2), after Lavin
// and Gray, Fast Algorithms for Convolutional Neural Networks (2015), section 4: a tile of 2 x 2 results
// comes of 4 x 4 values, which are turned into 16 numbers; each is multiplied with the one that the 3 x 3
// weights were turned into, and the products are turned back. 16 multiplications instead of 36, and the
// sum over channels stays a product of matrices, one for each of the 16 (see layers/convolution-tiles.ts).
// Sixteen planes, one behind the other, hold the sixteen numbers; channels come in fours.

/**
 * The values that each tile looks at, turned: B^T d B.
 *
 * @param from the first value of the first tile
 * @param row bytes from one row of values to the next
 * @param column bytes from one column to the next
 * @param rows of tiles
 * @param columns of tiles
 * @param to the first plane: tile by tile, channel by channel
 * @param plane bytes from one plane to the next
 */
export function tileValues(
  from: usize,
  row: i32,
  column: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  to: usize,
  plane: i32,
): void {
  const bytes = channels << 2;
  for (let i = 0; i < rows; i++) {
    let tile: usize = from + 2 * i * row;
    for (let j = 0; j < columns; j++) {
      const end = to + bytes;
      let x0 = tile;
      while (to < end) {
        const x1 = x0 + row;
        const x2 = x1 + row;
        const x3 = x2 + row;
        turnRows(x0, x2, true, column, to, plane);
        turnRows(x1, x2, false, column, to + 4 * plane, plane);
        turnRows(x2, x1, true, column, to + 8 * plane, plane);
        turnRows(x1, x3, true, column, to + 12 * plane, plane);
        x0 += 16;
        to += 16;
      }
      tile += 2 * column;
    }
  }
}

/**
 * The results of each tile, turned back: A^T m A, and the bias.
 *
 * @param from the first plane of products
 * @param plane bytes from one plane to the next
 * @param rows of tiles
 * @param columns of tiles
 * @param to the first result of the first tile
 * @param row bytes from one row of results to the next
 * @param column bytes from one column to the next
 * @param height rows of results that are there: the last tiles may reach beyond
 * @param width columns of results that are there
 * @param bias one number for each channel
 * @param mode as in convolve
 */
export function tileResults(
  from: usize,
  plane: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  to: usize,
  row: i32,
  column: i32,
  height: i32,
  width: i32,
  bias: usize,
  mode: i32,
): void {
  const bytes = channels << 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const wide = 2 * j + 1 < width;
      const high = 2 * i + 1 < height;
      const tile: usize = to + 2 * i * row + 2 * j * column;
      for (let c = 0; c < bytes; c += 16) {
        const addend = v128.load(bias + c);
        const y: usize = tile + c;
        let p0 = firstOf(from, plane);
        let p1 = firstOf(from + plane, plane);
        let p2 = firstOf(from + 2 * plane, plane);
        let p3 = firstOf(from + 3 * plane, plane);
        finish(y, f32x4.add(f32x4.add(f32x4.add(p0, p1), p2), addend), 4, mode);
        if (wide) {
          finish(y + column, f32x4.add(f32x4.sub(f32x4.sub(p1, p2), p3), addend), 4, mode);
        }
        if (high) {
          p0 = secondOf(from, plane);
          p1 = secondOf(from + plane, plane);
          p2 = secondOf(from + 2 * plane, plane);
          p3 = secondOf(from + 3 * plane, plane);
          finish(y + row, f32x4.add(f32x4.add(f32x4.add(p0, p1), p2), addend), 4, mode);
          if (wide) {
            const last = f32x4.sub(f32x4.sub(p1, p2), p3);
            finish(y + row + column, f32x4.add(last, addend), 4, mode);
          }
        }
        from += 16;
      }
    }
  }
}

/**
 * The gradient by the results, turned into that by the products: A g A^T.
 *
 * @param from the gradient by the first result of the first tile; zero where a tile reaches beyond
 * @param row bytes from one row to the next
 * @param column bytes from one column to the next
 * @param rows of tiles
 * @param columns of tiles
 * @param to the first plane
 * @param plane bytes from one plane to the next
 */
export function tileGradients(
  from: usize,
  row: i32,
  column: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  to: usize,
  plane: i32,
): void {
  const bytes = channels << 2;
  for (let i = 0; i < rows; i++) {
    let tile: usize = from + 2 * i * row;
    for (let j = 0; j < columns; j++) {
      for (let c = 0; c < bytes; c += 16) {
        const g00 = v128.load(tile + c);
        const g01 = v128.load(tile + c + column);
        const g10 = v128.load(tile + c + row);
        const g11 = v128.load(tile + c + row + column);
        spread(g00, g01, to, plane);
        spread(f32x4.add(g00, g10), f32x4.add(g01, g11), to + 4 * plane, plane);
        spread(f32x4.sub(g00, g10), f32x4.sub(g01, g11), to + 8 * plane, plane);
        spread(f32x4.neg(g10), f32x4.neg(g11), to + 12 * plane, plane);
        to += 16;
      }
      tile += 2 * column;
    }
  }
}

/**
 * Weights of 3 x 3, turned: G w G^T.
 *
 * @param from the first weight's numbers, a whole number of fours
 * @param tap bytes from one of the nine weights to the next
 * @param bytes of each weight's numbers
 * @param to the first plane
 * @param plane bytes from one plane to the next
 */
export function tileWeights(from: usize, tap: i32, bytes: i32, to: usize, plane: i32): void {
  for (const end = from + bytes; from < end; from += 16) {
    const w00 = v128.load(from);
    const w01 = v128.load(from + tap);
    const w02 = v128.load(from + 2 * tap);
    const w10 = v128.load(from + 3 * tap);
    const w11 = v128.load(from + 4 * tap);
    const w12 = v128.load(from + 5 * tap);
    const w20 = v128.load(from + 6 * tap);
    const w21 = v128.load(from + 7 * tap);
    const w22 = v128.load(from + 8 * tap);
    widen(w00, w01, w02, to, plane);
    const even0 = f32x4.add(w00, w20);
    const even1 = f32x4.add(w01, w21);
    const even2 = f32x4.add(w02, w22);
    widen(
      half(f32x4.add(even0, w10)),
      half(f32x4.add(even1, w11)),
      half(f32x4.add(even2, w12)),
      to + 4 * plane,
      plane,
    );
    widen(
      half(f32x4.sub(even0, w10)),
      half(f32x4.sub(even1, w11)),
      half(f32x4.sub(even2, w12)),
      to + 8 * plane,
      plane,
    );
    widen(w20, w21, w22, to + 12 * plane, plane);
    to += 16;
  }
}

/**
 * The gradient by the turned weights, turned back and added to that by the weights: G^T g G.
 *
 * @param from the first plane
 * @param plane bytes from one plane to the next
 * @param bytes of each weight's numbers
 * @param to the gradient by the first weight
 * @param tap bytes from one of the nine weights to the next
 */
export function tileWeightGradients(
  from: usize,
  plane: i32,
  bytes: i32,
  to: usize,
  tap: i32,
): void {
  for (const end = from + bytes; from < end; from += 16) {
    narrow(from, plane, to, tap, 0);
    narrow(from + plane, plane, to, tap, 1);
    narrow(from + 2 * plane, plane, to, tap, 2);
    narrow(from + 3 * plane, plane, to, tap, 3);
    to += 16;
  }
}

import { storeLanes } from './inline';

/**
 * Products of floats.
 *
 * @param table for each run the addresses of one factor, of the other and of the product
 * @param length floats in a run
 */
export function multiply(table: usize, runs: i32, length: i32): void {
  const end = table + runs * 12;
  for (; table < end; table += 12) {
    const a = load<usize>(table);
    const b = load<usize>(table, 4);
    const product = load<usize>(table, 8);
    for (let i = 0; i < length; i += 4) {
      const four = f32x4.mul(v128.load(a + (i << 2)), v128.load(b + (i << 2)));
      storeLanes(product + (i << 2), four, length - i);
    }
  }
}

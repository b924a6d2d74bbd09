import { storeLanes } from './inline';

/**
 * Copies runs of floats.
 *
 * @param table for each run the addresses that it is taken from and brought to
 * @param length floats in a run
 */
export function copy(table: usize, runs: i32, length: i32): void {
  const end = table + (runs << 3);
  for (; table < end; table += 8) {
    const from = load<usize>(table);
    const to = load<usize>(table, 4);
    for (let i = 0; i < length; i += 4) {
      storeLanes(to + (i << 2), v128.load(from + (i << 2)), length - i);
    }
  }
}

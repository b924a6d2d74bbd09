/**
 * Copies floats in another order.
 *
 * @param table for each float of `to` the address of the one that it takes, u32 each
 */
export function gather(table: usize, count: i32, to: usize): void {
  const end = table + (count << 2);
  for (; table < end; table += 4) {
    store<f32>(to, load<f32>(load<usize>(table)));
    to += 4;
  }
}

/**
 * The numbers of all clips but the first: each is the one `count` before it, and its step.
 *
 * @param table u32; the first `count` are there
 * @param steps u32, `count` of them
 * @param total numbers of all clips
 */
export function layClips(table: usize, steps: usize, count: i32, total: i32): void {
  const back = count << 2;
  const end = table + (total << 2);
  table += back;
  while (table < end) {
    for (let at = 0; at < back; at += 4) {
      store<u32>(table, load<u32>(table - back) + load<u32>(steps + at));
      table += 4;
    }
  }
}

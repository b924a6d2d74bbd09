import { laneMask } from './inline';

/**
 * Takes the gradient away where a rectifier gave zero, in place.
 *
 * @param table for each run of floats the addresses of the rectifier's output and of its gradient
 * @param length floats in a run
 */
export function rectifierGradient(table: usize, runs: i32, length: i32): void {
  const end = table + (runs << 3);
  for (; table < end; table += 8) {
    const output: usize = load<usize>(table);
    const gradient: usize = load<usize>(table, 4);
    for (let i = 0; i < length; i += 4) {
      const offset: usize = i << 2;
      // a run's last lanes belong to whatever lies behind it: they are written back as they were
      const beyond = v128.not(laneMask(length - i));
      const positive = f32x4.gt(v128.load(output + offset), f32x4.splat(0));
      const kept = v128.or(positive, beyond);
      v128.store(gradient + offset, v128.and(v128.load(gradient + offset), kept));
    }
  }
}

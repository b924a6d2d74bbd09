import { storeLanes, tanhOf } from './inline';

/**
 * tanh: a polynomial near zero and 1 - 2 / (exp(2|x|) + 1) elsewhere, as tanhf of the Cephes library.
 * NaN stays NaN.
 *
 * @param table for each run of floats the addresses of its inputs and of its outputs
 * @param length floats in a run
 */
export function tanh(table: usize, runs: i32, length: i32): void {
  const end = table + (runs << 3);
  for (; table < end; table += 8) {
    const inputs = load<usize>(table);
    const outputs = load<usize>(table, 4);
    for (let i = 0; i < length; i += 4) {
      storeLanes(outputs + (i << 2), tanhOf(v128.load(inputs + (i << 2))), length - i);
    }
  }
}

/**
 * The gradient before tanh from the one after it: times 1 - tanh^2.
 *
 * @param table for each run of floats the addresses of what tanh gave, of its gradient and of the
 *   gradient to be written
 */
export function tanhGradient(table: usize, runs: i32, length: i32): void {
  const end = table + runs * 12;
  for (; table < end; table += 12) {
    const outputs = load<usize>(table);
    const byOutputs = load<usize>(table, 4);
    const byInputs = load<usize>(table, 8);
    for (let i = 0; i < length; i += 4) {
      const t = v128.load(outputs + (i << 2));
      const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(t, t));
      storeLanes(
        byInputs + (i << 2),
        f32x4.mul(v128.load(byOutputs + (i << 2)), slope),
        length - i,
      );
    }
  }
}

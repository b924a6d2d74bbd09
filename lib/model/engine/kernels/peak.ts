/**
 * The most that multiplications and additions can reach here: eight independent sums in registers,
 * nothing loaded but one vector a round. 64 floating-point operations a round.
 *
 * @param numbers 160 bytes; the last 128 take the sums
 */
export function peak(rounds: i32, numbers: usize): void {
  const a = v128.load(numbers);
  const b = v128.load(numbers, 16);
  let s0 = v128.load(numbers, 32);
  let s1 = v128.load(numbers, 48);
  let s2 = v128.load(numbers, 64);
  let s3 = v128.load(numbers, 80);
  let s4 = v128.load(numbers, 96);
  let s5 = v128.load(numbers, 112);
  let s6 = v128.load(numbers, 128);
  let s7 = v128.load(numbers, 144);
  for (let round = 0; round < rounds; round++) {
    const x = v128.load(numbers);
    s0 = f32x4.add(s0, f32x4.mul(x, a));
    s1 = f32x4.add(s1, f32x4.mul(x, b));
    s2 = f32x4.add(s2, f32x4.mul(x, a));
    s3 = f32x4.add(s3, f32x4.mul(x, b));
    s4 = f32x4.add(s4, f32x4.mul(x, a));
    s5 = f32x4.add(s5, f32x4.mul(x, b));
    s6 = f32x4.add(s6, f32x4.mul(x, a));
    s7 = f32x4.add(s7, f32x4.mul(x, b));
  }
  v128.store(numbers, s0, 32);
  v128.store(numbers, s1, 48);
  v128.store(numbers, s2, 64);
  v128.store(numbers, s3, 80);
  v128.store(numbers, s4, 96);
  v128.store(numbers, s5, 112);
  v128.store(numbers, s6, 128);
  v128.store(numbers, s7, 144);
}

/** An angle as `quarters` times pi/2 and the rest, head + tail, of at most about pi/4. */
export interface ReducedAngle {
  /** Modulo 4, 0 to 3. */
  readonly quarters: number;
  readonly head: number;
  readonly tail: number;
}

/** Bits after the point: 1024 for the largest double, 62 for the one nearest to a multiple of pi/2, 130 to spare. */
const BITS = 1216n;
/** Bits after the point that are kept of the rest, and what the last of them is worth. */
const KEPT = 192n;
const LAST = 1.5930919111324523e-58;

/**
 * An angle of any size beyond 2^20, reduced in whole numbers: exact, and slow. msun's table and its
 * loop over pieces of 24 bits are ten times as long, for angles that hardly occur.
 *
 * @param x radians; NaN and infinities give NaN
 */
export function reduceLarge(x: number): ReducedAngle {
  if (!Number.isFinite(x)) return { quarters: 0, head: NaN, tail: NaN };
  const size = Math.abs(x);
  // From 2^53 on doubles are whole; from 2^20 on they are whole multiples of 2^-32.
  const angle =
    size >= 9_007_199_254_740_992
      ? BigInt(size) << BITS
      : BigInt(size * 4_294_967_296) << (BITS - 32n);
  const quarter = halfPi();
  const count = (2n * angle + quarter) / (2n * quarter);
  const rest = (angle - count * quarter) >> (BITS - KEPT);
  const head = Number(rest);
  const tail = Number(rest - BigInt(head));
  const quarters = Number(count % 4n);
  return x < 0
    ? { quarters: (4 - quarters) % 4, head: -head * LAST, tail: -tail * LAST }
    : { quarters, head: head * LAST, tail: tail * LAST };
}

/** pi/2 with BITS bits after the point, by Machin's formula: pi/4 = 4 arctan(1/5) - arctan(1/239). */
function halfPi(): bigint {
  const spare = 16n;
  return (2n * (4n * arctanOfInverse(5n, spare) - arctanOfInverse(239n, spare))) >> spare;
}

/** arctan(1/n) = 1/n - 1/(3 n^3) + 1/(5 n^5) - ..., with BITS + spare bits after the point. */
function arctanOfInverse(n: bigint, spare: bigint): bigint {
  let power = (1n << (BITS + spare)) / n;
  let sum = power;
  for (let odd = 3n, sign = -1n; power > 0n; odd += 2n, sign = -sign) {
    power /= n * n;
    sum += (sign * power) / odd;
  }
  return sum;
}

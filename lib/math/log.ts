import { fromWords, highWord, lowWord, withoutLowWord } from './bits.ts';

/*
 * After FreeBSD's lib/msun/src/e_log.c and e_log10.c, by way of the Rust crate libm
 * 0.2.8 (src/math/log.rs, log10.rs, MIT, Copyright (c) 2018 Jorge Aparicio):
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *
 * Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice
 * is preserved.
 */

/** Constants in two parts, the first short enough that its products here are exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG10_E_HIGH = 4.34294481878168880939e-1;
const LOG10_E_LOW = 2.50829467116452752298e-11;
const LOG10_2_HIGH = 3.01029995663611771306e-1;
const LOG10_2_LOW = 3.69423907715893078616e-13;

/** ln x, within 1 ulp; -Infinity at zero, NaN below. */
export function log(x: number): number {
  const special = logOfSpecial(x);
  if (special !== undefined) return special;
  const { k, f } = reduce(x);
  const halfSquare = 0.5 * f * f;
  return series(f, halfSquare) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}

/** log10 x, within 1 ulp; -Infinity at zero, NaN below. */
export function log10(x: number): number {
  const special = logOfSpecial(x);
  if (special !== undefined) return special;
  const { k, f } = reduce(x);
  const halfSquare = 0.5 * f * f;
  // high + low = ln(1 + f)
  const high = withoutLowWord(f - halfSquare);
  const low = f - high - halfSquare + series(f, halfSquare);
  const large = high * LOG10_E_HIGH;
  const small = k * LOG10_2_LOW + (low + high) * LOG10_E_LOW + low * LOG10_E_HIGH;
  const ofTwo = k * LOG10_2_HIGH;
  const sum = ofTwo + large;
  return small + (ofTwo - sum + large) + sum;
}

/** Where there is nothing to compute: zero, below zero, infinity, NaN, one. */
function logOfSpecial(x: number): number | undefined {
  if (x > 0 && x < Infinity) return x === 1 ? 0 : undefined;
  if (x === 0) return -Infinity;
  return x === Infinity ? x : NaN;
}

/** The high words of 1 and of sqrt(2)/2. */
const ONE = 0x3ff00000;
const HALF_ROOT = 0x3fe6a09e;

/** x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2). */
function reduce(x: number): { readonly k: number; readonly f: number } {
  const subnormal = x < 2.2250738585072014e-308;
  const normal = subnormal ? x * 18_014_398_509_481_984 : x;
  const word = highWord(normal) + (ONE - HALF_ROOT);
  const k = (word >> 20) - 0x3ff - (subnormal ? 54 : 0);
  return { k, f: fromWords((word & 0xfffff) + HALF_ROOT, lowWord(normal)) - 1 };
}

/** s (f^2/2 + R(s^2)), s = f / (2 + f): what ln(1 + f) has beyond f - f^2/2; error below 2^-58.45. */
function series(f: number, halfSquare: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const even =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return s * (halfSquare + (even + odd));
}

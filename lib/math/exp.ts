import { scale } from './bits.ts';

/*
 * After FreeBSD's lib/msun/src/e_exp.c, by way of the Rust crate libm 0.2.8 (src/math/exp.rs, MIT,
 * Copyright (c) 2018 Jorge Aparicio):
 *
 * Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
 *
 * Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice
 * is preserved.
 */

/** ln 2 in two parts: a product of the first with a whole number below 2^20 is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;

/** x such that exp(x) is the largest double; the one below which it rounds to zero. */
const OVERFLOW = 709.782712893383973096;
const UNDERFLOW = -745.13321910194110842;

/** e^x, within 1 ulp. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const size = Math.abs(x);
  // Below 2^-28 the square is lost in rounding.
  if (size < 3.725290298461914e-9) return 1 + x;
  // x = k ln 2 + r, |r| <= ln(2)/2
  const k =
    size <= 0.5 * Math.LN2
      ? 0
      : size < 1.5 * Math.LN2
        ? x < 0
          ? -1
          : 1
        : Math.trunc(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const y = expOfRemainder(high, low);
  return k === 0 ? y : scale(y, k);
}

/** exp(high - low) for |high - low| <= ln(2)/2, by Remez's polynomial for r (e^r + 1) / (e^r - 1). */
function expOfRemainder(high: number, low: number): number {
  const r = high - low;
  const c = r - evenPart(r);
  return 1 + ((r * c) / (2 - c) - low + high);
}

/** P1 r^2 + ... + P5 r^10, where r (e^r + 1) / (e^r - 1) = 2 + P1 r^2 + ...; error below 2^-59. */
function evenPart(r: number): number {
  const t = r * r;
  return (
    t *
    (1.66666666666666019037e-1 +
      t *
        (-2.77777777770155933842e-3 +
          t *
            (6.61375632143793436117e-5 +
              t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  );
}

import { highWord } from './bits.ts';
import { reduceLarge, type ReducedAngle } from './large-angle.ts';

/*
 * After FreeBSD's lib/msun/src/s_sin.c, s_cos.c, k_sin.c, k_cos.c and e_rem_pio2.c, by way of the
 * Rust crate libm 0.2.8 (src/math/sin.rs, cos.rs, k_sin.rs, k_cos.rs, rem_pio2.rs, MIT, Copyright
 * (c) 2018 Jorge Aparicio):
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *
 * Developed at SunPro, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice
 * is preserved.
 */

/** sin x, x in radians, within 1 ulp; NaN at the infinities. */
export function sin(x: number): number {
  // An odd series does not keep the sign of zero.
  if (Math.abs(x) < 1.4901161193847656e-8) return x;
  const { quarters, head, tail } = reduce(x);
  const value = quarters % 2 === 0 ? sinOfRest(head, tail) : cosOfRest(head, tail);
  return quarters < 2 ? value : -value;
}

/** cos x, x in radians, within 1 ulp; NaN at the infinities. */
export function cos(x: number): number {
  const { quarters, head, tail } = reduce(x);
  const value = quarters % 2 === 0 ? cosOfRest(head, tail) : sinOfRest(head, tail);
  return quarters === 0 || quarters === 3 ? value : -value;
}

/** pi/2 in parts of 33 bits, so that their products with whole numbers up to 2^20 are exact. */
const PART_1 = 1.57079632673412561417;
const REST_1 = 6.07710050650619224932e-11;
const PART_2 = 6.0771005063039659766e-11;
const REST_2 = 2.02226624879595063154e-21;
const PART_3 = 2.0222662487111664558e-21;
const REST_3 = 8.47842766036889956997e-32;
const TWO_OVER_PI = 6.36619772367581382433e-1;
/** 1.5 * 2^52: adding it and taking it away rounds to the nearest whole number, half to even. */
const ROUNDER = 6_755_399_441_055_744;

function reduce(x: number): ReducedAngle {
  const size = Math.abs(x);
  if (size <= Math.PI / 4) return { quarters: 0, head: x, tail: 0 };
  // Beyond 2^20 pi/2 the products below are no longer exact.
  if (!(size < 1_647_099)) return reduceLarge(x);
  const n = x * TWO_OVER_PI + ROUNDER - ROUNDER;
  let rest = x - n * PART_1;
  let correction = n * REST_1;
  let head = rest - correction;
  // Each bit lost by cancellation is made good by the next part of pi/2.
  const exponent = exponentOf(x);
  if (exponent - exponentOf(head) > 16) {
    const before = rest;
    correction = n * PART_2;
    rest = before - correction;
    correction = n * REST_2 - (before - rest - correction);
    head = rest - correction;
    if (exponent - exponentOf(head) > 49) {
      const beforeThis = rest;
      correction = n * PART_3;
      rest = beforeThis - correction;
      correction = n * REST_3 - (beforeThis - rest - correction);
      head = rest - correction;
    }
  }
  return { quarters: n & 3, head, tail: rest - head - correction };
}

function exponentOf(x: number): number {
  return (highWord(x) >>> 20) & 0x7ff;
}

/** sin(x + y), |x| up to about pi/4, y its tail; error of the polynomial below 2^-58. */
function sinOfRest(x: number, y: number): number {
  const z = x * x;
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6) +
    z * (z * z) * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10);
  const cube = z * x;
  return x - (z * (0.5 * y - cube * r) - y - cube * -1.66666666666666324348e-1);
}

/** cos(x + y), |x| up to about pi/4, y its tail; error of the polynomial below 2^-58. */
function cosOfRest(x: number, y: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    z *
      (4.16666666666666019037e-2 +
        z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    w *
      w *
      (-2.75573143513906633035e-7 +
        z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11));
  const half = 0.5 * z;
  const main = 1 - half;
  return main + (1 - main - half + (z * r - x * y));
}

import { count, fixed } from '../text.ts';
import type { Against } from './data.ts';

/** A point in running text. */
export function quoted(label: string): string {
  return `“${label}”`;
}

/** 0.021 -> `+2.1`, -0.021 -> `−2.1`: percentage points with their sign. */
export function signed(share: number): string {
  const text = fixed(share * 100, 1);
  if (text === '0.0') return text;
  return text.startsWith('-') ? text.replace('-', '−') : `+${text}`;
}

/** A difference's interval in running text: `−1.0 to +5.2`. */
export function signedRange(low: number, high: number): string {
  return `${signed(low)} to ${signed(high)}`;
}

/** 0.0004 -> `< 0.001`, 0.31 -> `0.310`. */
export function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : fixed(p, 3);
}

/** `p = 0.310`, `p < 0.001`. */
export function pEquals(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${fixed(p, 3)}`;
}

/** How a point stands to the baseline, in a few words. */
export const standingWords = {
  itself: 'the baseline',
  'no-baseline': 'untested',
  unpaired: 'on other clips',
  better: 'better',
  worse: 'worse',
  noise: 'within the noise',
  'seed-noise': 'within the seeds’ noise',
} as const satisfies Record<Against['kind'], string>;

/** `5 of 15`. */
export function outOf(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)}`;
}

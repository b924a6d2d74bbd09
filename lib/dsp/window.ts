import { cos } from '../math/portable.ts';

export type WindowName = 'hamming' | 'hann' | 'blackman' | 'rectangular';

export const windowNames = ['hamming', 'hann', 'blackman', 'rectangular'] as const;

/** Cosine-sum windows: w[n] = a0 - a1 cos(2 pi n / N) + a2 cos(4 pi n / N) (Harris 1978, table 1). */
const COEFFICIENTS: Readonly<Record<WindowName, readonly [number, number, number]>> = {
  hamming: [0.54, 0.46, 0],
  hann: [0.5, 0.5, 0],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1, 0, 0],
};

/**
 * A periodic window (the one for spectral analysis: N points of a period of N).
 *
 * @param size points, at least 1
 * @returns size weights
 */
export function periodicWindow(name: WindowName, size: number): Float64Array {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`a window has at least 1 point, not ${size}`);
  const [a0, a1, a2] = COEFFICIENTS[name];
  return Float64Array.from({ length: size }, (_, n) => {
    const angle = (2 * Math.PI * n) / size;
    return a0 - a1 * cos(angle) + a2 * cos(2 * angle);
  });
}

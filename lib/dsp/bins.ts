/**
 * How many frequencies of a frame, from 0 on, hold all that lies up to a limit.
 *
 * @param fmax the limit, Hz; beyond half the rate there is nothing more
 * @param size samples a frame
 * @returns 1 to size / 2 + 1; the last of them lies at the limit or just above it
 */
export function binsUpTo(fmax: number, size: number, rateHz: number): number {
  return Math.min(size / 2, Math.ceil((fmax * size) / rateHz)) + 1;
}

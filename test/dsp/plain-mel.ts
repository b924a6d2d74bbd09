import type { DecibelOptions, LogMel, MelBank } from '../../lib/dsp/mel.ts';
import { log10 } from '../../lib/math/portable.ts';

/**
 * Log-mel spectrograms as plain loops, one number after the other: what the kernels compute side by side
 * must have the same bits.
 */
export function plainLogMel(
  power: Float32Array,
  { bands, bins, first, weights }: MelBank,
  { amin, floorDb }: DecibelOptions,
): LogMel {
  const frames = power.length / bins;
  const db = new Float32Array(frames * bands);
  let loudest = -Infinity;
  for (let t = 0; t < frames; t += 1) {
    for (let band = 0; band < bands; band += 1) {
      const triangle = weights[band]!;
      const start = t * bins + first[band]!;
      let sum = 0;
      for (let i = 0; i < triangle.length; i += 1) sum += triangle[i]! * power[start + i]!;
      const level = Math.fround(10 * log10(Math.max(amin, sum)));
      db[t * bands + band] = level;
      if (level > loudest) loudest = level;
    }
  }
  const floor = Math.fround(loudest - floorDb);
  for (let i = 0; i < db.length; i += 1) db[i] = Math.max(db[i]!, floor);
  return { db, meanDb: meanOverBands(db, bands) };
}

/** Summed in float32 band after band. */
function meanOverBands(db: Float32Array, bands: number): Float32Array {
  return Float32Array.from({ length: db.length / bands }, (_, t) => {
    let sum = 0;
    for (let band = 0; band < bands; band += 1) sum = Math.fround(sum + db[t * bands + band]!);
    return sum / bands;
  });
}

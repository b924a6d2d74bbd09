import { exp, log, log10 } from '../math/portable.ts';

/**
 * Slaney's mel scale (Auditory Toolbox, 1998): linear below 1,000 Hz, logarithmic above.
 *
 * @param hz frequency, Hz, at least 0
 */
export function hzToMel(hz: number): number {
  return hz < 1000 ? hz / HZ_PER_MEL : KNEE_MEL + log(hz / 1000) / LOG_STEP;
}

export function melToHz(mel: number): number {
  return mel < KNEE_MEL ? mel * HZ_PER_MEL : 1000 * exp(LOG_STEP * (mel - KNEE_MEL));
}

const HZ_PER_MEL = 200 / 3;
const KNEE_MEL = 15;
/** log(6.4) / 27: 27 steps from 1,000 to 6,400 Hz. */
const LOG_STEP = 0.06875177742094912;

export interface MelOptions {
  readonly rateHz: number;
  /** Samples a frame of the transform. */
  readonly size: number;
  readonly bands: number;
  readonly fmin: number;
  readonly fmax: number;
}

/** Triangular bands over the bins of a power spectrum, each as the bins where it is above zero. */
export interface MelBank {
  readonly bands: number;
  readonly bins: number;
  /** For each band, its first bin. */
  readonly first: Int32Array;
  /** For each band, its weights from that bin on; area normalised (Slaney). */
  readonly weights: readonly Float64Array[];
}

/**
 * The bank of Slaney's Auditory Toolbox: band i rises from edge i to edge i + 1 and falls to edge
 * i + 2, the edges equally spaced in mel; each is divided by half its width in Hz.
 *
 * @throws RangeError for edges that are not 0 <= fmin < fmax <= rate / 2
 */
export function melBank({ rateHz, size, bands, fmin, fmax }: MelOptions): MelBank {
  if (!(fmin >= 0 && fmin < fmax && fmax <= rateHz / 2)) {
    throw new RangeError(
      `mel bands need 0 <= fmin < fmax <= ${rateHz / 2} Hz, not ${fmin} to ${fmax}`,
    );
  }
  const bins = size / 2 + 1;
  const low = hzToMel(fmin);
  const step = (hzToMel(fmax) - low) / (bands + 1);
  const edges = Float64Array.from({ length: bands + 2 }, (_, i) => melToHz(low + step * i));
  const first = new Int32Array(bands);
  const weights: Float64Array[] = [];
  for (let band = 0; band < bands; band += 1) {
    const [left, centre, right] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const area = 2 / (right - left);
    const triangle = (bin: number): number => {
      const hz = (bin * rateHz) / size;
      return (
        Math.max(0, Math.min((hz - left) / (centre - left), (right - hz) / (right - centre))) * area
      );
    };
    const from = Math.min(bins, Math.max(0, Math.floor((left * size) / rateHz)));
    const to = Math.min(bins - 1, Math.ceil((right * size) / rateHz));
    first[band] = from;
    weights.push(
      Float64Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => triangle(from + i)),
    );
  }
  return { bands, bins, first, weights };
}

export interface DecibelOptions {
  /** Power below which nothing is told apart. */
  readonly amin: number;
  /** Decibels below the clip's maximum at which it is cut off. */
  readonly floorDb: number;
}

/**
 * The log-mel spectrogram: 10 log10(max(amin, S)), floored at the clip's own maximum - floorDb.
 *
 * @param power frames x bins, row-major
 * @returns frames x bands, row-major, in decibels
 */
export function logMel(
  power: Float32Array,
  bank: MelBank,
  { amin, floorDb }: DecibelOptions,
): Float32Array {
  const { bands, bins, first, weights } = bank;
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
  return db;
}

/**
 * The paper's "average frequency value": the mean over the bands in each frame, summed in float32 band
 * after band, as numpy.mean does along the first axis of what librosa gives: at 80 dB below full scale
 * that moves the mean by up to 1e-4 dB, and the authors' published features have it.
 *
 * @param db frames x bands, row-major
 * @returns frames values, in decibels
 */
export function meanOverBands(db: Float32Array, bands: number): Float32Array {
  return Float32Array.from({ length: db.length / bands }, (_, t) => {
    let sum = 0;
    for (let band = 0; band < bands; band += 1) sum = Math.fround(sum + db[t * bands + band]!);
    return sum / bands;
  });
}

import { exp, log } from '../math/portable.ts';
import { binsUpTo } from './bins.ts';
import { Kernels } from './kernels.ts';

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
  /** How many frequencies a spectrum has, from 0 on; all size / 2 + 1 where it is left out. */
  readonly bins?: number;
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
 * @throws RangeError for edges that are not 0 <= fmin < fmax <= rate / 2, and for too few bins
 */
export function melBank({
  rateHz,
  size,
  bands,
  fmin,
  fmax,
  bins = size / 2 + 1,
}: MelOptions): MelBank {
  if (!(fmin >= 0 && fmin < fmax && fmax <= rateHz / 2)) {
    throw new RangeError(
      `mel bands need 0 <= fmin < fmax <= ${rateHz / 2} Hz, not ${fmin} to ${fmax}`,
    );
  }
  const needed = binsUpTo(fmax, size, rateHz);
  if (bins < needed) {
    throw new RangeError(`mel bands up to ${fmax} Hz need ${needed} bins, not ${bins}`);
  }
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

export interface LogMel {
  /** frames x bands, row-major, in decibels. */
  readonly db: Float32Array;
  /**
   * The paper's "average frequency value": the mean over the bands in each frame, in decibels. It is
   * summed in float32 band after band, as numpy.mean does along the first axis of what librosa gives: at
   * 80 dB below full scale that moves the mean by up to 1e-4 dB, and the authors' published features
   * have it.
   */
  readonly meanDb: Float32Array;
}

/** As many as kernels/mel.ts takes side by side. */
const FRAMES_ABREAST = 8;

/**
 * Plans log-mel spectrograms: 10 log10(max(amin, S)) of what each band hears, floored at the clip's own
 * maximum - floorDb. Bands are summed and logarithms taken in float64; levels are float32.
 *
 * @returns makes that of one clip after another out of its power, frames x bins, row-major, and writes it
 *   to `into` (default: arrays of its own)
 * @throws RangeError for an amin that is not above 0; later, for another length of what `into` holds
 */
export function planLogMel(
  bank: MelBank,
  { amin, floorDb }: DecibelOptions,
): (power: Float32Array, into?: LogMel) => LogMel {
  if (!(amin > 0)) throw new RangeError(`decibels need a power amin above 0, not ${amin}`);
  const { bands, bins, first, weights } = bank;
  const kernels = new Kernels();
  const { run } = kernels;
  // Only the bins from the first to the last of any band are looked at.
  const from = Math.min(...first);
  const to = Math.max(...weights.map(({ length }, band) => first[band]! + length));
  const room = Math.ceil((to - from) / 2) * 2;
  const spans = kernels.put(
    Uint32Array.from(weights.flatMap(({ length }, band) => [first[band]! - from, length])),
  );
  const weighted = kernels.put(Float64Array.from(weights.flatMap((triangle) => [...triangle])));
  const columns = kernels.reserve(8 * FRAMES_ABREAST * room);
  const heard = kernels.reserve(8 * FRAMES_ABREAST * bands);
  const made = kernels.reserve(0);

  return (power, into) => {
    const frames = power.length / bins;
    if (
      into !== undefined &&
      (into.db.length !== frames * bands || into.meanDb.length !== frames)
    ) {
      throw new RangeError(`${frames} x ${bands} levels do not go into ${into.db.length}`);
    }
    const filled = Math.ceil(frames / FRAMES_ABREAST) * FRAMES_ABREAST;
    kernels.releaseFrom(made);
    const db = kernels.reserve(4 * filled * bands);
    const means = kernels.reserve(4 * filled);
    // One more, since bins are read in pairs.
    const rows = kernels.reserve(4 * (filled * bins + 1));
    const powers = kernels.floats(rows, filled * bins);
    powers.set(power);
    // Beyond the last frame it comes again, which leaves the maximum as it is.
    for (let t = frames; t < filled; t += 1) {
      powers.copyWithin(t * bins, (frames - 1) * bins, frames * bins);
    }
    for (let t = 0; t < filled; t += FRAMES_ABREAST) {
      run.layFramesAbreast(rows + 4 * (t * bins + from), 4 * bins, room, columns);
      run.sumBands(columns, spans, weighted, bands, amin, heard);
      run.log10(heard, FRAMES_ABREAST * bands);
      run.layFramesInLine(heard, bands, db + 4 * t * bands);
    }
    run.floorLevels(db, filled * bands, floorDb);
    run.averageBands(db, filled, bands, means);
    const result = into ?? {
      db: new Float32Array(frames * bands),
      meanDb: new Float32Array(frames),
    };
    result.db.set(kernels.floats(db, frames * bands));
    result.meanDb.set(kernels.floats(means, frames));
    return result;
  };
}

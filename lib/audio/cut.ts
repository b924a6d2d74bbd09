/** A stretch of a recording, in samples of each channel at the recording's own rate. */
export interface Cut {
  readonly first: number;
  readonly count: number;
}

/**
 * The cut [offset, offset + duration): first = trunc(offset x rate), count = trunc(duration x rate),
 * as librosa.load took it in 2020.
 *
 * @throws RangeError for a negative offset, or a duration or rate that is not above zero.
 */
export function cutAt(rateHz: number, offsetSeconds: number, durationSeconds: number): Cut {
  if (!(rateHz > 0 && offsetSeconds >= 0 && durationSeconds > 0)) {
    throw new RangeError(
      `no cut at ${rateHz} Hz from ${offsetSeconds} s over ${durationSeconds} s`,
    );
  }
  return { first: Math.trunc(offsetSeconds * rateHz), count: Math.trunc(durationSeconds * rateHz) };
}

/** The samples, cut or padded with zeros at the end to `count`; the array itself where it fits. */
export function fitLength(samples: Float32Array, count: number): Float32Array {
  if (samples.length === count) return samples;
  const fitted = new Float32Array(count);
  fitted.set(samples.subarray(0, count));
  return fitted;
}

import { planFramesFft } from './fft.ts';
import { periodicWindow, type WindowName } from './window.ts';

export type Padding = 'reflect' | 'zero';

export interface StftOptions {
  readonly window: WindowName;
  /** Samples a frame, a power of two. */
  readonly size: number;
  /** Samples from frame to frame. */
  readonly hop: number;
  /** Frame t is centred on sample t x hop, the clip extended by size / 2 at both ends. */
  readonly centre: boolean;
  /** What stands beyond the ends of the clip. */
  readonly padding: Padding;
  /** How many frequencies are wanted, from 0 on; all size / 2 + 1 where it is left out. */
  readonly bins?: number;
}

export interface Stft {
  readonly bins: number;
  /** 1 + floor(samples / hop) when centred; 1 + floor((samples - size) / hop) otherwise. */
  frames(samples: number): number;
  /**
   * The power spectrogram |X|^2.
   *
   * @param samples one clip
   * @param into frames x bins to write to (default: an array of their own)
   * @returns into: row-major
   * @throws RangeError for a clip too short for one frame, or to be reflected; for another length of `into`
   */
  power(samples: Float32Array, into?: Float32Array): Float32Array;
}

/** Plans a short-time Fourier transform; the plan's buffers serve one clip after another. */
export function planStft({ window, size, hop, centre, padding, bins }: StftOptions): Stft {
  if (!Number.isInteger(hop) || hop < 1)
    throw new RangeError(`the hop is at least 1 sample, not ${hop}`);
  const fft = planFramesFft(periodicWindow(window, size), bins);
  const before = centre ? size / 2 : 0;
  const frames = (samples: number): number => {
    const room = samples + 2 * before - size;
    return room < 0 ? 0 : 1 + Math.floor(room / hop);
  };
  return {
    bins: fft.bins,
    frames,
    power(samples, into) {
      const count = frames(samples.length);
      if (count < 1) {
        throw new RangeError(`${samples.length} samples do not fill one frame of ${size}`);
      }
      if (padding === 'reflect' && samples.length <= before) {
        throw new RangeError(`${samples.length} samples cannot be reflected over ${before}`);
      }
      if (into !== undefined && into.length !== count * fft.bins) {
        throw new RangeError(`${count} x ${fft.bins} powers do not go into ${into.length}`);
      }
      const fill = (extended: Float32Array): void => {
        extend(samples, before, padding, extended);
      };
      return fft.power(count, hop, fill, into);
    },
  };
}

/** A clip as it goes on beyond its ends, from `before` samples ahead of it on. */
function extend(
  samples: Float32Array,
  before: number,
  padding: Padding,
  extended: Float32Array,
): void {
  const inside = Math.min(samples.length, extended.length - before);
  extended.set(samples.subarray(0, inside), before);
  for (let i = 0; i < before; i += 1) extended[i] = sampleAt(samples, i - before, padding);
  for (let i = before + inside; i < extended.length; i += 1) {
    extended[i] = sampleAt(samples, i - before, padding);
  }
}

/** A sample of a clip that goes on beyond its ends: mirrored without repeating the end, or silent. */
function sampleAt(samples: Float32Array, index: number, padding: Padding): number {
  const last = samples.length - 1;
  if (index >= 0 && index <= last) return samples[index]!;
  if (padding === 'zero') return 0;
  return samples[index < 0 ? -index : 2 * last - index]!;
}

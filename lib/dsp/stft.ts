import { planRealFft } from './fft.ts';
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
}

export interface Stft {
  readonly bins: number;
  /** 1 + floor(samples / hop) when centred; 1 + floor((samples - size) / hop) otherwise. */
  frames(samples: number): number;
  /**
   * The power spectrogram |X|^2.
   *
   * @param samples one clip
   * @returns frames x bins, row-major
   * @throws RangeError for a clip too short for one frame, or to be reflected
   */
  power(samples: Float32Array): Float32Array;
}

/** Plans a short-time Fourier transform; the plan's buffers serve one clip after another. */
export function planStft({ window, size, hop, centre, padding }: StftOptions): Stft {
  if (!Number.isInteger(hop) || hop < 1)
    throw new RangeError(`the hop is at least 1 sample, not ${hop}`);
  const fft = planRealFft(size);
  const weights = periodicWindow(window, size);
  const frame = new Float64Array(size);
  const before = centre ? size / 2 : 0;
  const frames = (samples: number): number => {
    const room = samples + 2 * before - size;
    return room < 0 ? 0 : 1 + Math.floor(room / hop);
  };
  return {
    bins: fft.bins,
    frames,
    power(samples) {
      const count = frames(samples.length);
      if (count < 1) {
        throw new RangeError(`${samples.length} samples do not fill one frame of ${size}`);
      }
      if (padding === 'reflect' && samples.length <= before) {
        throw new RangeError(`${samples.length} samples cannot be reflected over ${before}`);
      }
      const power = new Float32Array(count * fft.bins);
      for (let t = 0; t < count; t += 1) {
        const start = t * hop - before;
        const inside = start >= 0 && start + size <= samples.length;
        for (let n = 0; n < size; n += 1) {
          const at = start + n;
          frame[n] = weights[n]! * (inside ? samples[at]! : sampleAt(samples, at, padding));
        }
        fft.power(frame, power, t * fft.bins);
      }
      return power;
    },
  };
}

/** A sample of a clip that goes on beyond its ends: mirrored without repeating the end, or silent. */
function sampleAt(samples: Float32Array, index: number, padding: Padding): number {
  const last = samples.length - 1;
  if (index >= 0 && index <= last) return samples[index]!;
  if (padding === 'zero') return 0;
  return samples[index < 0 ? -index : 2 * last - index]!;
}

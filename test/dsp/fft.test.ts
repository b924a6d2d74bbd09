import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPowerOfTwo, planFramesFft } from '../../lib/dsp/fft.ts';
import { periodicWindow } from '../../lib/dsp/window.ts';
import { cos, sin } from '../../lib/math/portable.ts';
import { framePower } from './plain.ts';
import { noise } from './signals.ts';

/** |X[k]|^2 by the definition, term by term. */
function powerByDefinition(frame: Float64Array): number[] {
  const { length } = frame;
  return Array.from({ length: length / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    frame.forEach((value, n) => {
      const angle = (2 * Math.PI * ((k * n) % length)) / length;
      re += value * cos(angle);
      im -= value * sin(angle);
    });
    return re * re + im * im;
  });
}

function powerOf(frame: Float64Array): Float32Array {
  return planFramesFft(new Float64Array(frame.length).fill(1)).power(1, 1, (samples) => {
    samples.set(frame);
  });
}

const frames = (size: number) =>
  fc
    .float32Array({ minLength: size, maxLength: size, min: -1, max: 1, noNaN: true })
    .map((frame) => Float64Array.from(frame));
const anyFrame = fc.constantFrom(4, 8, 16, 64, 256).chain(frames);

describe('the real FFT', () => {
  it('gives the sums of its definition', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const power = powerOf(frame);
        powerByDefinition(frame).forEach((value, k) => {
          expect(Math.abs(power[k]! - value)).toBeLessThanOrEqual(1e-10 + 1e-7 * value);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the energy (Parseval)', () => {
    fc.assert(
      fc.property(frames(2048), (frame) => {
        const power = powerOf(frame);
        const inner = power.subarray(1, -1).reduce((sum, value) => sum + 2 * value, 0);
        const energy = frame.reduce((sum, value) => sum + value * value, 0);
        const total = (power[0]! + inner + power.at(-1)!) / frame.length;
        expect(Math.abs(total - energy)).toBeLessThanOrEqual(1e-12 + 1e-6 * energy);
      }),
      { numRuns: 20 },
    );
  });

  it('is quadratic: a frame twice as loud has four times the power', () => {
    fc.assert(
      fc.property(frames(128), (frame) => {
        const power = powerOf(frame);
        powerOf(frame.map((value) => 2 * value)).forEach((value, k) => {
          // Exactly, but for powers below the smallest normal float32.
          expect(Math.abs(value - 4 * power[k]!)).toBeLessThan(1e-37);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('gives to the bit what plain loops give, for every number of overlapping frames', () => {
    const windows = fc
      .constantFrom(4, 8, 16, 32, 256, 2048)
      .map((size) => periodicWindow('hann', size));
    const property = fc.property(windows, fc.integer({ min: 1, max: 5 }), (weights, count) => {
      const size = weights.length;
      const hop = Math.ceil(size / 3);
      const samples = noise((count - 1) * hop + size);
      const power = planFramesFft(weights).power(count, hop, (into) => {
        into.set(samples);
      });
      for (let t = 0; t < count; t += 1) {
        const frame = Float64Array.from(weights, (weight, n) => weight * samples[t * hop + n]!);
        const bins = size / 2 + 1;
        expect(power.subarray(t * bins, (t + 1) * bins)).toEqual(framePower(frame));
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('gives as many bins as are wanted, the same as all of them begin with', () => {
    const sizes = fc
      .constantFrom(4, 8, 16, 64, 128)
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size / 2 + 1 })));
    const property = fc.property(sizes, ([size, bins]) => {
      const weights = periodicWindow('hann', size);
      const samples = noise(2 * size);
      const fill = (into: Float32Array): void => {
        into.set(samples);
      };
      const all = planFramesFft(weights).power(2, size, fill);
      const some = planFramesFft(weights, bins).power(2, size, fill);
      expect(some).toHaveLength(2 * bins);
      expect(some.subarray(0, bins)).toEqual(all.subarray(0, bins));
      expect(some.subarray(bins)).toEqual(all.subarray(size / 2 + 1).subarray(0, bins));
    });
    fc.assert(property, { numRuns: 60 });
    for (const bins of [0, 6, 2.5]) {
      expect(() => planFramesFft(new Float64Array(8), bins)).toThrow(
        new RangeError(`a frame of 8 samples has 1 to 5 bins to give, not ${bins}`),
      );
    }
  });

  it('can be used again, and leaves what it gave before as it was', () => {
    const fft = planFramesFft(new Float64Array(8).fill(1));
    const ramp = fft.power(1, 1, (samples) => {
      samples.set(samples.map((_, n) => n));
    });
    const impulse = fft.power(2, 8, (samples) => {
      samples.fill(0);
      samples[8] = 1;
    });
    expect(ramp[0]).toBe(28 * 28);
    expect([...impulse]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  it('has powers of two for sizes, and says so', () => {
    expect([4, 2048, 65_536].map(isPowerOfTwo)).toEqual([true, true, true]);
    for (const size of [0, 2, 3, 6, 2047]) {
      expect(() => planFramesFft(new Float64Array(size))).toThrow(
        new RangeError(`a frame has a power of two of samples, at least 4, not ${size}`),
      );
    }
  });
});

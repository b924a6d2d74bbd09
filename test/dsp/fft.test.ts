import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPowerOfTwo, planRealFft } from '../../lib/dsp/fft.ts';
import { cos, sin } from '../../lib/math/portable.ts';

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
  const fft = planRealFft(frame.length);
  const power = new Float32Array(fft.bins);
  fft.power(frame, power, 0);
  return power;
}

const frames = (size: number) =>
  fc.float64Array({ minLength: size, maxLength: size, min: -1, max: 1, noNaN: true });
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

  it('writes where it is told, leaves the frame as it was, and can be used again', () => {
    const fft = planRealFft(8);
    const frame = Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const power = new Float32Array(12);
    fft.power(
      Float64Array.from({ length: 8 }, (_, n) => n),
      power,
      0,
    );
    fft.power(frame, power, 6);
    expect([...frame]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(power[0]).toBe(28 * 28);
    expect([...power.subarray(6, 11)]).toEqual([1, 1, 1, 1, 1]);
    expect(power[11]).toBe(0);
  });

  it('has powers of two for sizes, and says so', () => {
    expect([4, 2048, 65_536].map(isPowerOfTwo)).toEqual([true, true, true]);
    for (const size of [0, 2, 3, 6, 2047, 2.5, NaN]) {
      expect(() => planRealFft(size)).toThrow(
        new RangeError(`a frame has a power of two of samples, at least 4, not ${size}`),
      );
    }
  });
});

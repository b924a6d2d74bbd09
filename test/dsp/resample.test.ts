import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFramesFft } from '../../lib/dsp/fft.ts';
import { resampleKaiserFast } from '../../lib/dsp/resample.ts';
import { resampled } from './plain.ts';
import { chirp, noise, sine } from './signals.ts';

/** The bin with the most power of 4,096 samples from the middle. */
function peakHz(samples: Float32Array, rateHz: number): number {
  const from = (samples.length - 4096) >> 1;
  const power = planFramesFft(new Float64Array(4096).fill(1)).power(1, 1, (frame) => {
    frame.set(samples.subarray(from, from + 4096));
  });
  return (power.indexOf(Math.max(...power)) * rateHz) / 4096;
}

describe('resampling', () => {
  it('gives ceil(n r) samples: 132,300 for three seconds from 48,000 to 44,100 Hz', () => {
    expect(resampleKaiserFast(new Float32Array(144_000), 48_000, 44_100)).toHaveLength(132_300);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000, 96_000),
        fc.constantFrom(8000, 16_000, 22_050, 44_100),
        (count, from, to) => {
          const made = resampleKaiserFast(noise(count), from, to);
          expect(made).toHaveLength(from === to ? count : Math.ceil(count * (to / from)));
        },
      ),
    );
  });

  it.each([
    [48_000, 44_100],
    [16_000, 44_100],
    [44_100, 16_000],
  ])('keeps the frequency and the loudness of a sine, %i to %i Hz', (from, to) => {
    for (const hz of [200, 1000, 4000]) {
      const made = resampleKaiserFast(sine(hz, from, from / 2), from, to);
      expect(Math.abs(peakHz(made, to) - hz)).toBeLessThanOrEqual(to / 4096);
      const middle = made.subarray(1000, -1000);
      const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
      expect(power).toBeCloseTo(0.5, 2);
    }
  });

  it('gives to the bit what the sums give when they are written out term by term', () => {
    const rates = [1000, 8000, 12_345, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom(...rates),
        fc.constantFrom(...rates),
        (count, from, to) => {
          fc.pre(from !== to);
          const samples = noise(count);
          expect(resampleKaiserFast(samples, from, to)).toEqual(resampled(samples, from, to));
        },
      ),
      { numRuns: 60 },
    );
  });

  // Clips of many cycles of the two rates, where outputs at the same place between samples are made
  // together; 44,101 Hz has no short cycle with 44,100, and 10,007 none with 8000.
  it.each([
    [48_000, 44_100, 144_000],
    [44_100, 48_000, 20_000],
    [44_100, 22_050, 10_000],
    [22_050, 44_100, 10_000],
    [44_100, 16_000, 40_000],
    [16_000, 44_100, 20_000],
    [22_050, 16_000, 40_000],
    [11_025, 16_000, 30_000],
    [8000, 44_100, 10_000],
    [11_025, 96_000, 6000],
    [96_000, 11_025, 50_000],
    [44_101, 44_100, 10_000],
    [10_007, 8000, 60_000],
    [192_000, 11_025, 50_000],
    [48_000, 16_000, 20_000],
    [512_000, 1000, 100_000],
  ])('gives the same bits where a clip is long: %i to %i Hz, %i samples', (from, to, count) => {
    const samples = noise(count);
    const expected = resampled(samples, from, to);
    const made = resampleKaiserFast(samples, from, to);
    expect(made).toHaveLength(expected.length);
    expect(made.findIndex((value, i) => !Object.is(value, expected[i]))).toBe(-1);
  });

  it('takes away what the new rate cannot hold', () => {
    const made = resampleKaiserFast(sine(12_000, 48_000, 24_000), 48_000, 16_000);
    expect(Math.max(...made.subarray(200, -200).map(Math.abs))).toBeLessThan(1e-3);
  });

  it('is linear', () => {
    const [a, b] = [noise(2000), chirp(2000)];
    const both = resampleKaiserFast(
      a.map((value, i) => value + b[i]!),
      48_000,
      44_100,
    );
    const [first, second] = [a, b].map((samples) => resampleKaiserFast(samples, 48_000, 44_100));
    both.forEach((value, i) => expect(value).toBeCloseTo(first![i]! + second![i]!, 5));
  });

  it('copies where the rates are equal', () => {
    const samples = noise(100);
    const copy = resampleKaiserFast(samples, 44_100, 44_100);
    expect(copy).toEqual(samples);
    expect(copy).not.toBe(samples);
  });

  it('does not depend on what was resampled before', () => {
    const first = resampleKaiserFast(chirp(3000), 48_000, 44_100);
    resampleKaiserFast(chirp(3000), 16_000, 44_100);
    expect(resampleKaiserFast(chirp(3000), 48_000, 44_100)).toEqual(first);
  });

  it('refuses rates that are no whole numbers, and one below a 512th of the own', () => {
    const refused = [
      [0, 44_100],
      [44_100, -1],
      [22_050.5, 44_100],
      [44_100, NaN],
      [44_100, 2_000_000_000],
      [1_000_000, 1000],
    ] as const;
    for (const [from, to] of refused) {
      expect(() => resampleKaiserFast(noise(10), from, to)).toThrow(
        new RangeError(`cannot resample from ${from} to ${to} Hz`),
      );
    }
  });
});

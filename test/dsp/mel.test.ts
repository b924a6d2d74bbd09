import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hzToMel, logMel, meanOverBands, melBank, melToHz } from '../../lib/dsp/mel.ts';

const options = { rateHz: 44_100, size: 2048, bands: 128, fmin: 0, fmax: 8000 };
const level = { amin: 1e-10, floorDb: 80 };

describe("Slaney's mel scale", () => {
  it('has 15 mel at 1,000 Hz and 42 at 6,400 Hz', () => {
    expect([0, 200, 1000, 6400].map(hzToMel)).toEqual([0, 3, 15, expect.closeTo(42, 12)]);
  });

  it('can be gone there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 22_050, noNaN: true }), (hz) => {
        expect(melToHz(hzToMel(hz))).toBeCloseTo(hz, 8);
      }),
    );
  });
});

describe('the mel bank', () => {
  it('has bands of one area, where they hold enough bins to tell', () => {
    const { weights } = melBank({ ...options, size: 65_536 });
    const hzPerBin = 44_100 / 65_536;
    for (const band of weights) {
      const area = band.reduce((sum, weight) => sum + weight * hzPerBin, 0);
      expect(area).toBeCloseTo(1, 3);
    }
  });

  it('rises and falls once in each band, and each band lies above the one before', () => {
    const { weights, first, bins } = melBank(options);
    const peaks = weights.map((band, i) => first[i]! + band.indexOf(Math.max(...band)));
    expect(peaks).toEqual(peaks.toSorted((a, b) => a - b));
    for (const [i, band] of weights.entries()) {
      const top = band.indexOf(Math.max(...band));
      expect([...band.subarray(0, top + 1)]).toEqual(
        [...band.subarray(0, top + 1)].sort((a, b) => a - b),
      );
      expect([...band.subarray(top)]).toEqual([...band.subarray(top)].sort((a, b) => b - a));
      expect(first[i]! + band.length).toBeLessThanOrEqual(bins);
    }
  });

  it('refuses edges that are out of order or beyond half the rate', () => {
    for (const [fmin, fmax] of [
      [0, 0],
      [5, 4],
      [-1, 8000],
      [0, 22_051],
      [0, NaN],
    ] as const) {
      expect(() => melBank({ ...options, fmin, fmax })).toThrow(
        new RangeError(`mel bands need 0 <= fmin < fmax <= 22050 Hz, not ${fmin} to ${fmax}`),
      );
    }
  });
});

describe('decibels', () => {
  const bank = melBank(options);
  const spectrum = (fill: (bin: number) => number) =>
    Float32Array.from({ length: 2 * bank.bins }, (_, i) => fill(i));

  it('are -100 throughout in silence', () => {
    const db = logMel(new Float32Array(2 * bank.bins), bank, level);
    expect(new Set(db)).toEqual(new Set([-100]));
    expect([...meanOverBands(db, 128)]).toEqual([-100, -100]);
  });

  it('rise by 20 when the power is a hundredfold', () => {
    const quiet = logMel(
      spectrum((i) => 1 + (i % 7)),
      bank,
      level,
    );
    const loud = logMel(
      spectrum((i) => 100 * (1 + (i % 7))),
      bank,
      level,
    );
    loud.forEach((value, i) => expect(value - quiet[i]!).toBeCloseTo(20, 4));
  });

  it("are floored below the clip's own maximum", () => {
    const db = logMel(
      spectrum((bin) => (bin < bank.bins ? 1e6 : 1e-9)),
      bank,
      level,
    );
    const loudest = Math.max(...db);
    const quiet = db.subarray(128);
    expect(new Set(quiet)).toEqual(new Set([Math.fround(loudest - 80)]));
    const deeper = logMel(
      spectrum((bin) => (bin < bank.bins ? 1e6 : 1e-9)),
      bank,
      { ...level, floorDb: 200 },
    );
    expect(Math.min(...deeper)).toBe(-100);
  });

  it('are averaged over the bands of each frame', () => {
    expect([...meanOverBands(Float32Array.of(1, 2, 3, 4, 5, 9), 3)]).toEqual([2, 6]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernels } from '../../lib/dsp/kernels.ts';
import { binsUpTo } from '../../lib/dsp/bins.ts';
import { hzToMel, melBank, melToHz, planLogMel } from '../../lib/dsp/mel.ts';
import { log10 } from '../../lib/math/portable.ts';
import { randomStream } from '../../lib/math/random.ts';
import { plainLogMel } from './plain-mel.ts';
import { noise } from './signals.ts';

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

  it('takes no more bins than lie up to its highest edge, and refuses fewer', () => {
    const fewest = binsUpTo(options.fmax, options.size, options.rateHz);
    expect(fewest).toBe(373);
    const { weights, first } = melBank({ ...options, bins: fewest });
    const all = melBank(options);
    expect([weights, first]).toEqual([all.weights, all.first]);
    expect(() => melBank({ ...options, bins: fewest - 1 })).toThrow(
      new RangeError('mel bands up to 8000 Hz need 373 bins, not 372'),
    );
  });

  it('finds all bins up to any frequency: those beyond half the rate are not there', () => {
    expect(binsUpTo(0.1, 512, 16_000)).toBe(2);
    expect(binsUpTo(4000, 512, 16_000)).toBe(129);
    expect(binsUpTo(8000, 512, 16_000)).toBe(257);
    expect(binsUpTo(22_050, 512, 16_000)).toBe(257);
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
  const logMel = planLogMel(bank, level);
  const spectrum = (fill: (bin: number) => number) =>
    Float32Array.from({ length: 2 * bank.bins }, (_, i) => fill(i));

  it('are -100 throughout in silence', () => {
    const { db, meanDb } = logMel(new Float32Array(2 * bank.bins));
    expect(db).toEqual(new Float32Array(2 * 128).fill(-100));
    expect([...meanDb]).toEqual([-100, -100]);
  });

  it('rise by 20 when the power is a hundredfold', () => {
    const quiet = logMel(spectrum((i) => 1 + (i % 7))).db;
    const loud = logMel(spectrum((i) => 100 * (1 + (i % 7)))).db;
    loud.forEach((value, i) => expect(value - quiet[i]!).toBeCloseTo(20, 4));
  });

  it("are floored below the clip's own maximum", () => {
    const power = spectrum((bin) => (bin < bank.bins ? 1e6 : 1e-9));
    const { db } = logMel(power);
    const loudest = Math.max(...db);
    const quiet = db.subarray(128);
    expect(new Set(quiet)).toEqual(new Set([Math.fround(loudest - 80)]));
    const deeper = planLogMel(bank, { ...level, floorDb: 200 })(power).db;
    expect(Math.min(...deeper)).toBe(-100);
  });

  it('go into arrays that are given, old numbers or not, where they fit', () => {
    const power = spectrum((i) => 1 + (i % 7));
    const into = { db: new Float32Array(2 * 128).fill(7), meanDb: new Float32Array(2).fill(7) };
    expect(logMel(power, into)).toBe(into);
    expect(into).toEqual(logMel(power));
    for (const [db, meanDb] of [
      [2 * 128 + 1, 2],
      [2 * 128, 3],
    ] as const) {
      const other = { db: new Float32Array(db), meanDb: new Float32Array(meanDb) };
      expect(() => logMel(power, other)).toThrow('2 x 128 levels do not go into');
    }
  });

  it('are averaged over the bands of each frame', () => {
    // Two bands of one bin each: 10 and 20 dB, then 30 and 50.
    const one = Float64Array.of(1);
    const two = { bands: 2, bins: 2, first: Int32Array.of(0, 1), weights: [one, one] };
    const { db, meanDb } = planLogMel(two, level)(Float32Array.of(10, 100, 1000, 100_000));
    expect([...db]).toEqual([10, 20, 30, 50]);
    expect([...meanDb]).toEqual([15, 40]);
  });

  it('need a power above which they can be told apart, and say so', () => {
    for (const amin of [0, -1, NaN]) {
      expect(() => planLogMel(bank, { ...level, amin })).toThrow(
        new RangeError(`decibels need a power amin above 0, not ${amin}`),
      );
    }
  });
});

describe('decibels have to the bit what plain loops give', () => {
  const shapes = {
    'one band': { ...options, bands: 1 },
    'forty bands from 50 Hz': { rateHz: 16_000, size: 512, bands: 40, fmin: 50, fmax: 7600 },
    'the bands of the paper': options,
    'bands up to half the rate': { ...options, fmax: 22_050 },
    'bands that hold no frequency': { ...options, size: 256, bands: 200 },
    'bands of a frame of four': { ...options, size: 4, bands: 3 },
  };

  it.each(Object.entries(shapes))('of %s, whatever the number of frames', (_, shape) => {
    const bank = melBank(shape);
    const logMel = planLogMel(bank, level);
    for (const frames of [0, 1, 7, 8, 9, 16, 21]) {
      // From far below the floor to far above it.
      const power = noise(frames * bank.bins).map((x, i) => x * x * Number(`1e${(i % 13) - 9}`));
      expect(logMel(power)).toEqual(plainLogMel(power, bank, level));
    }
  });

  it('of powers that no sound has: infinite, not a number, none', () => {
    const bank = melBank({ ...options, size: 256, bands: 20 });
    const logMel = planLogMel(bank, level);
    const sound = noise(11 * bank.bins).map((x) => x * x);
    for (const strange of [Infinity, NaN, 0, 3.4e38, 1e-45]) {
      const everywhere = sound.map(() => strange);
      expect(logMel(everywhere)).toEqual(plainLogMel(everywhere, bank, level));
      for (let bin = 0; bin < 50; bin += 1) {
        const once = sound.with((bin % 11) * bank.bins + bin, strange);
        expect(logMel(once)).toEqual(plainLogMel(once, bank, level));
      }
    }
    const allNaN = logMel(new Float32Array(bank.bins).fill(NaN)).db;
    expect(new Set(new Uint32Array(allNaN.buffer))).toEqual(new Set([0x7fc00000]));
  });

  it('above the smallest of all powers', () => {
    const bank = melBank({ ...options, size: 256, bands: 20 });
    const deep = { amin: 5e-324, floorDb: 5000 };
    const power = noise(5 * bank.bins).map((x, i) => (i < 3 * bank.bins ? 0 : x * x * 1e-38));
    const made = planLogMel(bank, deep)(power);
    expect(made).toEqual(plainLogMel(power, bank, deep));
    expect(made.db[0]).toBeCloseTo(-3233.062, 2);
  });

  it('in one clip after another, longer and shorter ones, and leave what they gave before', () => {
    const bank = melBank({ ...options, size: 256, bands: 20 });
    const logMel = planLogMel(bank, level);
    const clips = [3, 900, 2, 30].map((frames) => noise(frames * bank.bins).map((x) => x * x));
    const made = clips.map((power) => logMel(power));
    expect(made).toEqual(clips.map((power) => plainLogMel(power, bank, level)));
  });
});

describe('the kernel of log10', () => {
  /** Of numbers above zero, by the kernel. */
  function byKernel(numbers: Float64Array): Float64Array {
    const kernels = new Kernels();
    const place = kernels.put(numbers);
    kernels.run.log10(place, numbers.length);
    return new Float64Array(kernels.floats(place, 2 * numbers.length).slice().buffer);
  }

  /** Those that it takes for others than the portable log10 does. */
  function taken(numbers: Float64Array): readonly number[][] {
    const made = byKernel(numbers);
    expect(made).toHaveLength(numbers.length);
    return [...numbers]
      .map((x, i) => [x, log10(x), made[i]!])
      .filter(([, wanted, got]) => !Object.is(wanted, got));
  }

  it('has the bits of the portable one where exponents change, and at either end', () => {
    const bits = new BigUint64Array(8);
    const around = (x: number): readonly number[] => {
      const doubles = new Float64Array(bits.buffer);
      doubles.fill(x);
      bits.set(bits.map((value, i) => value + BigInt(i) - 4n));
      return [...doubles];
    };
    const powers = Array.from({ length: 2045 }, (_, k) => Number(`1e${Math.round(k / 3.4) - 307}`));
    const twos = Array.from({ length: 64 }, (_, k) => 2 ** (k - 32));
    const ends = [2.5e-323, 2.2250738585072014e-308, Infinity];
    const edges = [...powers, ...twos, ...twos.map((x) => x * Math.SQRT1_2), ...ends];
    const numbers = [...edges.flatMap(around), 1, NaN, 1, 1];
    expect(taken(Float64Array.from(numbers))).toEqual([]);
  });

  it('has them for a million numbers of all sizes', () => {
    const random = randomStream({ seed: 1, stage: 'mel', fold: 0, purpose: 'augment' });
    const words = new Uint32Array(2_000_000).map(() => random.nextUint32());
    const numbers = new Float64Array(words.buffer).map((x, i) =>
      // Every other one of the sizes that sound has.
      i % 2 === 0 ? Math.abs(x) : (words[2 * i]! + 1) * 1e-12,
    );
    expect(taken(numbers)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { cutAt, fitLength } from '../../lib/audio/cut.ts';

describe('the cut', () => {
  it('is 0.5 s to 3.5 s at the own rate of the file', () => {
    expect(cutAt(48_000, 0.5, 3)).toEqual({ first: 24_000, count: 144_000 });
    expect(cutAt(11_025, 0.5, 3)).toEqual({ first: 5512, count: 33_075 });
  });

  it('truncates, and does not round', () => {
    expect(cutAt(10, 0.19, 0.99)).toEqual({ first: 1, count: 9 });
  });

  it('refuses what is no stretch of time', () => {
    expect(() => cutAt(48_000, -1, 3)).toThrow(
      new RangeError('no cut at 48000 Hz from -1 s over 3 s'),
    );
  });
});

describe('fitting a length', () => {
  it('cuts the end off, or pads it with zeros, and leaves alone what fits', () => {
    const samples = Float32Array.of(1, 2, 3);
    expect([...fitLength(samples, 2)]).toEqual([1, 2]);
    expect([...fitLength(samples, 5)]).toEqual([1, 2, 3, 0, 0]);
    expect(fitLength(samples, 3)).toBe(samples);
  });
});

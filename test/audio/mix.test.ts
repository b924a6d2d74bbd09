import { describe, expect, it } from 'vitest';
import { mixToMono } from '../../lib/audio/mix.ts';

describe('mixing to mono', () => {
  it('hands mono back as it is', () => {
    const mono = Float32Array.of(0.1, -0.2, 0.3);
    expect(mixToMono(mono, 1)).toBe(mono);
  });

  it('takes the mean of the channels at each moment', () => {
    expect([...mixToMono(Float32Array.of(1, 0, 0.5, -0.5, -1, -1), 2)]).toEqual([0.5, 0, -1]);
  });

  it('sums and divides in float32, in the order of the channels, as numpy does', () => {
    const [a, b, c] = [1, 2 ** -25, 2 ** -25] as const;
    // In double precision both small values would survive: 1 + 2^-24 over three.
    const expected = Math.fround(1 / 3);
    expect([...mixToMono(Float32Array.of(a, b, c), 3)]).toEqual([expected]);
    expect(expected).not.toBe((a + b + c) / 3);
  });

  it('refuses a length that is no multiple of the channels', () => {
    expect(() => mixToMono(Float32Array.of(1, 2, 3), 2)).toThrow(
      new RangeError('3 values cannot be of 2 channels'),
    );
  });
});

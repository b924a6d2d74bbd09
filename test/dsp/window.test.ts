import { describe, expect, it } from 'vitest';
import { periodicWindow, windowNames } from '../../lib/dsp/window.ts';

describe('periodic windows', () => {
  it('begin at their lowest and repeat after their size', () => {
    const closeTo = (values: readonly number[]) =>
      values.map((value) => expect.closeTo(value, 14) as number);
    expect([...periodicWindow('hann', 4)]).toEqual(closeTo([0, 0.5, 1, 0.5]));
    expect([...periodicWindow('hamming', 4)]).toEqual(closeTo([0.08, 0.54, 1, 0.54]));
    expect([...periodicWindow('blackman', 4)]).toEqual(closeTo([0, 0.34, 1, 0.34]));
    expect([...periodicWindow('rectangular', 4)]).toEqual([1, 1, 1, 1]);
  });

  it.each(windowNames)('%s is symmetric about its middle', (name) => {
    const weights = periodicWindow(name, 256);
    for (let n = 1; n < 128; n += 1) expect(weights[n]).toBeCloseTo(weights[256 - n]!, 13);
  });

  it.each(['hann', 'hamming', 'blackman'] as const)(
    '%s overlapped by three quarters adds up to a constant',
    (name) => {
      const weights = periodicWindow(name, 64);
      const sums = Array.from({ length: 16 }, (_, n) =>
        [0, 16, 32, 48].reduce((sum, shift) => sum + weights[n + shift]!, 0),
      );
      for (const sum of sums) expect(sum).toBeCloseTo(sums[0]!, 12);
    },
  );

  it('have at least one point', () => {
    expect(() => periodicWindow('hann', 0)).toThrow(
      new RangeError('a window has at least 1 point, not 0'),
    );
  });
});

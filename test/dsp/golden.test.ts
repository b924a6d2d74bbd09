import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { melBank, planLogMel } from '../../lib/dsp/mel.ts';
import { resampleKaiserFast } from '../../lib/dsp/resample.ts';
import { planStft, type Padding } from '../../lib/dsp/stft.ts';
import type { WindowName } from '../../lib/dsp/window.ts';
import golden from './golden.json' with { type: 'json' };
import { noise, rateHz, signals } from './signals.ts';

const toHz = 44_100;
const bank = melBank({ rateHz: toHz, size: 2048, bands: 128, fmin: 0, fmax: 8000 });
const logMel = planLogMel(bank, { amin: 1e-10, floorDb: 80 });
const names = Object.keys(signals) as (keyof typeof signals)[];

function stftOf(window: WindowName) {
  return planStft({ window, size: 2048, hop: 512, centre: true, padding: 'reflect' });
}

function decibels(samples: Float32Array, window: WindowName) {
  return logMel(stftOf(window).power(samples));
}

/** The largest difference between the numbers and every `step`-th of ours. */
function farthest(expected: readonly number[], ours: ArrayLike<number>, step = 1): number {
  expect(expected).toHaveLength(Math.ceil(ours.length / step));
  return Math.max(...expected.map((value, i) => Math.abs(value - ours[i * step]!)));
}

// golden.json holds what resampy 0.2.2 and librosa 0.11 (float32) make: see make_golden.py.
describe.each(names)('the features of %s', (name) => {
  const expected = golden.signals[name];
  const resampled = resampleKaiserFast(signals[name](), rateHz, toHz);

  it('are resampled as resampy does, within 1e-6 of full scale', () => {
    expect(resampled).toHaveLength(expected.length);
    expect(farthest(expected.resampled, resampled, 997)).toBeLessThan(1e-6);
  });

  // A single band may lie 70 dB below the loudest, where the rounding of float32 sums shows: exact sums
  // would be 2e-4 dB away from resampy's.
  it.each(['hamming', 'hann'] as const)(
    'are those of librosa with a %s window, within 5e-5 dB, in single bands 1e-4 dB',
    (window) => {
      const { db, meanDb: means } = decibels(resampled, window);
      expect(farthest(expected[window].means, means)).toBeLessThan(5e-5);
      const middle = means.length >> 1;
      const frame = db.subarray(middle * 128, (middle + 1) * 128);
      expect(farthest(expected[window].frame, frame)).toBeLessThan(1e-4);
    },
  );
});

describe('golden values for other parameters', () => {
  it.each(golden.rates)('resampled from $from to $to Hz as resampy does', (expected) => {
    const made = resampleKaiserFast(noise(4000), expected.from, expected.to);
    expect(made).toHaveLength(expected.length);
    expect(farthest(expected.samples, made, 137)).toBeLessThan(1e-6);
  });

  const windows: Readonly<Record<string, WindowName>> = { boxcar: 'rectangular' };
  const paddings: Readonly<Record<string, Padding>> = { constant: 'zero' };
  it.each(golden.stft)(
    'spectrogram of frames of $n_fft every $hop_length, window $window, padding $pad_mode',
    (expected) => {
      const stft = planStft({
        window: windows[expected.window] ?? (expected.window as WindowName),
        size: expected.n_fft,
        hop: expected.hop_length,
        centre: expected.center,
        padding: paddings[expected.pad_mode] ?? (expected.pad_mode as Padding),
      });
      const power = stft.power(noise(2000));
      expect([stft.frames(2000), stft.bins]).toEqual(expected.shape);
      const loudest = Math.max(...power);
      expect(farthest(expected.power, power, 61)).toBeLessThan(1e-6 * loudest);
    },
  );

  it.each(golden.banks)('bank of $n_mels bands, $fmin to $fmax Hz at $sr Hz', (expected) => {
    const { sr, n_fft: size, n_mels: bands, fmin, fmax } = expected;
    const { weights } = melBank({ rateHz: sr, size, bands, fmin, fmax });
    const sums = weights.map((row) => row.reduce((sum, weight) => sum + weight, 0));
    expect(farthest(expected.sums, sums)).toBeLessThan(1e-8);
    const above = weights.flatMap((row) => [...row].filter((weight) => weight > 0));
    expect(farthest(expected.weights, above, 7)).toBeLessThan(1e-8);
  });
});

describe('the bits of the chirp are the same on every machine', () => {
  const resampled = resampleKaiserFast(signals.chirp(), rateHz, toHz);
  const power = stftOf('hamming').power(resampled);
  const { db, meanDb } = decibels(resampled, 'hamming');
  it.each([
    ['resampled', resampled, '9a6348e7b11c7ac7'],
    ['power', power, 'acf8118d6b8291a0'],
    ['decibels', db, 'ff2674d31178fba0'],
    ['means', meanDb, '70123b03af971cc2'],
  ] as const)('%s', (_, values, hash) => {
    const bytes = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(hash);
  });
});

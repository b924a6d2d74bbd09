import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planStft, type StftOptions } from '../../lib/dsp/stft.ts';
import { noise, sine } from './signals.ts';

const options: StftOptions = {
  window: 'hann',
  size: 256,
  hop: 64,
  centre: true,
  padding: 'reflect',
};

describe('the STFT', () => {
  it('has 1 + floor(samples / hop) frames when centred: 259 for three seconds at 44,100 Hz', () => {
    expect(planStft({ ...options, size: 2048, hop: 512 }).frames(132_300)).toBe(259);
    fc.assert(
      fc.property(
        fc.integer({ min: 129, max: 3000 }),
        fc.integer({ min: 1, max: 500 }),
        (n, hop) => {
          const stft = planStft({ ...options, hop });
          const frames = 1 + Math.floor(n / hop);
          expect(stft.frames(n)).toBe(frames);
          expect(stft.power(new Float32Array(n))).toHaveLength(frames * 129);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('has only whole frames when not centred', () => {
    const stft = planStft({ ...options, centre: false });
    expect([255, 256, 319, 320].map((samples) => stft.frames(samples))).toEqual([0, 1, 1, 2]);
  });

  it('shows a sine in its own bin, in every frame alike wherever its phase is', () => {
    const stft = planStft(options);
    // 32 periods a frame: bin 32, with hann's sidelobes beside it.
    for (const phase of [0, 1, 2, 3]) {
      const power = stft.power(sine(32, 256, 2048, phase));
      for (let t = 2; t < stft.frames(2048) - 2; t += 1) {
        const frame = power.subarray(t * stft.bins, (t + 1) * stft.bins);
        expect(frame.indexOf(Math.max(...frame))).toBe(32);
        // Amplitude 1 through a window of mean 1/2: (256 / 4)^2.
        expect(frame[32]).toBeCloseTo(4096, 1);
        expect(frame[31]).toBeCloseTo(1024, 1);
        expect(frame[34]).toBeCloseTo(0, 5);
      }
    }
  });

  it('moves by a frame when the sound moves by a hop', () => {
    const stft = planStft({ ...options, centre: false });
    const sound = noise(2048);
    const later = stft.power(sound.subarray(64));
    expect([...later]).toEqual([...stft.power(sound).subarray(stft.bins)]);
  });

  it('mirrors the ends without repeating them, or lets them go on in silence', () => {
    const sound = noise(1000);
    const mirrored = Float32Array.from({ length: 1256 }, (_, i) => {
      const at = Math.abs(i - 128);
      return sound[at > 999 ? 2 * 999 - at : at]!;
    });
    const silent = new Float32Array(1256);
    silent.set(sound, 128);
    const plain = planStft({ ...options, centre: false });
    expect(planStft(options).power(sound)).toEqual(plain.power(mirrored));
    expect(planStft({ ...options, padding: 'zero' }).power(sound)).toEqual(plain.power(silent));
  });

  it('refuses what is too short to be mirrored or to fill a frame, and hops of nothing', () => {
    expect(() => planStft(options).power(new Float32Array(256), new Float32Array(1))).toThrow(
      'powers do not go into 1',
    );
    expect(() => planStft(options).power(new Float32Array(128))).toThrow(
      new RangeError('128 samples cannot be reflected over 128'),
    );
    expect(planStft(options).power(new Float32Array(129))).toHaveLength(3 * 129);
    expect(planStft({ ...options, padding: 'zero' }).power(Float32Array.of(1))).toHaveLength(129);
    expect(() => planStft({ ...options, centre: false }).power(new Float32Array(255))).toThrow(
      new RangeError('255 samples do not fill one frame of 256'),
    );
    expect(() => planStft({ ...options, hop: 0 })).toThrow(
      new RangeError('the hop is at least 1 sample, not 0'),
    );
  });
});

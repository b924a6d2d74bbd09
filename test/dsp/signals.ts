import { mixToMono } from '../../lib/audio/mix.ts';
import { sin } from '../../lib/math/portable.ts';
import { randomStream } from '../../lib/math/random.ts';

/** The rate of the signals, Hz. make_golden.py makes the same ones. */
export const rateHz = 48_000;

/** From 100 Hz upwards, 5,000 Hz a second, at half of full scale. */
export function chirp(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => {
    const t = n / rateHz;
    return 0.5 * sin(2 * Math.PI * (100 * t + 2500 * t * t));
  });
}

/** Uniform between -0.1 and 0.1. */
export function noise(count: number): Float32Array {
  const random = randomStream({ seed: 1, stage: 'golden', fold: 0, purpose: 'augment' });
  return Float32Array.from({ length: count }, () => 0.2 * (random.uniform() - 0.5));
}

export function sine(hz: number, rate: number, count: number, phase = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => sin((2 * Math.PI * hz * n) / rate + phase));
}

/** Two channels mixed to one: the chirp on the left, the noise on the right. */
function stereo(count: number): Float32Array {
  const [left, right] = [chirp(count), noise(count)];
  return mixToMono(
    Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1]!),
    2,
  );
}

export const signals = {
  chirp: () => chirp(48_000),
  noise: () => noise(48_000),
  silence: () => new Float32Array(48_000),
  stereo: () => stereo(48_000),
  /** 25 ms: hardly more than what is mirrored at each end. */
  short: () => chirp(1200),
};

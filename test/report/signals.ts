import type { Epoch } from '../../lib/report/data.ts';

export const frames = 259;
export const bands = 128;

/** Numbers in [0, 1) from a counter: plausible enough to look at, and the same everywhere. */
export function noise(seed: number): number {
  let x = Math.imul(seed + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca77);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae3d);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

/** A training that goes well, with jitter. */
export function epochs(many: number, fold: number): Epoch[] {
  return Array.from({ length: many }, (_, index) => {
    const done = (index + 1) / (index + 20);
    const jitter = (noise(index + fold * 1000) - 0.5) * 0.06;
    return {
      epoch: index + 1,
      loss: 1.4 - done * 0.8 + jitter / 2,
      trainAccuracy: 0.3 + done * 0.4 + jitter / 2,
      testAccuracy: 0.3 + done * 0.27 + jitter,
      testUar: 0.25 + done * 0.28 + jitter,
    };
  });
}

/** Three voiced stretches with harmonics that glide, over a quiet floor. */
export function decibels(seed: number): Float32Array {
  const cells = new Float32Array(frames * bands);
  for (let frame = 0; frame < frames; frame++) {
    const voiced = Math.floor(frame / 43) % 2 === 0;
    for (let band = 0; band < bands; band++) {
      const spacing = 7 + seed;
      const glide = (frame % 43) / 8;
      const distance = Math.abs(((band - glide + spacing * 20) % spacing) - spacing / 2);
      const level = voiced ? -12 - band / 3 - distance * 5 : -66;
      cells[frame * bands + band] = Math.max(-80, level + noise(frame * bands + band) * 8);
    }
  }
  return cells;
}

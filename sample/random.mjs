// @ts-check
import { createHash } from 'node:crypto';

/**
 * Random numbers for the sample, a stream for each name, so that a change to one clip moves no other.
 * xoshiro128** of Blackman and Vigna (2018) as in lib/math/random.ts, which Node 20 cannot load itself.
 */
export class Random {
  /** @type {Uint32Array} */
  #state;

  /** @param {string} name */
  constructor(name) {
    const digest = createHash('sha256').update(name).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset));
  }

  /** In [0, 1), a multiple of 2^-24. */
  uniform() {
    const s = this.#state;
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
    s[0] = s0 ^ s1 ^ s3;
    s[1] = s0 ^ s1 ^ s2;
    s[2] = s0 ^ s2 ^ (s1 << 9);
    s[3] = rotate(s1 ^ s3, 11);
    return (result >>> 8) / 16_777_216;
  }

  /** @param {number} low @param {number} high */
  between(low, high) {
    return low + (high - low) * this.uniform();
  }

  /** Standard normal, cut at two deviations: nobody speaks four times as fast for once. */
  normal() {
    for (;;) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const drawn = radius * Math.cos(2 * Math.PI * this.uniform());
      if (Math.abs(drawn) <= 2) return drawn;
    }
  }
}

/** @param {number} word @param {number} bits */
function rotate(word, bits) {
  return (word << bits) | (word >>> (32 - bits));
}

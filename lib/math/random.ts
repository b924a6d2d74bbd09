import { createHash } from 'node:crypto';
import { cos, log } from './portable.ts';

/** What a stream of random numbers is for: a new purpose moves no other stream. */
export type Purpose =
  'init' | 'shuffle' | 'dropout' | 'augment' | 'split' | 'bootstrap' | 'sweep' | 'sign-flips';

export interface StreamName {
  readonly seed: number;
  readonly stage: string;
  /** 0 where there is no fold. */
  readonly fold: number;
  readonly purpose: Purpose;
}

export interface Random {
  /** Whole, 0 to 2^32 - 1. */
  nextUint32(): number;
  /** The top 24 bits: a multiple of 2^-24 in [0, 1). */
  uniform(): number;
  /** Standard normal, by Box and Muller's transform (1958); the second of each pair is not kept. */
  normal(): number;
  /** Whole, 0 to n - 1, each equally likely (no modulo bias). @throws RangeError unless 1 <= n <= 2^32 */
  below(n: number): number;
  /** Fisher and Yates, in place; gives the same array back. */
  shuffle<T>(items: T[]): T[];
}

/** The stream of a name: xoshiro128** seeded by the SHA-256 of the name's canonical text. */
export function randomStream({ seed, stage, fold, purpose }: StreamName): Random {
  const text = JSON.stringify([seed, stage, fold, purpose]);
  const digest = createHash('sha256').update(text).digest();
  return xoshiro128([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)));
}

/**
 * xoshiro128** 1.1 of Blackman and Vigna (2018), https://prng.di.unimi.it/xoshiro128starstar.c.
 *
 * @param state four 32-bit words, not all zero
 * @throws RangeError for any other state
 */
export function xoshiro128(state: readonly number[]): Random {
  return new Xoshiro128(state);
}

/** A class, so that V8 compiles its methods once and not for each stream. */
class Xoshiro128 implements Random {
  readonly #state: Uint32Array;

  constructor(state: readonly number[]) {
    this.#state = Uint32Array.from(state);
    if (this.#state.length !== 4 || this.#state.every((word) => word === 0)) {
      throw new RangeError('xoshiro128** needs four words that are not all zero');
    }
  }

  nextUint32(): number {
    const s = this.#state;
    const result = Math.imul(rotate(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11);
    return result;
  }

  uniform(): number {
    return (this.nextUint32() >>> 8) / 16_777_216;
  }

  normal(): number {
    // From (0, 1], since log(0) is not finite.
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return radius * cos(2 * Math.PI * this.uniform());
  }

  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4_294_967_296) {
      throw new RangeError(`below takes a whole number from 1 to 2^32, not ${n}`);
    }
    // The numbers beyond the last whole multiple of n would favour the small remainders.
    const limit = 4_294_967_296 - (4_294_967_296 % n);
    for (;;) {
      const drawn = this.nextUint32();
      if (drawn < limit) return drawn % n;
    }
  }

  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [items[last], items[other]] = [items[other]!, items[last]!];
    }
    return items;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** What a file holds is not what this decoder takes: caught where it begins, never shown. */
export class Unexpected extends Error {}

/**
 * Reads bits, most significant first.
 *
 * @throws Unexpected when more is asked for than there is.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #endBits: number;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#endBits = 8 * bytes.length;
  }

  /** The number of the next bit. */
  get at(): number {
    return this.#at;
  }

  set at(bit: number) {
    this.#at = bit;
  }

  /** The byte that the next bit lies in. */
  get byte(): number {
    return this.#at >>> 3;
  }

  get atEnd(): boolean {
    return this.#at >= this.#endBits;
  }

  /** @param count up to 32 */
  unsigned(count: number): number {
    if (count > 24) return this.unsigned(count - 16) * 65_536 + this.unsigned(16);
    if (count === 0) return 0;
    const value = this.#window() >>> (32 - count);
    this.#skip(count);
    return value;
  }

  /** From a whole byte to another one. */
  skipBytes(count: number): void {
    this.#skip(8 * count);
  }

  /** The zero bits up to the next whole byte. */
  align(): void {
    if (this.unsigned((8 - (this.#at & 7)) & 7) !== 0) throw new Unexpected('padding');
  }

  /** 32 bits of which at least the first 25 are those that come next; zeros behind the end. */
  #window(): number {
    const bytes = this.#bytes;
    const at = this.byte;
    const word =
      (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    return word << (this.#at & 7);
  }

  #skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#endBits) throw new Unexpected('the end');
  }
}

/** What a file holds is not what this decoder takes: caught where it begins, never shown. */
export class Unexpected extends Error {}

/**
 * Reads bits, most significant first, from bytes of which the last {@link BitReader.PADDING} stand
 * behind the end: what is read at once may run over it, and reading on from there is refused.
 *
 * @throws Unexpected when more is asked for than there is.
 */
export class BitReader {
  static readonly PADDING = 8;

  readonly #bytes: Uint8Array;
  readonly #endBits: number;
  #at = 0;

  constructor(padded: Uint8Array) {
    this.#bytes = padded;
    this.#endBits = 8 * (padded.length - BitReader.PADDING);
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
    const value = this.#window(this.#at) >>> (32 - count);
    this.#skip(count);
    return value;
  }

  /** From a whole byte to another one. */
  skipBytes(count: number): void {
    this.#skip(8 * count);
  }

  /** In two's complement. @param count up to 32 */
  signed(count: number): number {
    if (count > 24) return this.signed(count - 16) * 65_536 + this.unsigned(16);
    if (count === 0) return 0;
    const value = this.#window(this.#at) >> (32 - count);
    this.#skip(count);
    return value;
  }

  /** How many zeros stand before the next one, which is read too. */
  unary(): number {
    let zeros = 0;
    for (;;) {
      const window = this.#window(this.#at);
      // The window's first 25 bits are there wherever it begins.
      const run = Math.min(25, Math.clz32(window));
      if (run < 25) {
        this.#skip(run + 1);
        return zeros + run;
      }
      this.#skip(25);
      zeros += 25;
    }
  }

  /** The zero bits up to the next whole byte. */
  align(): void {
    if (this.unsigned((8 - (this.#at & 7)) & 7) !== 0) throw new Unexpected('padding');
  }

  /**
   * Rice-coded numbers (RFC 9639, 9.2.7.2): a quotient in unary, `parameter` bits of remainder, the sign
   * folded into the lowest bit.
   */
  rice(parameter: number, into: Float64Array, from: number, to: number): void {
    let at = this.#at;
    for (let i = from; i < to; i += 1) {
      const window = this.#window(at);
      const length = Math.clz32(window) + 1 + parameter;
      if (length > 25) {
        this.#at = at;
        into[i] = this.#longRice(parameter);
        at = this.#at;
        continue;
      }
      // Above the remainder one bit is set, the end of the unary part: the quotient takes its place.
      const remainder = (window >>> (32 - length)) ^ (1 << parameter);
      const folded = ((length - 1 - parameter) << parameter) | remainder;
      into[i] = (folded >>> 1) ^ -(folded & 1);
      at += length;
      if (at > this.#endBits) throw new Unexpected('the end');
    }
    this.#at = at;
  }

  /** A number of more bits than are looked at together. */
  #longRice(parameter: number): number {
    const quotient = this.unary();
    if (quotient > 0x7fffff) throw new Unexpected('a residual');
    const folded =
      quotient * (parameter > 30 ? 2_147_483_648 : 1 << parameter) + this.unsigned(parameter);
    if (folded > 0xffffffff) throw new Unexpected('a residual');
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  /** 32 bits of which at least the first 25 are those that stand at a place. */
  #window(atBits: number): number {
    const bytes = this.#bytes;
    const at = atBits >>> 3;
    const word =
      (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    return word << (atBits & 7);
  }

  #skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#endBits) throw new Unexpected('the end');
  }
}

/** Writes bits, most significant first. */
export class BitWriter {
  readonly #bits: number[] = [];

  /** The lowest bits of a number; of a negative one in two's complement. */
  write(value: number, width: number): void {
    const low = BigInt.asUintN(width, BigInt(value));
    for (let bit = width - 1; bit >= 0; bit -= 1)
      this.#bits.push(Number((low >> BigInt(bit)) & 1n));
  }

  /** So many zeros and a one. */
  unary(zeros: number): void {
    for (let i = 0; i < zeros; i += 1) this.#bits.push(0);
    this.#bits.push(1);
  }

  /** All that was written, with zeros up to a whole byte. */
  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => {
      bytes[i >> 3]! |= bit << (7 - (i & 7));
    });
    return bytes;
  }
}

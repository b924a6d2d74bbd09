/** More is not kept for the next file. */
const KEPT_BYTES = 1 << 23;

/** Memory that serves one file after another: fresh pages for each cost more than what is written to them. */
export class Scratch {
  #kept = new ArrayBuffer(0);

  /** Room for so many bytes, which hold anything; good until the next call. */
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#room(count), 0, count);
  }

  /** Room for so many numbers, which may be anything; good until the next call. */
  floats(count: number): Float32Array {
    return new Float32Array(this.#room(4 * count), 0, count);
  }

  #room(bytes: number): ArrayBuffer {
    if (bytes > KEPT_BYTES) return new ArrayBuffer(bytes);
    if (bytes > this.#kept.byteLength) this.#kept = new ArrayBuffer(bytes);
    return this.#kept;
  }
}

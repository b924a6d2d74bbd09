/** Where the constants of the kernels end; the arena begins here. */
const START = 1 << 16;
const PAGE = 1 << 16;
/** Bytes of zeros behind each buffer: kernels load whole vectors, up to three of them, across its end. */
const SLACK = 64;
/** Buffers begin on lines of the cache. */
const LINE = 64;

/**
 * The memory that a plan lives in. Buffers are laid one after another once, while planning, and stay:
 * nothing is allocated in a training step. An address is a byte's number in the memory.
 */
export class Arena {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 2 });
  private end = START;

  /** Room for `count` numbers of four bytes, all zero. @returns its address */
  words(count: number): number {
    return this.bytes(4 * count);
  }

  /** Room for `count` float64, all zero. @returns its address */
  doubles(count: number): number {
    return this.bytes(8 * count);
  }

  /** The numbers, written once. @returns their address */
  table(numbers: readonly number[]): number {
    const address = this.words(numbers.length);
    new Uint32Array(this.memory.buffer, address, numbers.length).set(numbers);
    return address;
  }

  /** The float64 at an address. */
  float64(address: number): number {
    return new Float64Array(this.memory.buffer, address, 1)[0]!;
  }

  /** A view that holds until the next allocation. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  private bytes(count: number): number {
    const address = this.end;
    this.end = Math.ceil((address + count + SLACK) / LINE) * LINE;
    const missing = this.end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return address;
  }
}

import { Buffer } from 'node:buffer';

const PAGE_BYTES = 65_536;
const compiled = new Map<string, WebAssembly.Module>();

/**
 * A module of kernels, compiled once in each thread. It stands in the code as base64 and not in a file
 * beside it: so it is in every bundle of a stage, and in the bundle's hash, without any loader or path
 * to be right.
 *
 * @throws Error where the machine's Node has no WebAssembly SIMD, which none that runs the project lacks
 */
export function compile(base64: string): WebAssembly.Module {
  const known = compiled.get(base64);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(new Uint8Array(Buffer.from(base64, 'base64')));
  compiled.set(base64, module);
  return module;
}

/** A module's kernels, with a memory of their own. */
export class KernelsOf<Exports> {
  readonly run: Exports;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  /** The first bytes stay unused, so that no place is 0. */
  #top = 16;

  /** @param base64 the module */
  constructor(base64: string) {
    const instance = new WebAssembly.Instance(compile(base64), { env: { memory: this.#memory } });
    this.run = instance.exports as Exports;
  }

  /** How large the memory has become. */
  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  /** A place for so many bytes, aligned for any number. Its content is what was there before. */
  reserve(bytes: number): number {
    const place = this.#top;
    this.#top += Math.ceil(bytes / 16) * 16;
    const missing = this.#top - this.size;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return place;
  }

  /** Gives back whatever was reserved since a place was. */
  releaseFrom(place: number): void {
    this.#top = place;
  }

  /** A place that holds these numbers. */
  put(values: Float64Array | Uint32Array): number {
    const place = this.reserve(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.bytes(place, bytes.length).set(bytes);
    return place;
  }

  /** The bytes at a place; good until more is reserved. */
  bytes(place: number, count: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, place, count);
  }

  /** The float32 numbers at a place; good until more is reserved. */
  floats(place: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, place, count);
  }
}

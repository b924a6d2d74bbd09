import type { Recycle } from './spread.ts';

// The memory of what goes between threads: given away instead of copied, and filled again.

/** Memory of earlier results, for those to come. */
export class Recycled {
  readonly #most: number;
  #results: ArrayBuffer[][] = [];

  /** @param most results whose memory is kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param buffers of one result */
  add(buffers: readonly ArrayBuffer[]): void {
    // What no result to come has the length of is not kept.
    this.#results = [[...buffers], ...this.#results]
      .filter(({ length }) => length > 0)
      .slice(0, this.#most);
  }

  readonly take: Recycle = (length) => {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    for (const buffers of this.#results) {
      const index = buffers.findIndex(({ byteLength }) => byteLength === bytes);
      const [found] = index < 0 ? [] : buffers.splice(index, 1);
      if (found !== undefined) return new Float32Array(found);
    }
    return new Float32Array(length);
  };
}

/** The memory of a result's arrays that fill theirs. */
export function buffersOf(result: unknown): ArrayBuffer[] {
  if (!isPlain(result)) return [];
  return Object.values(result).flatMap((part) =>
    isNumbers(part) && part.byteLength > 0 && part.byteLength === part.buffer.byteLength
      ? [part.buffer as ArrayBuffer]
      : [],
  );
}

/**
 * A message and the memory that goes with it: arrays that fill their buffers give it away. What is a
 * view of more is copied first, since a message would carry the whole buffer.
 */
export function handedOver(message: unknown): { value: unknown; buffers: ArrayBuffer[] } {
  if (!isPlain(message)) return { value: message, buffers: [] };
  const buffers: ArrayBuffer[] = [];
  const value = Object.entries(message).map(([name, part]): [string, unknown] => {
    if (!isNumbers(part)) return [name, part];
    const own = part.byteLength === part.buffer.byteLength ? part : part.slice();
    buffers.push(own.buffer as ArrayBuffer);
    return [name, own];
  });
  return { value: Object.fromEntries(value), buffers };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function isNumbers(value: unknown): value is Float32Array | Float64Array | Int32Array {
  return (
    value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array
  );
}

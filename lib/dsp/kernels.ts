import { kernelsModule } from './kernels-module.ts';

/** What the WebAssembly module gives; each is described where it is written, in kernels/. */
interface KernelExports {
  readonly interpolate: (
    samples: number,
    rows: number,
    taps: number,
    points: number,
    scale: number,
    timeStep: number,
    time: number,
    times: number,
    products: number,
    resampled: number,
    made: number,
  ) => void;
  readonly interpolateCycles: (
    samples: number,
    rows: number,
    taps: number,
    length: number,
    points: number,
    scale: number,
    timeStep: number,
    phases: number,
    period: number,
    times: number,
    products: number,
    columns: number,
    resampled: number,
    blocks: number,
  ) => number;
  readonly loadFours: LoadFrames;
  readonly loadPairs: LoadFrames;
  readonly combineFours: (half: number, span: number, twiddles: number, z: number) => void;
  readonly splitPower: (
    half: number,
    turns: number,
    z: number,
    first: number,
    second: number,
  ) => void;
  readonly layFramesAbreast: (rows: number, bins: number, columns: number) => void;
  readonly sumBands: (
    columns: number,
    spans: number,
    weights: number,
    bands: number,
    amin: number,
    heard: number,
  ) => void;
  readonly log10: (values: number, count: number) => void;
  readonly layFramesInLine: (logs: number, bands: number, db: number) => void;
  readonly floorLevels: (db: number, count: number, floorDb: number) => void;
  readonly averageBands: (db: number, frames: number, bands: number, means: number) => void;
}

type LoadFrames = (
  half: number,
  first: number,
  second: number,
  weights: number,
  reversed: number,
  z: number,
) => void;

/** What is used of WebAssembly: TypeScript knows it as a part of the browser's library alone. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };
const PAGE_BYTES = 65_536;
let compiled: object | undefined;

/**
 * The kernels of signal processing, with a memory of their own. They are WebAssembly for its pairs of
 * float64 side by side: the same operations on the same numbers as plain code, so the same bits on
 * every machine.
 */
export class Kernels {
  readonly run: KernelExports;
  readonly #memory = new wasm.Memory({ initial: 1 });
  /** The first bytes stay unused, so that no place is 0. */
  #top = 16;

  constructor() {
    compiled ??= new wasm.Module(Buffer.from(kernelsModule, 'base64'));
    const instance = new wasm.Instance(compiled, { env: { memory: this.#memory } });
    this.run = instance.exports as unknown as KernelExports;
  }

  /** A place for so many bytes, aligned for any number. Its content is what was there before. */
  reserve(bytes: number): number {
    const place = this.#top;
    this.#top += Math.ceil(bytes / 16) * 16;
    const missing = this.#top - this.#memory.buffer.byteLength;
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
    new Uint8Array(this.#memory.buffer).set(bytes, place);
    return place;
  }

  /** The float32 numbers at a place; good until more is reserved. */
  floats(place: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, place, count);
  }
}

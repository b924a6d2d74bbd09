import { KernelsOf } from '../../wasm/kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/** What the WebAssembly module gives; each is described where it is written, in kernels/. */
interface KernelExports {
  readonly makeCrc16Tables: (tables: number) => void;
  readonly beginFile: (
    from: number,
    to: number,
    rateHz: number,
    channels: number,
    bitsPerSample: number,
    blockSamples: number,
    samples: number,
  ) => void;
  readonly keep: (first: number, count: number, to: number) => void;
  readonly readFrames: (
    first: number,
    second: number,
    weights: number,
    tables: number,
    to: number,
    room: number,
  ) => number;
}

/** The kernels that decode FLAC. They are WebAssembly for its whole numbers of 64 bits. */
export class Kernels extends KernelsOf<KernelExports> {
  constructor() {
    super(kernelsModule);
  }
}

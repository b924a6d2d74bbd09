import { KernelsOf } from '../../wasm/kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/** What the WebAssembly module gives; each is described where it is written, in kernels/. */
interface KernelExports {
  readonly readSubframe: (
    from: number,
    to: number,
    bitsPerSample: number,
    samples: number,
    count: number,
    weights: number,
  ) => number;
  readonly undoStereo: (
    assignment: number,
    first: number,
    second: number,
    count: number,
    bits: number,
  ) => number;
  readonly crc16: (from: number, to: number, tables: number) => number;
  readonly putBytes: (
    first: number,
    second: number,
    count: number,
    width: number,
    to: number,
  ) => void;
  readonly putFloats: (
    first: number,
    second: number,
    count: number,
    scale: number,
    to: number,
  ) => void;
}

/** The kernels that decode FLAC. They are WebAssembly for its whole numbers of 64 bits. */
export class Kernels extends KernelsOf<KernelExports> {
  constructor() {
    super(kernelsModule);
  }
}

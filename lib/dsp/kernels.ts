import { KernelsOf } from '../wasm/kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/** What the WebAssembly module gives; each is described where it is written, in kernels/. */
interface KernelExports {
  readonly interpolate: (
    samples: number,
    mirrored: number,
    count: number,
    rows: number,
    taps: number,
    points: number,
    scale: number,
    timeStep: number,
    products: number,
    resampled: number,
    made: number,
  ) => void;
  readonly loadFrames: (
    half: number,
    first: number,
    second: number,
    weights: number,
    reversed: number,
    re: number,
    im: number,
  ) => void;
  readonly combinePairs: (half: number, re: number, im: number) => void;
  readonly combineFours: (
    half: number,
    span: number,
    twiddles: number,
    re: number,
    im: number,
  ) => void;
  readonly splitPower: (
    half: number,
    turns: number,
    re: number,
    im: number,
    first: number,
    second: number,
  ) => void;
}

/**
 * The kernels of signal processing. They are WebAssembly for its pairs of float64 side by side: the same
 * operations on the same numbers as plain code, so the same bits on every machine.
 */
export class Kernels extends KernelsOf<KernelExports> {
  constructor() {
    super(kernelsModule);
  }
}

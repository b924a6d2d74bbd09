import { KernelsOf } from '../wasm/kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/** What the WebAssembly module gives; each is described where it is written, in kernels/. */
interface KernelExports {
  readonly interpolateCycles: (
    samples: number,
    weights: number,
    taps: number,
    phases: number,
    period: number,
    columns: number,
    sums: number,
    resampled: number,
    blocks: number,
  ) => void;
  readonly interpolateEach: (
    sample: number,
    part: number,
    phases: number,
    period: number,
    filter: number,
    taps: number,
    step: number,
    weights: number,
    resampled: number,
    made: number,
  ) => void;
  readonly weigh: (
    filter: number,
    taps: number,
    step: number,
    part: number,
    weights: number,
  ) => void;
  readonly loadFours: LoadFrames;
  readonly loadPairs: LoadFrames;
  readonly combineFours: (half: number, span: number, twiddles: number, z: number) => void;
  readonly splitPower: (
    half: number,
    turns: number,
    z: number,
    bins: number,
    first: number,
    second: number,
  ) => void;
  readonly layFramesAbreast: (rows: number, stride: number, bins: number, columns: number) => void;
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
  count: number,
  first: number,
  second: number,
  reversed: number,
  weights: number,
  z: number,
) => void;

/**
 * The kernels of signal processing. They are WebAssembly for its pairs of float64 side by side: the same
 * operations on the same numbers as plain code, so the same bits on every machine.
 */
export class Kernels extends KernelsOf<KernelExports> {
  constructor() {
    super(kernelsModule);
  }
}

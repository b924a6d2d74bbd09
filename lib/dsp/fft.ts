import { cos, sin } from '../math/portable.ts';
import { Kernels } from './kernels.ts';

/** The power spectra of overlapping frames of one size, planned once. */
export interface FramesFft {
  readonly size: number;
  readonly bins: number;
  /**
   * |X[k]|^2 for k = 0 ... bins - 1, with X[k] = sum over n of w[n] x[n] e^(-2 pi i k n / size), of each
   * frame x: the samples from t x hop on.
   *
   * @param fill is given an array of (frames - 1) x hop + size samples to write them to; it may hold
   *   anything
   * @param into frames x bins to write to (default: an array of their own)
   * @returns into: row-major
   */
  power(
    frames: number,
    hop: number,
    fill: (samples: Float32Array) => void,
    into?: Float32Array,
  ): Float32Array;
}

/**
 * Plans the transform: a real frame of N samples as N/2 complex ones, these by decimation in time, all in
 * float64 (see kernels/spectrum.ts); tables from portable functions, so that every bit is the same on
 * every machine.
 *
 * @param weights of a frame's samples; their number is a power of two, at least 4
 * @param bins how many frequencies are wanted, from 0 on (default: all, size / 2 + 1)
 * @throws RangeError for any other number of samples, and for other bins than 1 to size / 2 + 1
 */
export function planFramesFft(
  weights: Float64Array,
  bins: number = weights.length / 2 + 1,
): FramesFft {
  const size = weights.length;
  if (!isPowerOfTwo(size) || size < 4) {
    throw new RangeError(`a frame has a power of two of samples, at least 4, not ${size}`);
  }
  const half = size / 2;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= half + 1)) {
    throw new RangeError(
      `a frame of ${size} samples has 1 to ${half + 1} bins to give, not ${bins}`,
    );
  }
  const kernels = new Kernels();
  const { run } = kernels;
  const order = bitReversal(half);
  const reversed = kernels.put(order);
  const weightOf = (i: number): number => weights[2 * order[i >> 1]! + (i & 1)]!;
  const ordered = kernels.put(Float64Array.from({ length: size }, (_, i) => weightOf(i)));
  // The first pass comes with the loading: of an odd power of two it is one of radix 2, the others of 4.
  const fours = Math.clz32(half) % 2 === 1;
  const loadFrames = fours ? run.loadFours : run.loadPairs;
  const passes = planPasses(half, fours ? 4 : 2).map(({ span, twiddles }) => ({
    span,
    at: kernels.put(twiddles),
  }));
  // All passes but the last are done on one quarter after the other, which stays in the first-level cache.
  const early = passes.slice(0, -1);
  const last = passes.at(-1);
  const part = last?.span ?? half;
  // e^(-2 pi i k / size)
  const turns = kernels.put(
    Float64Array.from({ length: half + 2 }, (_, i) => {
      const turn = angle(Math.floor(i / 2), size);
      return i % 2 === 0 ? cos(turn) : -sin(turn);
    }),
  );
  const z = kernels.reserve(32 * half);
  const samples = kernels.reserve(0);

  return {
    size,
    bins,
    power(frames, hop, fill, into = new Float32Array(frames * bins)) {
      const count = (frames - 1) * hop + size;
      kernels.releaseFrom(samples);
      kernels.reserve(4 * count);
      const rows = kernels.reserve(4 * frames * bins);
      fill(kernels.floats(samples, count));
      for (let t = 0; t < frames; t += 2) {
        // Of an odd number of frames the last one is its own neighbour.
        const next = Math.min(t + 1, frames - 1);
        const first = samples + 4 * t * hop;
        const second = samples + 4 * next * hop;
        for (let n = 0; n < half; n += part) {
          const to = z + 32 * n;
          loadFrames(half, part, first, second, reversed + 4 * n, ordered + 16 * n, to);
          // No destructuring in here: in this loop it takes what the order of the passes saves.
          for (const pass of early) run.combineFours(part, pass.span, pass.at, to);
        }
        if (last !== undefined) run.combineFours(half, last.span, last.at, z);
        run.splitPower(half, turns, z, bins, rows + 4 * t * bins, rows + 4 * next * bins);
      }
      into.set(kernels.floats(rows, frames * bins));
      return into;
    },
  };
}

export function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(size) && size > 0 && (size & (size - 1)) === 0;
}

/** What makes one transform of 4 x span out of each four of span. */
interface Pass {
  readonly span: number;
  /** For each j < span, the real and imaginary parts of w^(2j), w^j and w^(3j), w = e^(-2 pi i / (4 span)). */
  readonly twiddles: Float64Array;
}

/**
 * Each pass does the work of two of radix 2, at half the traffic and three quarters of the products.
 *
 * @param first the size of the transforms that are there already
 */
function planPasses(count: number, first: number): readonly Pass[] {
  const passes: Pass[] = [];
  for (let span = first; span < count; span *= 4) {
    const twiddles = Float64Array.from({ length: 6 * span }, (_, i) => {
      const turn = angle(Math.floor(i / 6) * [2, 1, 3][Math.floor((i % 6) / 2)]!, 4 * span);
      return i % 2 === 0 ? cos(turn) : -sin(turn);
    });
    passes.push({ span, twiddles });
  }
  return passes;
}

function angle(k: number, size: number): number {
  return (2 * Math.PI * k) / size;
}

function bitReversal(size: number): Uint32Array {
  const reversed = new Uint32Array(size);
  for (let n = 1; n < size; n += 1) {
    reversed[n] = reversed[n >> 1]! / 2 + (n & 1 ? size / 2 : 0);
  }
  return reversed;
}

import { weighPositions, weighPositionsGradient } from './attention';
import { weighClasses, weighClassesGradient } from './authors';
import { convolve } from './convolution';
import { convolveWeights, sumChannels } from './convolution-weights';
import { copy } from './copy';
import { gather } from './gather';
import { crossEntropy, crossEntropyGradient } from './loss';
import { maxPool, maxPoolGradient } from './pooling';
import { rectifierGradient } from './rectifier';
import { tanh, tanhGradient } from './tanh';
import { tileGradients, tileResults, tileValues, tileWeightGradients, tileWeights } from './tiles';

/**
 * Calls kernels one after the other.
 *
 * @param at of each call its number in the list of ../program.ts, the bytes that it takes here, and its
 *   arguments: i32 and f32 in four bytes, f64 in eight
 * @param end behind the last call
 */
export function run(at: usize, end: usize): void {
  while (at < end) {
    call(load<i32>(at), at + 8);
    at += load<i32>(at, 4);
  }
}

function call(kernel: i32, a: usize): void {
  // prettier-ignore
  switch (kernel) {
    case 0: return clear(i(a, 0), i(a, 1));
    case 1: return convolve(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7), i(a, 8), i(a, 9), i(a, 10));
    case 2: return convolveWeights(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7), i(a, 8), i(a, 9), i(a, 10), i(a, 11), i(a, 12));
    case 3: return sumChannels(i(a, 0), i(a, 1), i(a, 2), i(a, 3));
    case 4: return gather(i(a, 0), i(a, 1), i(a, 2));
    case 5: return maxPool(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6));
    case 6: return maxPoolGradient(i(a, 0), i(a, 1), i(a, 2), i(a, 3));
    case 7: return rectifierGradient(i(a, 0), i(a, 1), i(a, 2));
    case 8: return tanh(i(a, 0), i(a, 1), i(a, 2));
    case 9: return tanhGradient(i(a, 0), i(a, 1), i(a, 2));
    case 10: return copy(i(a, 0), i(a, 1), i(a, 2));
    case 11: return weighPositions(i(a, 0), i(a, 1), i(a, 2), load<f64>(a, 12), i(a, 5), i(a, 6), i(a, 7), i(a, 8), i(a, 9));
    case 12: return weighPositionsGradient(i(a, 0), i(a, 1), i(a, 2), load<f32>(a, 12), i(a, 4), i(a, 5), i(a, 6), i(a, 7), i(a, 8), i(a, 9), i(a, 10), i(a, 11), i(a, 12));
    case 13: return weighClasses(i(a, 0), i(a, 1), load<f64>(a, 8), i(a, 4), i(a, 5), i(a, 6), i(a, 7));
    case 14: return weighClassesGradient(i(a, 0), i(a, 1), load<f32>(a, 8), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7), i(a, 8));
    case 15: return crossEntropy(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), load<f64>(a, 20), i(a, 7), i(a, 8), i(a, 9));
    case 16: return crossEntropyGradient(i(a, 0), i(a, 1), i(a, 2), i(a, 3), load<f32>(a, 16), load<f32>(a, 20), i(a, 6), i(a, 7));
    case 17: return tileValues(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7));
    case 18: return tileResults(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7), i(a, 8), i(a, 9), i(a, 10), i(a, 11));
    case 19: return tileGradients(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4), i(a, 5), i(a, 6), i(a, 7));
    case 20: return tileWeights(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4));
    case 21: return tileWeightGradients(i(a, 0), i(a, 1), i(a, 2), i(a, 3), i(a, 4));
    default: unreachable();
  }
}

function i(address: usize, n: i32): i32 {
  return load<i32>(address + (n << 2));
}

/** Sets bytes to zero. */
export function clear(address: usize, bytes: i32): void {
  memory.fill(address, 0, bytes);
}

import * as tf from '@tensorflow/tfjs-core';
import { free, replaceKernel, runKernel, type KernelCall } from './kernel.ts';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Matrix products. The package leaves a product with a transposed side, which every gradient is, to a
 * plain loop; with the side transposed beforehand it goes through XNNPACK, in a quarter of the time.
 */
export function registerBatchMatMul(): void {
  replaceKernel<'a' | 'b', Attributes>(tf.BatchMatMul, (original) => (call) => {
    const { transposeA, transposeB } = call.attrs;
    const { a, b } = call.inputs;
    const plainA = transposeA ? transposed(a, call) : a;
    const plainB = transposeB ? transposed(b, call) : b;
    const product = original!({
      inputs: { a: plainA, b: plainB },
      attrs: { transposeA: false, transposeB: false },
      backend: call.backend,
    }) as tf.TensorInfo;
    if (transposeA) free(call, plainA);
    if (transposeB) free(call, plainB);
    return product;
  });
}

function transposed(x: tf.TensorInfo, call: KernelCall<'a' | 'b', Attributes>): tf.TensorInfo {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => axis);
  perm.splice(rank - 2, 2, rank - 1, rank - 2);
  return runKernel(tf.Transpose, call, { x }, { perm });
}

import * as tf from '@tensorflow/tfjs-core';
import {
  free,
  replaceKernel,
  runKernel,
  type ConvolutionAttributes,
  type KernelCall,
} from './kernel.ts';

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/**
 * The gradient of a convolution by its input. The package's kernel is a plain loop; for a stride of 1
 * the gradient is a convolution of dy with the filter turned round, which XNNPACK computes four times
 * as fast. Other strides are left to the package.
 */
export function registerConv2DBackpropInput(): void {
  replaceKernel<'dy' | 'filter', Attributes>(
    tf.Conv2DBackpropInput,
    (original) => (call) =>
      [call.attrs.strides].flat().every((stride) => stride === 1)
        ? conv2DBackpropInput(call)
        : (original!(call as unknown as Parameters<tf.KernelFunc>[0]) as tf.TensorInfo),
  );
}

function conv2DBackpropInput(call: KernelCall<'dy' | 'filter', Attributes>): tf.TensorInfo {
  const { dy, filter } = call.inputs;
  const { strides, pad, dimRoundingMode, inputShape } = call.attrs;
  const { padInfo, filterHeight, filterWidth } = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const reversed = runKernel(tf.Reverse, call, { x: filter }, { dims: [0, 1] });
  const turned = runKernel(tf.Transpose, call, { x: reversed }, { perm: [0, 1, 3, 2] });
  const gradient = runKernel(
    tf.Conv2D,
    call,
    { x: dy, filter: turned },
    {
      strides: [1, 1],
      dilations: [1, 1],
      pad: [
        [0, 0],
        [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom],
        [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right],
        [0, 0],
      ],
      dataFormat: 'NHWC',
    },
  );
  free(call, reversed, turned);
  return gradient;
}

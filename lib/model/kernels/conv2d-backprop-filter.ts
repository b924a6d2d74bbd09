import * as tf from '@tensorflow/tfjs-core';
import {
  free,
  replaceKernel,
  runKernel,
  type ConvolutionAttributes,
  type KernelCall,
} from './kernel.ts';

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/**
 * The gradient of a convolution by its filter, the one kernel that the wasm backend lacks:
 *
 *   dF[k, ci, co] = sum over clips b and outputs o of x[b, stride o + k, ci] dy[b, o, co]
 *
 * That is itself a convolution, with the input channels for a batch, the clips for channels and dy for
 * a filter whose taps stand `stride` apart; so XNNPACK computes it. A loop in JavaScript over views of
 * the heap took twice as long.
 */
export function registerConv2DBackpropFilter(): void {
  replaceKernel(tf.Conv2DBackpropFilter, () => conv2DBackpropFilter);
}

function conv2DBackpropFilter(call: KernelCall<'x' | 'dy', Attributes>): tf.TensorInfo {
  const { x, dy } = call.inputs;
  const { strides, pad, dimRoundingMode, filterShape } = call.attrs;
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const channelsAsBatch = runKernel(tf.Transpose, call, { x }, { perm: [3, 1, 2, 0] });
  const clipsAsChannels = runKernel(tf.Transpose, call, { x: dy }, { perm: [1, 2, 0, 3] });
  const { top, bottom, left, right } = padInfo;
  const convolved = runKernel(
    tf.Conv2D,
    call,
    { x: channelsAsBatch, filter: clipsAsChannels },
    {
      strides: [1, 1],
      dilations: strides,
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      dataFormat: 'NHWC',
    },
  );
  // inputs that the stride left over at the end give taps that the filter has not
  const [height, width] = filterShape;
  const taps = runKernel(
    tf.Slice,
    call,
    { x: convolved },
    {
      begin: [0, 0, 0, 0],
      size: [convolved.shape[0], height, width, convolved.shape[3]],
    },
  );
  const gradient = runKernel(tf.Transpose, call, { x: taps }, { perm: [1, 2, 0, 3] });
  free(call, channelsAsBatch, clipsAsChannels, convolved, taps);
  return gradient;
}

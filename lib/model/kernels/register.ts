import { registerBatchMatMul } from './batch-mat-mul.ts';
import { registerConv2DBackpropFilter } from './conv2d-backprop-filter.ts';
import { registerConv2DBackpropInput } from './conv2d-backprop-input.ts';
import { registerMaxPoolGrad } from './max-pool-grad.ts';

/** The kernels that the wasm backend lacks, or has only as a slow loop. Before it is initialised. */
export function registerWasmKernels(): void {
  registerConv2DBackpropFilter();
  registerConv2DBackpropInput();
  registerMaxPoolGrad();
  registerBatchMatMul();
}

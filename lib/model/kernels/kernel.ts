import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What a kernel is given, with the names that it goes by in TF.js. */
export interface KernelCall<Input extends string, Attributes> {
  readonly inputs: Readonly<Record<Input, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** Attributes of a convolution and of its gradients; always channels last here. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Registers a kernel of the wasm backend, in place of the package's where it has one.
 * To be called after the package is imported and before the backend is initialised.
 *
 * @param make is given the package's kernel, for the cases that the new one leaves to it
 */
export function replaceKernel<Input extends string, Attributes>(
  kernelName: string,
  make: (
    original: tf.KernelFunc | undefined,
  ) => (call: KernelCall<Input, Attributes>) => tf.TensorInfo,
): void {
  const original = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
  if (original !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    // the package's own is set up all the same: it is still called
    ...(original?.setupFunc === undefined ? {} : { setupFunc: original.setupFunc }),
    kernelFunc: make(original?.kernelFunc) as unknown as tf.KernelFunc,
  });
}

/** Runs another kernel of the backend, beside TF.js's own bookkeeping of tensors. */
export function runKernel(
  kernelName: string,
  { backend }: { readonly backend: BackendWasm },
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attrs: Readonly<Record<string, unknown>>,
): tf.TensorInfo {
  const kernel = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
  if (kernel === undefined) throw new Error(`the wasm backend has no kernel ${kernelName}`);
  return kernel.kernelFunc({
    inputs,
    attrs: attrs as tf.NamedAttrMap,
    backend,
  }) as tf.TensorInfo;
}

/** Frees what an intermediate step left: nobody else counts it. */
export function free(
  { backend }: { readonly backend: BackendWasm },
  ...left: tf.TensorInfo[]
): void {
  for (const { dataId } of left) backend.disposeData(dataId);
}

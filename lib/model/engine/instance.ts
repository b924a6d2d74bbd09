import { Buffer } from 'node:buffer';
import type { Kernels } from './kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/**
 * The kernels on a memory. The module stands in the code as base64 and not in a file beside it: so it is
 * in every bundle of a stage, and in the bundle's hash, without any loader or path to be right.
 *
 * @throws Error where the machine's Node has no WebAssembly SIMD, which none that runs the project lacks
 */
export function instantiate(memory: WebAssembly.Memory): Kernels {
  const bytes = new Uint8Array(Buffer.from(kernelsModule, 'base64'));
  const abort = (): never => {
    throw new Error('Internal error: a kernel of the training engine stopped itself');
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, abort },
  });
  return instance.exports as Kernels;
}

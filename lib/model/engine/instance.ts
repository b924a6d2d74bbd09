import { compile } from '../../wasm/kernels.ts';
import type { Kernels } from './kernels.ts';
import { kernelsModule } from './kernels-module.ts';

/** The kernels on a memory. @throws Error what {@link compile} throws */
export function instantiate(memory: WebAssembly.Memory): Kernels {
  const abort = (): never => {
    throw new Error('Internal error: a kernel of the training engine stopped itself');
  };
  const instance = new WebAssembly.Instance(compile(kernelsModule), { env: { memory, abort } });
  return instance.exports as Kernels;
}

import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { registerWasmKernels } from '../kernels/register.ts';
import { useBackend } from '../tfjs/start.ts';
import { tfjsTrainer } from '../tfjs/trainer.ts';
import type { StartedBackend } from './backend.ts';

/**
 * TF.js's WebAssembly: XNNPACK with SIMD in one thread. WebAssembly fixes every bit of its arithmetic,
 * so a run gives the same weights on every machine, as long as neither threads (whose sums depend on
 * their number) nor relaxed SIMD come in.
 */
export async function start(): Promise<StartedBackend> {
  await useBackend(
    'wasm',
    async () => {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      // SIMD is in every Node that runs this project; asking would choose threads where there are some
      tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      setWasmPaths(packageFolder());
      registerWasmKernels();
    },
    'tfjs-wasm',
  );
  return { name: 'tfjs-wasm', deterministic: true, trainer: tfjsTrainer };
}

/** Where the .wasm files lie, found from the file that runs: a bundle is not where its sources were. */
function packageFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return path.dirname(entry) + path.sep;
}

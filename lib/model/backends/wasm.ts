import { engineTrainer } from '../engine/trainer.ts';
import type { StartedBackend } from './backend.ts';

/**
 * The project's own training engine: WebAssembly SIMD in one thread, planned once. WebAssembly fixes
 * every bit of its arithmetic, so a run gives the same weights on every machine. Loads no TF.js.
 */
export async function start(): Promise<StartedBackend> {
  return { name: 'wasm', deterministic: true, trainer: engineTrainer };
}

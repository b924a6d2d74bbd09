import util from 'node:util';
import { doesNotLoad, useBackend } from '../tfjs/start.ts';
import { tfjsTrainer } from '../tfjs/trainer.ts';
import type { StartedBackend } from './backend.ts';
import { probeTensorflow } from './tensorflow-probe.ts';

/**
 * TensorFlow's native library, from the optional package @tensorflow/tfjs-node. Its threads sum in an
 * order of their own and its kernels differ with the processor: no promise of equal bits.
 */
export async function start(): Promise<StartedBackend> {
  const probe = await probeTensorflow();
  if (probe.state !== 'loads') throw doesNotLoad('tensorflow', probe.why);
  restoreRemovedUtilities(util);
  await useBackend('tensorflow', () => import('@tensorflow/tfjs-node'));
  return { name: 'tensorflow', deterministic: false, trainer: tfjsTrainer };
}

/** tfjs-node 4.22.0 calls util.isNullOrUndefined, which Node 23 removed. */
export function restoreRemovedUtilities(target: {
  isNullOrUndefined?: (value: unknown) => boolean;
}): void {
  target.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

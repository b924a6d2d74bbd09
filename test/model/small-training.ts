import { createHash } from 'node:crypto';
import type { StartedBackend } from '../../lib/model/backends/backend.ts';
import { train } from '../../lib/model/training.ts';
import type { Weight } from '../../lib/model/weights.ts';
import { attentionModules, madeUpClips, paper, stream } from './small-networks.ts';

/** @public For the process that a test starts from this file's bundle. */
export { start as startWasm } from '../../lib/model/backends/wasm.ts';
/** @public As startWasm. */
export { start as startTfjsWasm } from '../../lib/model/backends/tfjs-wasm.ts';

/** Forty steps of the paper's network, with a partial last batch and shuffled clips. */
export async function smallTraining(
  attention: 'equations' | 'authors',
  backend: StartedBackend,
): Promise<readonly Weight[]> {
  const architecture = { ...paper, batch: 16 };
  const { weights } = await train({
    training: madeUpClips(72, architecture, 1),
    test: madeUpClips(20, architecture, 2),
    architecture,
    attention: attentionModules[attention],
    backend,
    learningRate: 0.001,
    epochs: 8,
    init: stream(1),
    shuffle: stream(1, 'shuffle'),
    onEpoch: () => undefined,
    safePoint: () => Promise.resolve(),
  });
  return weights;
}

/** SHA-256 of all values, in order, as little-endian float32. */
export function smallTrainingHash(weights: readonly Weight[]): string {
  const hash = createHash('sha256');
  for (const { values } of weights) {
    const bytes = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
    hash.update(new Uint8Array(bytes.buffer));
  }
  return hash.digest('hex');
}

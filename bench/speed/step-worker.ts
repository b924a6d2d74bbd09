/**
 * Training steps of the paper's network on one of the backends, in turns.
 *
 *   node step-worker BACKEND STEPS
 *
 * Before its turns it trains STEPS steps from fixed values on fixed clips, and says the losses: what
 * backends that compute the same must agree on.
 */
import { randomStream, type Purpose, type Random } from '../../lib/math/random.ts';
import * as equations from '../../lib/model/attention/equations.ts';
import type { Backend } from '../../lib/model/backends/backend.ts';
import { paperArchitecture as architecture } from '../../lib/model/engine/networks.ts';
import { networkParameters } from '../../lib/model/network.ts';
import type { Clips } from '../../lib/model/trainer.ts';
import { initialWeights } from '../../lib/model/weights.ts';
import { takeTurns } from './turns.mjs';

/** Each loads its own libraries alone. */
const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  wasm: () => import('../../lib/model/backends/wasm.ts'),
  'tfjs-wasm': () => import('../../lib/model/backends/tfjs-wasm.ts'),
  tensorflow: () => import('../../lib/model/backends/tensorflow.ts'),
  cpu: () => import('../../lib/model/backends/cpu.ts'),
};

const LEARNING_RATE = 0.001;
const BATCHES = 8;

const [, , name = '', steps = ''] = process.argv;
const load = backends[name];
if (load === undefined) throw new Error(`no backend ${name}`);
const { start } = await load();
const backend = await start();
const trainer = backend.trainer({
  architecture,
  attention: equations,
  weights: initialWeights(networkParameters(architecture, equations), stream('init')),
  learningRate: LEARNING_RATE,
});

const clips = madeUp();
const batches = Array.from({ length: BATCHES }, (_, n) =>
  Array.from({ length: architecture.batch }, (_, place) => n * architecture.batch + place),
);
let next = 0;
const losses = Array.from({ length: Number(steps) }, () => step());
await takeTurns(step, { backend: backend.name, losses });

function step(): number {
  next = (next + 1) % BATCHES;
  return trainer.step(clips, batches[next]!).loss;
}

/** Noise, and in it a saw-tooth whose length is the class: something that can be learnt. */
function madeUp(): Clips {
  const { batch, frames, classes } = architecture;
  const random = stream('augment');
  const labels = Int32Array.from({ length: BATCHES * batch }, (_, clip) => clip % classes);
  const values = new Float32Array(labels.length * frames);
  labels.forEach((label, clip) => {
    for (let frame = 0; frame < frames; frame++) {
      const tooth = ((frame / (20 + 10 * label)) % 1) - 0.5;
      values[clip * frames + frame] = random.normal() + tooth;
    }
  });
  return { values, labels };
}

function stream(purpose: Purpose): Random {
  return randomStream({ seed: 1, stage: 'bench', fold: 0, purpose });
}

import { useBackend } from '../tfjs/start.ts';
import { tfjsTrainer } from '../tfjs/trainer.ts';
import type { StartedBackend } from './backend.ts';

/**
 * TF.js's plain JavaScript: slow, and there to check the others by. It uses the engine's own Math.exp
 * and Math.tanh, whose last bits differ from machine to machine.
 */
export async function start(): Promise<StartedBackend> {
  await useBackend('cpu', () => import('@tensorflow/tfjs-backend-cpu'));
  return { name: 'cpu', deterministic: false, trainer: tfjsTrainer };
}

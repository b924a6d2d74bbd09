import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';

/**
 * Makes `name` the backend of TF.js that computes. The gradients come with tfjs-layers: in Node, tfjs-core
 * alone registers none.
 *
 * @param register imports the package that registers the backend
 * @param ownName what it goes by in this project
 * @throws ModelError `backend-does-not-load`
 */
export async function useBackend(
  name: string,
  register: () => Promise<unknown>,
  ownName = name,
): Promise<void> {
  // the only switch for the banner that the cpu backend prints when it is first used
  tf.enableProdMode();
  try {
    await import('@tensorflow/tfjs-layers');
    await register();
    if (await tf.setBackend(name)) return;
  } catch (error) {
    throw doesNotLoad(ownName, error instanceof Error ? error.message : String(error), error);
  }
  throw doesNotLoad(ownName, 'TF.js could not initialise it');
}

/** The failure of a backend, in the words that a user reads. */
export function doesNotLoad(name: string, why: string, cause?: unknown): ModelError {
  return new ModelError('backend-does-not-load', `the backend ${name} does not load: ${why}`, {
    cause,
  });
}

/** Why training cannot be done, where that is for the user to mend. */
export type ModelErrorCode =
  'attention-without-layers' | 'backend-does-not-load' | 'constant-input' | 'training-diverged';

/**
 * A foreseen failure of training. lib/model knows nothing of the pipeline, so the stage turns it into
 * what a user reads. It is recognised by its name, not with `instanceof`: the backend and the attention
 * are bundles of their own, each with its own copy of this class.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a failure is a foreseen one, from whichever bundle it came. */
export function isModelError(error: unknown): error is ModelError {
  return error instanceof Error && error.name === 'ModelError' && 'code' in error;
}

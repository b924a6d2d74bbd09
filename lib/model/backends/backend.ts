import type { Trainer, TrainerRequest } from '../trainer.ts';

/** A backend that is ready to compute. */
export interface StartedBackend {
  readonly name: string;
  /** The same inputs give the same bits on every machine. */
  readonly deterministic: boolean;
  /**
   * A network to be trained on this backend.
   *
   * @throws NoPositionError where the layers leave no position
   * @throws ModelError `attention-without-layers` where the backend cannot compute the attention
   */
  readonly trainer: (request: TrainerRequest) => Trainer;
}

/**
 * What computes. A new backend is one module that exports this function, and one line in registry.ts.
 */
export interface Backend {
  /**
   * Loads all that it needs, and says nothing on the console.
   *
   * @throws ModelError `backend-does-not-load`
   */
  readonly start: () => Promise<StartedBackend>;
}

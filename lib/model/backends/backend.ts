/** What a started backend promises. */
export interface BackendInfo {
  readonly name: string;
  /** The same inputs give the same bits on every machine. */
  readonly deterministic: boolean;
}

/**
 * What computes. A new backend is one module that exports this function, and one line in registry.ts.
 */
export interface Backend {
  /**
   * Makes itself TF.js's backend, with all kernels and gradients that the network needs, and says
   * nothing on the console.
   *
   * @throws ModelError `backend-does-not-load`
   */
  readonly start: () => Promise<BackendInfo>;
}

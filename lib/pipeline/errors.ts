/**
 * What is wrong with something that the user gave: a configuration, a corpus, a file, an option.
 * The message is one short paragraph: what it got, what it wanted, where, what to do next.
 * Everything else that is thrown counts as a bug and is shown as an internal error.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** A short phrase in kebab-case, stable for scripts: `no-such-corpus`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The work was stopped by the user: never a failure of a stage, never a bad file. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted');
  }
}

import { visible, visibleLines } from './words.ts';

/**
 * What is wrong with something that the user gave: a configuration, a corpus, a file, an option.
 * The message is one short paragraph: what it got, what it wanted, where, what to do next.
 * Everything else that is thrown counts as a bug and is shown as an internal error.
 *
 * Names and values in it may come from anywhere, so whatever would act on a terminal is written out here,
 * once for all messages, and none is longer than a person could want.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** A short phrase in kebab-case, stable for scripts: `no-such-corpus`. */
  readonly code: string;

  /** @param options.excerpt lines to show below the message: the place that it speaks of */
  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly excerpt?: string } = {},
  ) {
    const { excerpt, ...rest } = options;
    const paragraph = shortened(visible(message));
    super(excerpt === undefined ? paragraph : `${paragraph}\n${visibleLines(excerpt)}`, rest);
    this.code = code;
  }
}

/** Enough for a list of hundreds of files. */
const LONGEST = 20_000;

/** What is at the beginning and at the end stays: what is wrong, and what to do. */
function shortened(text: string): string {
  const half = LONGEST / 2;
  return text.length > LONGEST ? `${text.slice(0, half)} ... ${text.slice(-half)}` : text;
}

/** The work was stopped by the user: never a failure of a stage, never a bad file. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted');
  }
}

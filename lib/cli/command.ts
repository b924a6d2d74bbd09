import type { Source } from '../pipeline/bundle.mjs';
import type { OptionSpec, Options } from './options.ts';

/** What every command is given. */
export interface Invocation {
  /** The project that this program belongs to. */
  readonly root: string;
  /** The files that this program was made from. */
  readonly program: readonly Source[];
  /** The folder that the user stands in. */
  readonly folder: string;
  readonly options: Options;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the answer goes; everything else goes to `talk`. */
  readonly answer: NodeJS.WritableStream;
  readonly talk: NodeJS.WritableStream;
}

export interface Command {
  readonly name: string;
  /** The words after the name: `[STAGE...]`. */
  readonly words: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** Loaded when it runs: what a command does not need it does not import. */
  readonly load: () => Promise<{ readonly execute: (invocation: Invocation) => Promise<number> }>;
}

export const exitStatus = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;

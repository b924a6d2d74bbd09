import { canonicalJson, sha256, type Sha256 } from './canonical.ts';

/** The name of a computation: the SHA-256 of the canonical text of its fields. */
export type Fingerprint = string & { readonly fingerprint?: true };

/**
 * All that an instance's result depends on, and nothing else. Two instances of equal fields are the
 * same computation, whatever they are called and wherever they run.
 */
export interface FingerprintFields {
  /** Of the store and of what is written here: an old record is never taken for a new one. */
  readonly format: number;
  /** The bundle of the stage's `run`: comments, types and unused code do not count. */
  readonly code: Sha256;
  /** The kinds of file that it writes. */
  readonly writes: Readonly<Record<string, string>>;
  /** The modules that its parameters chose: a module that was not chosen does not count. */
  readonly parts: Readonly<Record<string, { readonly choice: string; readonly code: Sha256 }>>;
  /** Packages outside the bundle, with the bundler itself: version and integrity of their closures. */
  readonly packages: Readonly<Record<string, string>>;
  /** Programs that it starts: their version line. */
  readonly tools: Readonly<Record<string, string>>;
  /** Parameters after defaults, without those that name files. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Files outside the store that its parameters name, by content alone. */
  readonly content: Readonly<Record<string, Sha256>>;
  /** Which instance of the stage it is. */
  readonly each: Readonly<Record<string, number>>;
  /** What it reads from the store, by role. */
  readonly inputs: Readonly<Record<string, readonly InputIdentity[]>>;
  /** What a report says of the stages above it; only where the stage asks for it. */
  readonly upstream?: unknown;
  /** Versions that a report names; only where the stage asks for it. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface InputIdentity {
  readonly sha256: Sha256;
  readonly each: Readonly<Record<string, number>>;
  /** The producer's name counts only where one role gathers several stages. */
  readonly stage?: string;
}

/** Everything of the fields that is known before the inputs are. */
export type Identity = Omit<FingerprintFields, 'inputs' | 'each'>;

export const FORMAT = 1;

export function fingerprintOf(fields: FingerprintFields): Fingerprint {
  return sha256(canonicalJson(fields));
}

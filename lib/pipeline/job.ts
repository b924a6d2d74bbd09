import type { Sha256 } from './canonical.ts';
import type { InputFile, Tool, UpstreamStage } from './stage.ts';
import type { StoredObject } from './store.ts';

/** The code that a job runs. */
export interface JobCode {
  /** The bundle of the stage's `run`. */
  readonly bundle: string;
  /** The bundles of the modules that parameters chose. */
  readonly parts: Readonly<Record<string, string>>;
}

/** What is known of a job before its inputs are. */
export interface ExpectedJob extends JobCode {
  /** The npm packages that the code imports. */
  readonly packages: readonly string[];
}

/** All that a worker needs to run one instance: written to a file, so that any process can be handed it. */
export interface Job extends JobCode {
  readonly instance: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, InputFile | readonly InputFile[]>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The stage writes its outputs from front to back. */
  readonly appends: boolean;
  /** It can stand still at its safe points. */
  readonly takesTurns: boolean;
  /** Its process may be handed another job afterwards. */
  readonly leavesNothing: boolean;
  readonly each: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, Tool>>;
  readonly upstream: readonly UpstreamStage[];
  readonly packages: Readonly<Record<string, string>>;
  readonly jobs: number;
}

/** What a worker is told. */
export type WorkerOrder =
  | { readonly type: 'job'; readonly file: string }
  | { readonly type: 'stop' }
  /** To stand still from the next safe point on, and say so; to go on. */
  | { readonly type: 'pause' }
  | { readonly type: 'go-on' }
  /** To end at once. */
  | { readonly type: 'end' };

/** What a worker says while it works. */
export type WorkerMessage =
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly note?: string;
    }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'paused' }
  | { readonly type: 'outcome'; readonly outcome: JobOutcome };

export type JobOutcome =
  | { readonly kind: 'done'; readonly outputs: Readonly<Record<string, StoredObject>> }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'damaged'; readonly sha256: Sha256 }
  | { readonly kind: 'interrupted' };

/** An error that crossed from one process to another. */
export interface Failure {
  /** Whether the message is meant for the user; anything else is a bug. */
  readonly user: boolean;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
}

export interface JobHooks {
  readonly started: (pid: number) => void;
  readonly progress: (done: number, total: number, note: string | undefined) => void;
  readonly log: (line: string) => void;
}

/** Runs a job somewhere. One implementation today: processes of this machine. */
export interface Executor {
  /** @param job a file that holds a Job as JSON */
  execute(job: string, hooks: JobHooks, signal: AbortSignal): Promise<JobOutcome>;
  /** A hint: such jobs, in this order, are likely to be the next, and no others. */
  expect(jobs: readonly ExpectedJob[]): Promise<void>;
  /** No more jobs will come. */
  close(): void;
}

import type { Reason } from './explain.ts';
import type { Failure } from './job.ts';
import type { PlanEntry } from './plan.ts';

/** What became of an instance in a run. */
export type Result =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'restored' }
  /** Another process computed it meanwhile. */
  | { readonly kind: 'shared' }
  | {
      readonly kind: 'ran';
      readonly reasons: readonly Reason[];
      readonly seconds: number;
      readonly changed: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly seconds: number }
  | { readonly kind: 'moved'; readonly files: readonly string[]; readonly seconds: number }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'blocked'; readonly by: string };

/** Everything that a run says. Printers turn it into words; nothing else of the engine speaks. */
export type RunEvent =
  | { readonly type: 'plan'; readonly entries: readonly PlanEntry[] }
  | { readonly type: 'started'; readonly instance: string; readonly reasons: readonly Reason[] }
  | {
      readonly type: 'progress';
      readonly instance: string;
      readonly done: number;
      readonly total: number;
      readonly note: string | undefined;
    }
  | { readonly type: 'log'; readonly instance: string; readonly line: string }
  | { readonly type: 'waiting'; readonly instance: string; readonly holder: string }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'settled'; readonly instance: string; readonly result: Result };

export type Emit = (event: RunEvent) => void;

import type { RunEvent } from '../../pipeline/events.ts';

/** Turns what a run says into what a person sees while it runs. */
export interface Printer {
  readonly print: (event: RunEvent) => void;
  /** Leaves the terminal as it should be. */
  readonly end: () => void;
}

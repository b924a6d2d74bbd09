import { setImmediate } from 'node:timers/promises';

/** Whether this process stands still at its safe points, so that another has its core meanwhile. */
export class WorkerTurns {
  readonly #signal: AbortSignal;
  readonly #said: () => void;
  #paused = false;
  #resume: () => void = () => undefined;

  /** @param said called each time that it stands still */
  constructor(signal: AbortSignal, said: () => void) {
    this.#signal = signal;
    this.#said = said;
    signal.addEventListener('abort', () => {
      this.goOn();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  goOn(): void {
    this.#paused = false;
    this.#resume();
  }

  /** @throws the signal's reason once it is aborted */
  readonly safePoint = async (): Promise<void> => {
    // The event loop gets its turn, else no order would be heard.
    await setImmediate();
    this.#signal.throwIfAborted();
    if (!this.#paused) return;
    const going = new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#said();
    await going;
    this.#signal.throwIfAborted();
  };
}

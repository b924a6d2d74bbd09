import { InterruptedError } from '../pipeline/errors.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs work that can be interrupted: the first signal lets running instances reach their next safe
 * point, the second ends everything at once.
 *
 * @returns what the work gave, and the exit status of the signal if there was one
 */
export async function withInterrupts<T>(
  printer: { readonly end: () => void },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ outcome: T; interrupted: number | undefined }> {
  const controller = new AbortController();
  let interrupted: number | undefined;
  const handlers = Object.entries(SIGNALS).map(([name, status]): [NodeJS.Signals, () => void] => [
    name as NodeJS.Signals,
    () => {
      if (interrupted !== undefined) {
        printer.end();
        // The pipes of the workers close with this process, and their watching threads end them.
        process.exit(status);
      }
      interrupted = status;
      printer.end();
      process.stderr.write('\nStopping at the next safe point; once more stops at once.\n');
      controller.abort(new InterruptedError());
    },
  ]);
  for (const [name, handler] of handlers) process.on(name, handler);
  try {
    return { outcome: await work(controller.signal), interrupted };
  } finally {
    printer.end();
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

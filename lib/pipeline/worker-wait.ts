import type { WorkerOrder } from './job.ts';
import { loadModule, loadPackage } from './load.ts';

/**
 * Loads the code of a job that is expected, and waits for the job: `node BUNDLE --await MODULE...
 * --packages NAME...`. What cannot be loaded is met by the job itself.
 *
 * @returns the job's file
 */
export async function awaitJob(words: readonly string[]): Promise<string> {
  const job = new Promise<string>((resolve) => {
    process.once('message', (order: WorkerOrder) => {
      if (order.type === 'job') resolve(order.file);
    });
  });
  const at = words.indexOf('--packages');
  const loading = [
    ...words.slice(1, at).map((file) => loadModule(file)),
    ...words.slice(at + 1).map((name) => loadPackage(name)),
  ];
  await Promise.allSettled(loading);
  return await job;
}

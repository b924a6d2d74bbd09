import { Worker } from 'node:worker_threads';
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

/**
 * A thread that does nothing but wait for the parent's pipe to close, and then ends this process and
 * all it started: a busy stage would see its parent's death only after its work.
 */
export function endWithParent(): void {
  const wait = `
    const fs = require('node:fs');
    try { while (fs.readSync(4, Buffer.alloc(1)) > 0); } catch {}
    if (process.platform !== 'win32') { try { process.kill(-process.pid, 'SIGKILL'); } catch {} }
    process.kill(process.pid, 'SIGKILL');
  `;
  new Worker(wait, { eval: true, stdin: false, stdout: false, stderr: false }).unref();
}

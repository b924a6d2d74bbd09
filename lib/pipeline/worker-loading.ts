import { loadModule, loadPackage } from './load.ts';

/**
 * Loads the code of a job that is expected: `node BUNDLE --await MODULE... --packages NAME...`. What cannot
 * be loaded is met by the job itself.
 */
export async function loadExpected(words: readonly string[]): Promise<void> {
  const at = words.indexOf('--packages');
  await Promise.allSettled([
    ...words.slice(1, at).map((file) => loadModule(file)),
    ...words.slice(at + 1).map((name) => loadPackage(name)),
  ]);
}

import { pathToFileURL } from 'node:url';
import { bundle, type Bundle } from './bundle.mjs';
import { packPackages } from './packed.mjs';
import type { StageDeclaration } from './stage.ts';

/** The only file of the engine that imports what it is told: bundles that it made itself. */

/** A stage's declaration: everything that its file exports but `run`. */
export async function loadDeclaration(root: string, entry: string): Promise<StageDeclaration> {
  const { file, packages } = await bundle({ root, entry, part: 'declaration' });
  await packPackages(root, packages);
  const module = (await import(pathToFileURL(file).href)) as Partial<StageDeclaration>;
  for (const name of ['summary', 'parameters', 'reads', 'writes'] as const) {
    if (module[name] === undefined) throw new Error(`Internal error: ${entry} exports no ${name}`);
  }
  return module as StageDeclaration;
}

/** The code of a stage's `run`, or of a module that a parameter chooses. */
export function codeOf(root: string, entry: string, part: 'run' | 'all'): Promise<Bundle> {
  return bundle({ root, entry, part });
}

export async function loadModule(file: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
}

export async function loadPackage(name: string): Promise<void> {
  await import(name);
}

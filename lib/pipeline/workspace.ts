import path from 'node:path';
import { ContentMemory } from './content.ts';
import { LatestRecords } from './latest.ts';
import { InstalledPackages } from './packages.ts';
import type { Tool } from './stage.ts';
import { Store } from './store.ts';

/** Where things are, and what this machine has: all that the engine needs beside the graph. */
export interface Workspace {
  /** The project: stage files, node_modules. */
  readonly root: string;
  /** Where runs leave what they make. */
  readonly artifacts: string;
  readonly store: Store;
  readonly latest: LatestRecords;
  readonly memory: ContentMemory;
  readonly packages: InstalledPackages;
  /** How each program that a stage may start is found. */
  readonly tools: Readonly<Record<string, () => Promise<Tool>>>;
}

export function openWorkspace(
  root: string,
  artifacts: string,
  tools: Workspace['tools'],
): Workspace {
  return {
    root,
    artifacts,
    store: new Store(artifacts),
    latest: new LatestRecords(path.join(artifacts, 'latest')),
    memory: new ContentMemory(path.join(artifacts, 'store', 'memory.json')),
    packages: new InstalledPackages(root),
    tools,
  };
}

import path from 'node:path';
import { cacheFolder } from './cache-files.mjs';
import { ContentMemory } from './content.ts';
import { LatestRecords } from './latest.ts';
import { Leases } from './lease.ts';
import { InstalledPackages } from './packages.ts';
import { Presence } from './presence.ts';
import type { Tool } from './stage.ts';
import { Store } from './store.ts';

/** Where things are, and what this machine has: all that the engine needs beside the graph. */
export interface Workspace {
  /** The project: stage files, node_modules. */
  readonly root: string;
  /** Where runs leave what they make. */
  readonly artifacts: string;
  readonly store: Store;
  /** This process, as others that share the store see it. */
  readonly presence: Presence;
  readonly leases: Leases;
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
  const presence = new Presence(path.join(artifacts, 'store'));
  const store = new Store(artifacts, presence.token);
  return {
    root,
    artifacts,
    store,
    presence,
    leases: new Leases(store, presence),
    latest: new LatestRecords(path.join(artifacts, 'latest'), store),
    memory: new ContentMemory(cacheFile(root, 'content.json')),
    packages: new InstalledPackages(root),
    tools,
  };
}

/** A file that may be lost without harm; it holds paths of this machine, so it is not in the store. */
export function cacheFile(root: string, name: string): string {
  return path.join(cacheFolder(root), name);
}

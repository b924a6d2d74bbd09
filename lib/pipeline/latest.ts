import fs from 'node:fs';
import path from 'node:path';
import { byCodeUnit, isHash } from './canonical.ts';
import type { Fingerprint } from './fingerprint.ts';
import { reach } from './points.ts';
import { readTextFile } from './read-text.ts';
import { storeError, type Store } from './store.ts';
import { visible } from './words.ts';

/** Which record each instance's latest success is: what `why` compares with. */
export class LatestRecords {
  readonly #folder: string;

  readonly #store: Store;

  constructor(folder: string, store: Store) {
    this.#folder = folder;
    this.#store = store;
  }

  get(instance: string): Fingerprint | undefined {
    const text = readTextFile(this.#path(instance))?.trim();
    return isHash(text) ? text : undefined;
  }

  /** Writes only what changed, so that a run with nothing to do changes no byte. */
  set(instance: string, fingerprint: Fingerprint): void {
    if (this.get(instance) === fingerprint) return;
    this.#store.writeDurably(this.#path(instance), `${fingerprint}\n`);
    reach('latest-placed');
  }

  /** Every pointer that there is, in the order of their names; undefined where its file is not whole. */
  all(): readonly { readonly instance: string; readonly fingerprint: Fingerprint | undefined }[] {
    return namesIn(this.#folder)
      .sort(byCodeUnit)
      .map((name) => visible(name.replace(/^([^.]*)\.(.*)-(\d+)$/, '$1[$2=$3]')))
      .map((instance) => ({ instance, fingerprint: this.get(instance) }));
  }

  /** Takes a pointer away: its result stays until gc finds that nothing else reaches it. */
  forget(instance: string): void {
    fs.rmSync(this.#path(instance), { force: true });
  }

  #path(instance: string): string {
    return path.join(this.#folder, instance.replace('[', '.').replace('=', '-').replace(']', ''));
  }
}

/** A pointer, and whose it is: `mel` of plain runs, `mel of the sweep lambda`. */
export interface Pointer {
  readonly of: string;
  /** undefined where its file is not whole */
  readonly fingerprint: Fingerprint | undefined;
}

/** Of plain runs, then of every sweep: each has its own, beside its page, and removing its folder gives them up. */
export function allPointers(
  latest: LatestRecords,
  artifacts: string,
  store: Store,
): readonly Pointer[] {
  const sweeps = path.join(artifacts, 'sweeps');
  const ofSweeps = namesIn(sweeps)
    .filter((name) => fs.existsSync(path.join(sweeps, name, 'latest')))
    .sort(byCodeUnit)
    .flatMap((name) => {
      const own = new LatestRecords(path.join(sweeps, name, 'latest'), store).all();
      return own.map(({ instance, fingerprint }) => ({
        of: `${instance} of the sweep ${visible(name)}`,
        fingerprint,
      }));
    });
  const plain = latest.all().map(({ instance, fingerprint }) => ({ of: instance, fingerprint }));
  return [...plain, ...ofSweeps];
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError(folder, error, 'read');
  }
}

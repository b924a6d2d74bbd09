import fs from 'node:fs';
import path from 'node:path';
import { byCodeUnit } from './canonical.ts';
import type { Fingerprint } from './fingerprint.ts';
import { reach } from './points.ts';
import type { Store } from './store.ts';

/** Which record each instance's latest success is: what `why` compares with. */
export class LatestRecords {
  readonly #folder: string;

  readonly #store: Store;

  constructor(folder: string, store: Store) {
    this.#folder = folder;
    this.#store = store;
  }

  get(instance: string): Fingerprint | undefined {
    try {
      const text = fs.readFileSync(this.#path(instance), 'utf8').trim();
      return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** Writes only what changed, so that a run with nothing to do changes no byte. */
  set(instance: string, fingerprint: Fingerprint): void {
    if (this.get(instance) === fingerprint) return;
    this.#store.writeDurably(this.#path(instance), `${fingerprint}\n`);
    reach('latest-placed');
  }

  /** Every pointer that there is, in the order of their names; undefined where its file is not whole. */
  all(): readonly { readonly instance: string; readonly fingerprint: Fingerprint | undefined }[] {
    if (!fs.existsSync(this.#folder)) return [];
    return fs
      .readdirSync(this.#folder)
      .sort(byCodeUnit)
      .map((name) => name.replace(/^([^.]*)\.(.*)-(\d+)$/, '$1[$2=$3]'))
      .map((instance) => ({ instance, fingerprint: this.get(instance) }));
  }

  #path(instance: string): string {
    return path.join(this.#folder, instance.replace('[', '.').replace('=', '-').replace(']', ''));
  }
}

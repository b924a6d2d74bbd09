import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Fingerprint } from './fingerprint.ts';
import { reach } from './points.ts';
import { identify, runs, type Presence } from './presence.ts';
import type { Store } from './store.ts';

/** What a lease's file says. */
interface Holder {
  /** The process that runs the engine. */
  readonly engine: string;
  /** This lease, told apart from every other one of the same computation. */
  readonly token: string;
  readonly instance: string;
  /** The process that computes, once there is one. */
  readonly worker?: { readonly pid: number; readonly started: string };
}

export interface Lease {
  /** Whether it is still ours: read before a record is written. */
  readonly held: () => boolean;
  /** Names the process that computes. */
  readonly nameWorker: (pid: number) => void;
  readonly release: () => void;
}

export type Taken = { readonly lease: Lease } | { readonly busy: string };

/** Who computes what: one holder for each fingerprint, in every process that shares the store. */
export class Leases {
  readonly #store: Store;
  readonly #presence: Presence;

  constructor(store: Store, presence: Presence) {
    this.#store = store;
    this.#presence = presence;
  }

  /**
   * Takes the lease of a computation, or says who has it. A holder that is dead is taken over: its
   * lease is renamed away, which one taker wins, and then the place is free for whoever comes first.
   */
  take(fingerprint: Fingerprint, instance: string): Taken {
    this.#presence.begin();
    const file = path.join(this.#store.folder, 'leases', `${fingerprint}.json`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const own: Holder = {
      engine: this.#presence.token,
      token: randomBytes(8).toString('hex'),
      instance,
    };
    for (;;) {
      if (this.#place(file, own)) {
        reach('lease-taken');
        return { lease: this.#leaseOf(file, own) };
      }
      const text = readText(file);
      if (text === undefined) continue;
      const holder = parse(text);
      if (holder !== undefined && this.#isAlive(holder)) return { busy: this.#describe(holder) };
      this.#takeAway(file, text);
    }
  }

  /** Removes what dead holders left. */
  sweep(): void {
    const folder = path.join(this.#store.folder, 'leases');
    if (!fs.existsSync(folder)) return;
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      const text = readText(file);
      const holder = text === undefined ? undefined : parse(text);
      if (text === undefined || (holder !== undefined && this.#isAlive(holder))) continue;
      this.#takeAway(file, text);
    }
  }

  /** Puts a whole file in an empty place: by a link, which fails where something is. */
  #place(file: string, own: Holder): boolean {
    const temporary = this.#store.temporary();
    fs.writeFileSync(temporary, JSON.stringify(own));
    try {
      fs.linkSync(temporary, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      return placeWithoutLinks(file, own, error);
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  }

  /** Removes a dead holder's lease; one that somebody else put there meanwhile goes back. */
  #takeAway(file: string, dead: string): void {
    const temporary = this.#store.temporary();
    try {
      fs.renameSync(file, temporary);
    } catch {
      return;
    }
    try {
      if (readText(temporary) !== dead) fs.linkSync(temporary, file);
    } catch {
      // A third one took the place: the holder that was renamed away finds its token gone, and drops its work.
    }
    fs.rmSync(temporary, { force: true });
  }

  /** A dead engine's worker is about to end, but has not yet: until then nobody takes its place. */
  #isAlive({ engine, worker }: Holder): boolean {
    if (this.#presence.isAlive(engine)) return true;
    const identity = this.#presence.identity(engine);
    return identity !== undefined && worker !== undefined && identity.host === identify(0).host
      ? runs(worker)
      : false;
  }

  #describe({ engine }: Holder): string {
    const identity = this.#presence.identity(engine);
    if (identity === undefined) return 'another process';
    const here = identity.host === identify(0).host;
    return `process ${identity.pid}${here ? '' : ` on ${identity.host}`}`;
  }

  #leaseOf(file: string, own: Holder): Lease {
    const held = (): boolean => parse(readText(file) ?? '')?.token === own.token;
    return {
      held,
      nameWorker: (pid) => {
        const temporary = this.#store.temporary();
        const { started } = identify(pid);
        fs.writeFileSync(temporary, JSON.stringify({ ...own, worker: { pid, started } }));
        if (held()) fs.renameSync(temporary, file);
        else fs.rmSync(temporary, { force: true });
      },
      release: () => {
        if (held()) fs.rmSync(file, { force: true });
        reach('lease-released');
      },
    };
  }
}

/** Some file systems have no links; there a crash between opening and writing leaves an empty lease. */
function placeWithoutLinks(file: string, own: Holder, cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw cause;
  try {
    fs.writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.engine === 'string' && typeof holder.token === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

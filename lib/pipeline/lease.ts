import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Fingerprint } from './fingerprint.ts';
import { reach } from './points.ts';
import { identify, isProcessId, isToken, runs, type Presence } from './presence.ts';
import { readTextFile } from './read-text.ts';
import { storeError, type Store } from './store.ts';
import { visible } from './words.ts';

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
      const text = readTextFile(file);
      if (text === undefined) {
        refuseUnreadable(file);
        continue;
      }
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
      const text = readTextFile(file);
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
    // Known before it leaves anything: a kill in between would leave a file that nobody owns.
    this.#presence.begin();
    const temporary = this.#store.temporary();
    try {
      fs.renameSync(file, temporary);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw storeError(file, error);
    }
    try {
      if (readTextFile(temporary) !== dead) fs.linkSync(temporary, file);
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
    return `process ${identity.pid}${here ? '' : ` on ${visible(identity.host)}`}`;
  }

  #leaseOf(file: string, own: Holder): Lease {
    const held = (): boolean => parse(readTextFile(file) ?? '')?.token === own.token;
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

/** What stands in a lease's place and cannot be read would be waited for without end. */
function refuseUnreadable(file: string): void {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  // Gone, or come since.
  if (stat === undefined || readTextFile(file) !== undefined) return;
  throw storeError(file, Object.assign(new Error('no lease'), { code: 'EEXIST' }));
}

function parse(text: string): Holder | undefined {
  try {
    const { engine, token, instance, worker } = JSON.parse(text) as Partial<Holder>;
    const known = isToken(engine) && typeof token === 'string' && typeof instance === 'string';
    if (!known) return undefined;
    const named = isProcessId(worker?.pid) && typeof worker.started === 'string';
    return { engine, token, instance, ...(named ? { worker } : {}) };
  } catch {
    return undefined;
  }
}

import { Worker } from 'node:worker_threads';
import type { Sha256 } from './canonical.ts';
import type { ThreadData } from './worker-threads.ts';

/** An object that a stage reads. */
export interface CheckedFile {
  readonly path: string;
  readonly sha256: Sha256;
}

/** Sent to the helping thread. */
export type HelperOrder =
  | { readonly type: 'check'; readonly files: readonly CheckedFile[] }
  | { readonly type: 'follow'; readonly files: readonly string[] }
  /** What is followed is complete. */
  | { readonly type: 'written' };

/** Sent by it, one for each thing that it was told to do. */
export type HelperAnswer =
  | { readonly type: 'checked'; readonly damaged: Sha256 | undefined }
  | { readonly type: 'followed'; readonly hashes: ReadonlyMap<string, Sha256> }
  | { readonly type: 'failed'; readonly order: HelperOrder['type'] };

/**
 * The thread that does what a worker process has to do beside its stage: it holds large inputs against
 * their names, hashes outputs while they grow, and ends the process with its parent. One for all of
 * them, since a thread costs as much to start as a hundred megabytes to hash; none where there is
 * nothing of it to do.
 */
export class Helper {
  readonly #main: URL;
  readonly #endWithParent: boolean;
  #begun: Begun | undefined;

  /**
   * @param main the file that this process was started with, which its threads start with too
   * @param endWithParent whether the process is to end when the pipe 4 to its parent closes
   */
  constructor(main: URL, endWithParent: boolean) {
    this.#main = main;
    this.#endWithParent = endWithParent;
  }

  /** Starts the thread, unless it was started before. */
  begin(): Begun {
    return (this.#begun ??= begin(this.#main, { endWithParent: this.#endWithParent }));
  }

  /** @returns the first of these files that is not whole */
  async check(files: readonly CheckedFile[]): Promise<Sha256 | undefined> {
    const { damaged } = await this.#ask({ type: 'check', files }, 'checked');
    return damaged;
  }

  /** @returns by file, once {@link written} was called, the SHA-256 of those that were followed to their end */
  async follow(files: readonly string[]): Promise<ReadonlyMap<string, Sha256>> {
    const { hashes } = await this.#ask({ type: 'follow', files }, 'followed');
    return hashes;
  }

  written(): void {
    this.#begun?.thread.postMessage({ type: 'written' } satisfies HelperOrder);
  }

  #ask<Type extends HelperAnswer['type']>(
    order: HelperOrder,
    type: Type,
  ): Promise<HelperAnswer & { type: Type }> {
    const { thread, end } = this.begin();
    const asked = new Promise<HelperAnswer & { type: Type }>((resolve, reject) => {
      const take = (answer: HelperAnswer): void => {
        if (answer.type === type) resolve(answer as HelperAnswer & { type: Type });
        else if (answer.type === 'failed' && answer.order === order.type) {
          reject(new Error(`Internal error: the helping thread could not ${order.type}`));
        } else return;
        thread.off('message', take);
      };
      thread.on('message', take);
    });
    thread.postMessage(order);
    return Promise.race([asked, end]);
  }
}

interface Begun {
  readonly thread: Worker;
  /** Fails when the thread ends. */
  readonly end: Promise<never>;
}

function begin(main: URL, helper: { readonly endWithParent: boolean }): Begun {
  const thread = new Worker(main, { workerData: { helper } satisfies ThreadData });
  thread.unref();
  const end = new Promise<never>((_, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => {
      reject(new Error('Internal error: the helping thread ended early'));
    });
  });
  // Whoever asks meets it.
  end.catch(() => undefined);
  return { thread, end };
}

import type { WorkerOrder } from './job.ts';
import { endProcess } from './worker-end.ts';

type JobOrder = Exclude<WorkerOrder, { readonly type: 'job' | 'end' }>;

/** A job that this process was handed, and what it is told while the job runs. */
export class HandedJob {
  readonly file: string;
  #early: JobOrder[] = [];
  #listener: ((order: JobOrder) => void) | undefined;

  /** @param file holds the job */
  constructor(file: string) {
    this.file = file;
  }

  tell(order: JobOrder): void {
    if (this.#listener === undefined) this.#early.push(order);
    else this.#listener(order);
  }

  /** @param listener is told at once what was said before */
  listen(listener: (order: JobOrder) => void): void {
    this.#listener = listener;
    for (const order of this.#early.splice(0)) listener(order);
  }
}

/** What the parent tells this process: one job after the other, and of each to stop, to pause, to go on. */
export class Orders {
  #latest: HandedJob | undefined;
  readonly #waiting: HandedJob[] = [];
  #take: ((job: HandedJob) => void) | undefined;

  constructor() {
    process.on('message', (order: WorkerOrder) => {
      if (order.type === 'job') this.hand(order.file);
      else if (order.type === 'end') endProcess();
      else this.#latest?.tell(order);
    });
  }

  hand(file: string): void {
    const job = new HandedJob(file);
    this.#latest = job;
    const take = this.#take;
    this.#take = undefined;
    if (take === undefined) this.#waiting.push(job);
    else take(job);
  }

  /** The next job, once there is one. */
  next(): Promise<HandedJob> {
    const job = this.#waiting.shift();
    if (job !== undefined) return Promise.resolve(job);
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  }
}

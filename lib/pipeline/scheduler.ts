import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from './errors.ts';
import type { Emit, Result } from './events.ts';
import { executeInstance, expectInstances, failureOf, type Conclusion } from './execute.ts';
import type { Reason } from './explain.ts';
import { fingerprintOf } from './fingerprint.ts';
import { foreseen, hasRoom, type Standing } from './foresee.ts';
import { isLast, upTo, type Instance } from './graph.ts';
import type { Executor } from './job.ts';
import { latestInputs } from './latest-inputs.ts';
import type { Lease } from './lease.ts';
import { showOutputs } from './links.ts';
import {
  bindInputs,
  fieldsOf,
  isForced,
  producersOf,
  type BoundInput,
  type Selection,
  type Survey,
} from './plan.ts';
import { damageWarning, setAsideDamaged } from './set-aside.ts';
import type { StoreRecord } from './store.ts';

export interface ScheduleOptions extends Selection {
  /** How many instances may run side by side. */
  readonly jobs: number;
}

/** How often it is looked whether another process is done with what this one waits for. */
const WAIT_MS = 100;

/**
 * Brings instances to their results, as many side by side as asked for, each as soon as what it reads
 * is settled.
 */
export class Scheduler {
  readonly results = new Map<string, Result>();
  readonly records = new Map<string, StoreRecord>();
  readonly #running = new Map<string, { instance: Instance; work: Promise<void> }>();
  /** Whom instances wait for that another process computes. */
  readonly #waiting = new Map<string, string>();
  /** Producers whose fresh record is not enough, since somebody must read an object that is gone. */
  readonly #rebuild = new Map<string, Reason>();
  readonly #forcedDone = new Set<string>();
  /** Known to have to run, and waiting for a free place: not looked at again before there is one. */
  readonly #due = new Set<string>();
  readonly #survey: Survey;
  readonly #options: ScheduleOptions;
  readonly #executor: Executor;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #order: readonly Instance[];
  /** Those of them that may run. */
  readonly #eligible: readonly Instance[];

  constructor(
    survey: Survey,
    options: ScheduleOptions,
    executor: Executor,
    emit: Emit,
    signal: AbortSignal,
  ) {
    this.#survey = survey;
    this.#options = options;
    this.#executor = executor;
    this.#emit = emit;
    this.#signal = signal;
    const stages = upTo(survey.graph, options.targets);
    this.#order = survey.graph.instances.filter(({ stage }) => stages.includes(stage));
    const isTarget = ({ stage }: Instance): boolean => options.targets.includes(stage.name);
    this.#eligible = options.only ? this.#order.filter(isTarget) : this.#order;
    if (options.only) {
      for (const [id, record] of latestInputs(survey, this.#order, options.targets)) {
        this.records.set(id, record);
      }
    }
  }

  async all(): Promise<void> {
    for (;;) {
      const moved = await this.#advance();
      if (moved && !this.#signal.aborted) {
        await expectInstances(this.#survey, foreseen(this.#standing()), this.#executor);
      }
      if (!moved && this.#running.size === 0 && this.#waiting.size === 0) return;
      if (moved && this.#running.size === 0) continue;
      const pause = this.#waiting.size > 0 ? [sleep(WAIT_MS)] : [];
      await Promise.race([...[...this.#running.values()].map(({ work }) => work), ...pause]);
    }
  }

  /** Settles what can be settled and starts what can start. @returns whether anything changed */
  async #advance(): Promise<boolean> {
    let changed = false;
    for (const instance of this.#eligible) {
      if (this.results.has(instance.id) || this.#running.has(instance.id)) continue;
      changed = (await this.#step(instance)) || changed;
    }
    return changed;
  }

  /** What is known of all instances that may run. */
  #standing(): Standing {
    return {
      order: this.#eligible,
      beside: [...this.#running.values()].map(({ instance }) => instance),
      settled: ({ id }) => this.results.has(id),
      done: ({ id }) => this.records.has(id),
      due: ({ id }) => this.#due.has(id),
      producers: (instance) =>
        producersOf(this.#survey.graph, instance).map(({ producer }) => producer),
      jobs: this.#options.jobs,
    };
  }

  async #step(instance: Instance): Promise<boolean> {
    const blocker = producersOf(this.#survey.graph, instance).find(
      ({ producer }) => this.results.has(producer.id) && !this.records.has(producer.id),
    );
    if (blocker !== undefined) {
      this.#settle(instance, { kind: 'blocked', by: blocker.producer.id });
      return true;
    }
    const due = this.#due.has(instance.id) && !this.#signal.aborted;
    if (due && !hasRoom(instance, this.#standing())) return false;
    const { inputs, waiting } = bindInputs(this.#survey.graph, instance, this.records);
    if (waiting.length > 0) return false;
    if (this.#signal.aborted) {
      this.#settle(instance, { kind: 'interrupted' });
      return true;
    }
    const forced = isForced(instance.stage, this.#options) && !this.#forcedDone.has(instance.id);
    let state = await this.#survey.assess(instance, inputs, forced);
    const rebuild = this.#rebuild.get(instance.id);
    if (rebuild !== undefined) state = { state: 'will-run', reasons: [rebuild] };
    if (state.state === 'fresh') {
      const fromAnother = this.#waiting.has(instance.id);
      const kind = fromAnother ? 'shared' : state.restored ? 'restored' : 'fresh';
      this.#accept(instance, state.record, { kind });
      return true;
    }
    if (state.state === 'may-run') {
      throw new Error('Internal error: inputs are known, yet nothing is decided');
    }
    if (this.#unsettleDropped(instance, inputs)) return true;
    if (!hasRoom(instance, this.#standing())) {
      this.#due.add(instance.id);
      return false;
    }
    return this.#start(instance, inputs, state.reasons);
  }

  /** Starts an instance unless another process has it. @returns whether it did */
  async #start(
    instance: Instance,
    inputs: readonly BoundInput[],
    reasons: readonly Reason[],
  ): Promise<boolean> {
    const { leases, store } = this.#survey.workspace;
    const identity = await this.#survey.identity(instance.stage);
    const fingerprint = fingerprintOf(fieldsOf(instance, identity, inputs));
    let lease: Lease;
    try {
      const taken = leases.take(fingerprint, instance.id);
      if ('busy' in taken) {
        if (this.#waiting.get(instance.id) !== taken.busy) {
          this.#emit({ type: 'waiting', instance: instance.id, holder: taken.busy });
        }
        this.#waiting.set(instance.id, taken.busy);
        return false;
      }
      lease = taken.lease;
    } catch (error) {
      this.#settle(instance, { kind: 'failed', failure: failureOf(error), seconds: 0 });
      return true;
    }
    if (this.#waiting.delete(instance.id) || store.record(fingerprint) !== undefined) {
      // Somebody may have finished it between the look and the lease.
      const again = await this.#survey.assess(instance, inputs, false);
      if (again.state === 'fresh' && !this.#mustRun(instance)) {
        lease.release();
        this.#accept(instance, again.record, { kind: 'shared' });
        return true;
      }
    }
    const work = this.#work(instance, inputs, reasons, lease).finally(() => {
      this.#running.delete(instance.id);
    });
    this.#running.set(instance.id, { instance, work });
    return true;
  }

  async #work(
    instance: Instance,
    inputs: readonly BoundInput[],
    reasons: readonly Reason[],
    lease: Lease,
  ): Promise<void> {
    const startedMs = Date.now();
    this.#emit({ type: 'started', instance: instance.id, reasons });
    let conclusion: Conclusion;
    try {
      for (const { what, aside } of setAsideDamaged(this.#survey.workspace.store, reasons)) {
        this.#emit(damageWarning(`${what} of ${instance.id}`, aside));
      }
      conclusion = await executeInstance({
        survey: this.#survey,
        instance,
        inputs,
        identity: await this.#survey.identity(instance.stage),
        lease,
        executor: this.#executor,
        jobs: this.#options.jobs,
        emit: this.#emit,
        signal: this.#signal,
      });
      this.#conclude(instance, inputs, reasons, conclusion, (Date.now() - startedMs) / 1000);
    } catch (error) {
      const seconds = (Date.now() - startedMs) / 1000;
      this.#settle(instance, { kind: 'failed', failure: failureOf(error), seconds });
    } finally {
      lease.release();
    }
  }

  #conclude(
    instance: Instance,
    inputs: readonly BoundInput[],
    reasons: readonly Reason[],
    conclusion: Conclusion,
    seconds: number,
  ): void {
    switch (conclusion.kind) {
      case 'recorded': {
        const { record, changed } = conclusion;
        this.#rebuild.delete(instance.id);
        this.#forcedDone.add(instance.id);
        this.#accept(instance, record, { kind: 'ran', reasons, seconds, changed });
        return;
      }
      case 'failed':
      case 'moved':
        this.#settle(instance, { ...conclusion, seconds });
        return;
      case 'interrupted':
        this.#settle(instance, conclusion);
        return;
      case 'damaged-input':
        this.#replaceDamaged(instance, inputs, conclusion.sha256);
        return;
      case 'lease-lost':
        // Not settled: the next look takes what the other process made, or waits for it.
        return;
      default:
        conclusion satisfies never;
    }
  }

  /** Sends producers of objects that are gone back to work. @returns whether there were any */
  #unsettleDropped(instance: Instance, inputs: readonly BoundInput[]): boolean {
    const { store } = this.#survey.workspace;
    const gone = inputs.filter(({ object }) => store.objectState(object) !== 'present');
    for (const input of gone) this.#unsettle(input, instance.stage.name);
    return gone.length > 0;
  }

  #replaceDamaged(instance: Instance, inputs: readonly BoundInput[], sha256: string): void {
    const { store } = this.#survey.workspace;
    const input = inputs.find(({ object }) => object.sha256 === sha256);
    if (input === undefined) throw new Error('Internal error: a damaged input that nobody reads');
    // Others may have read it too, and set it aside or built it again meanwhile.
    if (store.isWhole(sha256)) return;
    if (store.objectState(input.object) !== 'missing') {
      this.#emit(damageWarning(`${input.output} of ${input.instance}`, store.setAside(sha256)));
    }
    this.#unsettle(input, instance.stage.name);
  }

  #unsettle(input: BoundInput, reader: string): void {
    if (this.#options.only) {
      throw new UserError(
        'input-gone',
        `${reader} reads ${input.output} of ${input.stage.name}, which is no longer in the store: run without --only, and it is built again.`,
      );
    }
    this.results.delete(input.instance);
    this.records.delete(input.instance);
    this.#rebuild.set(input.instance, { cue: 'rebuild', output: input.output, for: reader });
  }

  #mustRun(instance: Instance): boolean {
    const forced = isForced(instance.stage, this.#options) && !this.#forcedDone.has(instance.id);
    return forced || this.#rebuild.has(instance.id);
  }

  #accept(instance: Instance, record: StoreRecord, result: Result): void {
    const { latest, store, artifacts } = this.#survey.workspace;
    try {
      latest.set(instance.id, record.fingerprint);
      const copies = isLast(this.#survey.graph, instance.stage);
      showOutputs({ artifacts, store, copies }, instance, record);
    } catch (error) {
      this.#settle(instance, { kind: 'failed', failure: failureOf(error), seconds: 0 });
      return;
    }
    this.records.set(instance.id, record);
    this.#settle(instance, result);
  }

  #settle(instance: Instance, result: Result): void {
    this.#waiting.delete(instance.id);
    this.results.set(instance.id, result);
    this.#emit({ type: 'settled', instance: instance.id, result });
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson } from './canonical.ts';
import { UserError } from './errors.ts';
import type { Emit, Result } from './events.ts';
import { differences, type Reason } from './explain.ts';
import { FORMAT, fingerprintOf } from './fingerprint.ts';
import { isLast, upTo, type Instance } from './graph.ts';
import { identify, type StageIdentity } from './identity.ts';
import type { Executor, Failure, Job, JobOutcome } from './job.ts';
import { jobOf } from './make-job.ts';
import { showOutputs } from './links.ts';
import {
  bindInputs,
  fieldsOf,
  isForced,
  plan,
  producersOf,
  type Survey,
  type BoundInput,
  type Selection,
} from './plan.ts';
import type { StoreRecord } from './store.ts';

export interface RunOptions extends Selection {
  /** How many instances may run side by side. */
  readonly jobs: number;
}

export interface RunOutcome {
  readonly results: ReadonlyMap<string, Result>;
  readonly records: ReadonlyMap<string, StoreRecord>;
}

/**
 * Runs what is not fresh. Instances whose inputs are settled run side by side; one that fails blocks
 * those below it and nobody else; one whose output equals what was there leaves those below it fresh.
 */
export async function run(
  survey: Survey,
  options: RunOptions,
  executor: Executor,
  emit: Emit,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const entries = await plan(survey, options);
  emit({ type: 'plan', entries });
  const active = new Run(survey, options, executor, emit, signal);
  await active.all();
  survey.workspace.memory.save();
  return { results: active.results, records: active.records };
}

class Run {
  readonly results = new Map<string, Result>();
  readonly records = new Map<string, StoreRecord>();
  readonly #running = new Map<string, Promise<void>>();
  /** Producers whose fresh record is not enough, since somebody must read an object that is gone. */
  readonly #rebuild = new Map<string, Reason>();
  readonly #forcedDone = new Set<string>();
  readonly #survey: Survey;
  readonly #options: RunOptions;
  readonly #executor: Executor;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #order: readonly Instance[];

  constructor(
    survey: Survey,
    options: RunOptions,
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
    if (options.only) this.#takeLatestInputs();
  }

  async all(): Promise<void> {
    for (;;) {
      const moved = await this.#advance();
      if (this.#running.size > 0) await Promise.race(this.#running.values());
      else if (!moved) return;
    }
  }

  /** Settles what can be settled and starts what can start. @returns whether anything changed */
  async #advance(): Promise<boolean> {
    let changed = false;
    for (const instance of this.#order) {
      if (this.results.has(instance.id) || this.#running.has(instance.id)) continue;
      if (this.#options.only && !this.#options.targets.includes(instance.stage.name)) continue;
      changed = (await this.#step(instance)) || changed;
    }
    return changed;
  }

  async #step(instance: Instance): Promise<boolean> {
    const blocker = producersOf(this.#survey.graph, instance).find(({ producer }) => {
      const result = this.results.get(producer.id);
      return result !== undefined && !this.records.has(producer.id);
    });
    if (blocker !== undefined) {
      this.#settle(instance, { kind: 'blocked', by: blocker.producer.id });
      return true;
    }
    const { inputs, waiting } = bindInputs(this.#survey.graph, instance, this.records);
    if (waiting.length > 0 || this.#signal.aborted) {
      if (waiting.length > 0) return false;
      this.#settle(instance, { kind: 'interrupted' });
      return true;
    }
    const forced = isForced(instance.stage, this.#options) && !this.#forcedDone.has(instance.id);
    let state = await this.#survey.assess(instance, inputs, forced);
    const rebuild = this.#rebuild.get(instance.id);
    if (rebuild !== undefined) state = { state: 'will-run', reasons: [rebuild] };
    if (state.state === 'fresh') {
      this.#accept(instance, state.record, { kind: state.restored ? 'restored' : 'fresh' });
      return true;
    }
    if (state.state === 'may-run')
      throw new Error('Internal error: inputs are known, yet nothing is decided');
    if (this.#unsettleDropped(instance, inputs)) return true;
    if (this.#running.size >= this.#options.jobs) return false;
    const work = this.#execute(instance, inputs, state.reasons).finally(() => {
      this.#running.delete(instance.id);
    });
    this.#running.set(instance.id, work);
    return true;
  }

  /** Sends producers of objects that are gone back to work. @returns whether there were any */
  #unsettleDropped(instance: Instance, inputs: readonly BoundInput[]): boolean {
    const { store } = this.#survey.workspace;
    const gone = inputs.filter(({ object }) => store.objectState(object) !== 'present');
    for (const input of gone) this.#unsettle(input, instance.stage.name);
    return gone.length > 0;
  }

  /** An output whose bytes are wrong leaves its place to the one that is built again. */
  #setAsideDamaged(instance: Instance, reasons: readonly Reason[]): void {
    for (const reason of reasons) {
      if (reason.cue !== 'object' || reason.state !== 'damaged') continue;
      this.#warnDamaged(
        reason.output,
        instance.id,
        this.#survey.workspace.store.setAside(reason.sha256),
      );
    }
  }

  #warnDamaged(output: string, instance: string, aside: string): void {
    const text = `${output} of ${instance} was damaged in the store: set aside as ${path.basename(aside)}, and built again.`;
    this.#emit({ type: 'warning', text });
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

  async #execute(
    instance: Instance,
    inputs: readonly BoundInput[],
    reasons: readonly Reason[],
  ): Promise<void> {
    const { store } = this.#survey.workspace;
    const identity = await this.#survey.identity(instance.stage);
    this.#emit({ type: 'started', instance: instance.id, reasons });
    const startedMs = Date.now();
    const seconds = (): number => (Date.now() - startedMs) / 1000;
    const log: string[] = [];
    let folder: string | undefined;
    try {
      this.#setAsideDamaged(instance, reasons);
      folder = store.makeWorkFolder();
      const job = jobOf(
        instance,
        identity,
        inputs,
        folder,
        (hash) => store.objectPath(hash),
        this.#options.jobs,
      );
      const jobFile = path.join(folder, 'job.json');
      fs.writeFileSync(jobFile, JSON.stringify(job));
      const outcome = await this.#executor.execute(
        jobFile,
        {
          progress: (done, total, note) => {
            this.#emit({ type: 'progress', instance: instance.id, done, total, note });
          },
          log: (line) => {
            log.push(line);
            this.#emit({ type: 'log', instance: instance.id, line });
          },
        },
        this.#signal,
      );
      await this.#conclude(instance, inputs, identity, outcome, {
        job,
        reasons,
        log,
        seconds: seconds(),
      });
    } catch (error) {
      this.#settle(instance, { kind: 'failed', failure: failureOf(error), seconds: seconds() });
    } finally {
      if (folder !== undefined) store.removeWorkFolder(folder);
    }
  }

  async #conclude(
    instance: Instance,
    inputs: readonly BoundInput[],
    identity: StageIdentity,
    outcome: JobOutcome,
    {
      job,
      reasons,
      log,
      seconds,
    }: { job: Job; reasons: readonly Reason[]; log: readonly string[]; seconds: number },
  ): Promise<void> {
    const { store } = this.#survey.workspace;
    switch (outcome.kind) {
      case 'interrupted':
        this.#settle(instance, { kind: 'interrupted' });
        return;
      case 'failed':
        this.#settle(instance, { kind: 'failed', failure: outcome.failure, seconds });
        return;
      case 'damaged': {
        const input = inputs.find(({ object }) => object.sha256 === outcome.sha256);
        if (input === undefined)
          throw new Error('Internal error: a damaged input that nobody reads');
        // Others may have read it too, and set it aside or built it again meanwhile.
        if (store.isWhole(outcome.sha256)) return;
        if (store.objectState(input.object) !== 'missing') {
          this.#warnDamaged(input.output, input.instance, store.setAside(outcome.sha256));
        }
        this.#unsettle(input, instance.stage.name);
        return;
      }
      case 'done':
        break;
      default:
        outcome satisfies never;
    }
    const files = await this.#movedSince(instance, identity);
    if (files !== undefined) {
      this.#settle(instance, { kind: 'moved', files, seconds });
      return;
    }
    const fields = fieldsOf(instance, identity, inputs);
    const record: StoreRecord = {
      format: FORMAT,
      fingerprint: fingerprintOf(fields),
      instance: instance.id,
      fields,
      sources: identity.sources,
      outputs: outcome.outputs,
      log,
      seconds,
    };
    const before = this.#survey.latestRecord(instance);
    const known = store.record(record.fingerprint);
    if (known !== undefined && canonicalJson(known.outputs) !== canonicalJson(record.outputs)) {
      this.#settle(instance, { kind: 'failed', failure: notDeterministic(known, record), seconds });
      return;
    }
    for (const [name, object] of Object.entries(outcome.outputs)) {
      store.addObject(job.outputs[name] ?? '', object);
    }
    store.addRecord(record);
    this.#rebuild.delete(instance.id);
    this.#forcedDone.add(instance.id);
    const changed =
      before === undefined || canonicalJson(before.outputs) !== canonicalJson(record.outputs);
    this.#accept(instance, record, { kind: 'ran', reasons, seconds, changed });
  }

  /** The files that moved while an instance ran; undefined when its fingerprint is what it was. */
  async #movedSince(
    instance: Instance,
    before: StageIdentity,
  ): Promise<readonly string[] | undefined> {
    const { workspace, graph } = this.#survey;
    const now = await identify(workspace, graph.stages, instance.stage);
    if (canonicalJson(now.identity) === canonicalJson(before.identity)) return undefined;
    const earlier = {
      fields: { ...before.identity, each: {}, inputs: {} },
      sources: before.sources,
    };
    const reasons = differences(
      earlier as unknown as StoreRecord,
      now,
      (hash) => workspace.store.note(hash),
      () => [],
    );
    const files = reasons.flatMap((reason) => ('files' in reason ? reason.files : []));
    return files.length > 0 ? [...new Set(files)] : reasons.map(({ cue }) => cue);
  }

  #accept(instance: Instance, record: StoreRecord, result: Result): void {
    this.records.set(instance.id, record);
    const { latest, store, artifacts } = this.#survey.workspace;
    latest.set(instance.id, record.fingerprint);
    const copies = isLast(this.#survey.graph, instance.stage);
    showOutputs({ artifacts, store, copies }, instance, record);
    this.#settle(instance, result);
  }

  #settle(instance: Instance, result: Result): void {
    this.results.set(instance.id, result);
    this.#emit({ type: 'settled', instance: instance.id, result });
  }

  /** With `only`, what the targets read is the latest that was recorded, fresh or not. */
  #takeLatestInputs(): void {
    for (const instance of this.#order) {
      if (this.#options.targets.includes(instance.stage.name)) continue;
      const record = this.#survey.latestRecord(instance);
      if (record !== undefined) this.records.set(instance.id, record);
    }
    for (const instance of this.#order) {
      if (!this.#options.targets.includes(instance.stage.name)) continue;
      const missing = producersOf(this.#survey.graph, instance).find(
        ({ producer }) =>
          !this.records.has(producer.id) && !this.#options.targets.includes(producer.stage.name),
      );
      if (missing === undefined) continue;
      const { name } = missing.producer.stage;
      throw new UserError(
        'no-input',
        `${instance.stage.name} reads ${missing.role.kind} of ${name}, which has not run yet. Run \`npm run pipeline -- ${name}\` first.`,
      );
    }
  }
}

function notDeterministic(known: StoreRecord, now: StoreRecord): Failure {
  const names = Object.keys(now.outputs).filter(
    (name) => known.outputs[name]?.sha256 !== now.outputs[name]?.sha256,
  );
  return {
    user: true,
    code: 'not-deterministic',
    message:
      `not deterministic: ${now.instance} ran again with the same code, parameters and inputs, and its ` +
      `${names.join(' and ')} came out different. The earlier result is kept.`,
    stack: '',
  };
}

function failureOf(error: unknown): Failure {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const user = error instanceof UserError;
  return {
    user,
    code: user ? error.code : 'internal',
    message: user ? message : `${name}: ${message}`,
    stack,
  };
}

import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, type Sha256 } from './canonical.ts';
import type { Emit } from './events.ts';
import { declarationsNote } from './declaration-changes.ts';
import { differences } from './explain.ts';
import { FORMAT, fingerprintOf } from './fingerprint.ts';
import type { Instance } from './graph.ts';
import { identify, type StageIdentity } from './identity.ts';
import type { Executor, ExpectedJob, Failure, Job, JobOutcome } from './job.ts';
import type { Lease } from './lease.ts';
import { jobOf } from './make-job.ts';
import { packPackages } from './packed.mjs';
import { fieldsOf, type BoundInput, type Survey } from './plan.ts';
import { reach } from './points.ts';
import { damageWarning } from './set-aside.ts';
import { storeError, type Store, type StoreRecord } from './store.ts';
import { visible, visibleLines } from './words.ts';

/** One instance that is to be computed, and all that it takes. */
export interface Work {
  readonly survey: Survey;
  readonly instance: Instance;
  readonly inputs: readonly BoundInput[];
  readonly identity: StageIdentity;
  readonly lease: Lease;
  readonly executor: Executor;
  readonly jobs: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What came of it. Only `recorded` left anything in the store. */
export type Conclusion =
  | { readonly kind: 'recorded'; readonly record: StoreRecord; readonly changed: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'moved'; readonly files: readonly string[] }
  | { readonly kind: 'damaged-input'; readonly sha256: Sha256 }
  | { readonly kind: 'lease-lost' }
  | { readonly kind: 'interrupted' };

/** Tells an executor of instances that are likely to be computed next. */
export async function expectInstances(
  survey: Survey,
  instances: readonly Instance[],
  executor: Executor,
): Promise<void> {
  const jobs: ExpectedJob[] = [];
  for (const { stage } of instances) {
    const { identity, bundle, parts } = await survey.identity(stage);
    const packages = Object.keys(identity.packages).filter((name) => name !== 'esbuild');
    await packPackages(survey.workspace.root, packages);
    jobs.push({ bundle, parts, packages });
  }
  await executor.expect(jobs);
}

/** Computes an instance and records the result. */
export async function executeInstance(work: Work): Promise<Conclusion> {
  const { survey, instance, identity, executor, lease, emit, signal } = work;
  const { store, root } = survey.workspace;
  const startedMs = Date.now();
  const log: string[] = [];
  let folder: string | undefined;
  try {
    folder = store.makeWorkFolder();
    const job = jobOf(work, folder, (hash) => store.objectPath(hash));
    const jobFile = path.join(folder, 'job.json');
    fs.writeFileSync(jobFile, JSON.stringify(job));
    reach('job-written');
    await packPackages(root, Object.keys(identity.identity.packages));
    const outcome = await executor.execute(
      jobFile,
      {
        started: (pid) => {
          lease.nameWorker(pid);
        },
        progress: (done, total, note) => {
          emit({ type: 'progress', instance: instance.id, done, total, note });
        },
        log: (line) => {
          log.push(line);
          emit({ type: 'log', instance: instance.id, line });
        },
      },
      signal,
    );
    if (outcome.kind === 'damaged') return { kind: 'damaged-input', sha256: outcome.sha256 };
    if (outcome.kind !== 'done') return outcome;
    const files = await movedSince(survey, instance, identity);
    if (files !== undefined) return { kind: 'moved', files };
    const seconds = (Date.now() - startedMs) / 1000;
    return recordResult(work, job, outcome.outputs, { log, seconds });
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  } finally {
    if (folder !== undefined) store.removeWorkFolder(folder);
  }
}

function recordResult(
  { survey, instance, inputs, identity, lease, emit }: Work,
  job: Job,
  outputs: Extract<JobOutcome, { kind: 'done' }>['outputs'],
  told: { readonly log: readonly string[]; readonly seconds: number },
): Conclusion {
  const { store } = survey.workspace;
  const fields = fieldsOf(instance, identity, inputs);
  const declarations = declarationsNote(identity.declarations());
  const record: StoreRecord = {
    format: FORMAT,
    fingerprint: fingerprintOf(fields),
    instance: instance.id,
    fields,
    sources: identity.sources,
    declarations: declarations.sha256,
    outputs,
    ...told,
  };
  const before = survey.latestRecord(instance);
  const known = store.record(record.fingerprint);
  if (known !== undefined && !sameOutputs(known, record)) return notDeterministic(known, record);
  // Whoever took the lease over takes this process for dead, and computes the same again.
  if (!lease.held()) return { kind: 'lease-lost' };
  for (const [name, object] of Object.entries(outputs)) {
    const aside = store.addObject(job.outputs[name] ?? '', object);
    if (aside !== undefined) emit(damageWarning(`${name} of ${instance.id}`, aside));
  }
  reach('between-object-and-record');
  for (const [hash, text] of identity.notes) store.addNote(hash, text);
  store.addNote(declarations.sha256, declarations.text);
  if (!store.addRecord(record)) return notDeterministic(recordOf(store, record), record);
  const kept = recordOf(store, record);
  return {
    kind: 'recorded',
    record: kept,
    changed: before === undefined || !sameOutputs(before, kept),
  };
}

/** The record that stands in the store: an earlier one of the same outputs stays. */
function recordOf(store: Store, { fingerprint }: StoreRecord): StoreRecord {
  const record = store.record(fingerprint);
  if (record === undefined)
    throw new Error(`Internal error: the record ${fingerprint} is not there`);
  return record;
}

/** The files that moved while an instance ran; undefined when its fingerprint is what it was. */
async function movedSince(
  survey: Survey,
  instance: Instance,
  before: StageIdentity,
): Promise<readonly string[] | undefined> {
  const { workspace } = survey;
  const yaml = await survey.configurationMoved(instance.stage);
  if (yaml !== undefined) return [yaml];
  const now = await identify(workspace, survey.graph.stages, instance.stage);
  if (canonicalJson(now.identity) === canonicalJson(before.identity)) return undefined;
  const reasons = differences(
    { fields: { ...before.identity, each: {}, inputs: {} }, sources: before.sources },
    now,
    (hash) => now.notes.get(hash) ?? before.notes.get(hash),
    () => [],
  );
  const files = reasons.flatMap((reason) => {
    if (reason.cue !== 'content' || reason.files.length > 0) {
      return 'files' in reason ? reason.files : [];
    }
    const file = instance.stage.paths.find(({ name }) => name === reason.name);
    return file === undefined ? [reason.name] : [path.basename(file.path)];
  });
  return files.length > 0 ? [...new Set(files.map(visible))] : reasons.map(({ cue }) => cue);
}

function sameOutputs(a: StoreRecord, b: StoreRecord): boolean {
  return canonicalJson(a.outputs) === canonicalJson(b.outputs);
}

function notDeterministic(known: StoreRecord, now: StoreRecord): Conclusion {
  const names = Object.keys(now.outputs).filter(
    (name) => known.outputs[name]?.sha256 !== now.outputs[name]?.sha256,
  );
  return {
    kind: 'failed',
    failure: {
      user: true,
      code: 'not-deterministic',
      message:
        `not deterministic: ${now.instance} ran again with the same code, parameters and inputs, and its ` +
        `${names.join(' and ')} came out different. The earlier result is kept.`,
      stack: '',
    },
  };
}

/** A thrown error as it is shown and kept. */
export function failureOf(thrown: unknown): Failure {
  const seen = storeError((thrown as NodeJS.ErrnoException).path ?? 'the store', thrown);
  const error = seen instanceof Error ? seen : new Error(String(seen));
  const { name, message, stack = '' } = error;
  // By name: a stage that resolves its parameters holds a copy of the class of its own.
  const user = name === 'UserError' && 'code' in error;
  return {
    user,
    code: user ? String(error.code) : 'internal',
    message: user ? message : visibleLines(`${name}: ${message}`),
    stack,
  };
}

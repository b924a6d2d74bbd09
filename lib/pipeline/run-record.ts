import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Sha256 } from './canonical.ts';
import type { Result } from './events.ts';
import { reasonText } from './explain.ts';
import type { Fingerprint } from './fingerprint.ts';
import { upTo } from './graph.ts';
import type { Survey } from './plan.ts';
import type { RunOutcome } from './run.ts';
import type { UpstreamStage } from './stage.ts';
import type { Store } from './store.ts';

/** What a run was, and what came of it: artifacts/runs/ID/run.json. No stage reads it. */
export interface RunRecord {
  readonly format: 1;
  /** Sortable by time: `20260214T093000.123Z-1f2e3d`, and `-fresh` behind it where all was recalled. */
  readonly id: string;
  /** As typed: `pipeline --set train.lambda=0.5`. */
  readonly words: readonly string[];
  /** The pipeline's file, as the user would type it. */
  readonly config: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Null for a run that has not ended, or was killed. */
  readonly ended: string | null;
  readonly seconds: number | null;
  /** The exit status. */
  readonly status: number | null;
  /** Of the project; null where it does not stand in git. */
  readonly git: GitState | null;
  readonly versions: Versions;
  /** Each stage with its resolved parameters; what names files stands as the hash of their content. */
  readonly stages: readonly UpstreamStage[];
  readonly instances: readonly RunInstance[];
}

export interface GitState {
  readonly commit: string;
  /** Whether every file was as committed, and there were no others. */
  readonly clean: boolean;
}

export interface Versions {
  readonly node: string;
  /** `linux x64` */
  readonly platform: string;
  /** SHA-256 of package-lock.json; null where there is none. */
  readonly lock: Sha256 | null;
  /** Programs that stages start: their version lines. */
  readonly tools: Readonly<Record<string, string>>;
  /** Packages that the stages' code imports: their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface RunInstance {
  readonly instance: string;
  readonly result: Result['kind'];
  readonly reasons: readonly string[];
  readonly seconds?: number;
  readonly error?: string;
  /** Of its result; absent where there is none. */
  readonly fingerprint?: Fingerprint;
  readonly outputs: Readonly<Record<string, RunOutput>>;
  readonly log: readonly string[];
}

export interface RunOutput {
  readonly kind: string;
  readonly sha256: Sha256;
  readonly bytes: number;
}

/** What is known of a run when it begins. */
export type RunHead = Pick<RunRecord, 'id' | 'words' | 'config' | 'started'>;

export function beginRun(words: readonly string[], config: string): RunHead {
  const started = new Date().toISOString();
  const time = started.replace(/[-:]/g, '');
  return { id: `${time}-${randomBytes(3).toString('hex')}`, words, config, started };
}

/** The record of a run that is under way: what stays of one that is killed. */
export function unfinishedRun(head: RunHead): RunRecord {
  const versions = { ...machine(), lock: null, tools: {}, packages: {} };
  const nothing = { ended: null, seconds: null, status: null, git: null, stages: [] };
  return { format: 1, ...head, ...nothing, versions, instances: [] };
}

/** What a run that ended was. */
export async function finishedRun(
  head: RunHead,
  survey: Survey,
  targets: readonly string[],
  outcome: RunOutcome,
  ended: { readonly status: number; readonly git: GitState | null; readonly lock: Sha256 | null },
): Promise<RunRecord> {
  const { status, git, lock } = ended;
  const tools: Record<string, string> = {};
  const packages: Record<string, string> = {};
  const stages: UpstreamStage[] = [];
  for (const stage of upTo(survey.graph, targets)) {
    try {
      const { identity, self } = await survey.identity(stage);
      Object.assign(tools, identity.tools);
      for (const [name, version] of Object.entries({
        ...identity.packages,
        ...identity.versions,
      })) {
        // What it depends on, which the hash behind the version tells of, is the lock's to tell.
        packages[name] = version.replace(/ sha256:.*/, '');
      }
      stages.push(self);
    } catch {
      // What cannot be looked at (a corpus that is gone) failed the run, which says so.
    }
  }
  const now = new Date();
  return {
    format: 1,
    ...head,
    ended: now.toISOString(),
    seconds: (now.getTime() - Date.parse(head.started)) / 1000,
    status,
    git,
    versions: { ...machine(), lock, tools, packages },
    stages,
    instances: [...outcome.results].map(([id, result]) => instanceOf(survey, outcome, id, result)),
  };
}

/** Puts a run's record in its place, whole or not at all. */
export function writeRun(artifacts: string, store: Store, record: RunRecord): void {
  store.writeDurably(runFile(artifacts, record.id), runText(record));
}

export function runText(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

export function runFile(artifacts: string, id: string): string {
  return path.join(artifacts, 'runs', id, 'run.json');
}

/** Whether every instance was fresh: such a run leaves nothing behind but its record. */
export function didNothing({ instances }: Pick<RunRecord, 'instances'>): boolean {
  return instances.every(({ result }) => result === 'fresh');
}

function instanceOf(
  { graph }: Survey,
  { records }: RunOutcome,
  id: string,
  result: Result,
): RunInstance {
  const record = records.get(id);
  const writes = graph.instances.find((other) => other.id === id)?.stage.declaration.writes ?? {};
  const outputs = Object.entries(record?.outputs ?? {}).map(([name, object]) => [
    name,
    { kind: writes[name] ?? '', ...object },
  ]);
  return {
    instance: id,
    result: result.kind,
    reasons: result.kind === 'ran' ? result.reasons.map(reasonText) : [],
    ...('seconds' in result ? { seconds: result.seconds } : {}),
    ...(result.kind === 'failed' ? { error: result.failure.message } : {}),
    ...(record === undefined ? {} : { fingerprint: record.fingerprint }),
    outputs: Object.fromEntries(outputs) as Record<string, RunOutput>,
    log: record?.log ?? [],
  };
}

function machine(): Pick<Versions, 'node' | 'platform'> {
  return { node: process.version, platform: `${process.platform} ${process.arch}` };
}

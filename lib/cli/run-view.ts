import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../pipeline/canonical.ts';
import type { RunRecord } from '../pipeline/run-record.ts';
import { findRun, readRunFile, readRuns } from '../pipeline/runs.ts';
import type { Store } from '../pipeline/store.ts';
import { parseReport, readReport, type WrittenReport } from '../report/reader.ts';

/** A run, or a report, as two of them are held against each other: one flat map for each kind of fact. */
export interface RunView {
  readonly name: string;
  /** `train.lambda` -> 0.8 */
  readonly parameters: Facts;
  /** `train[fold=1]/model.arrow` -> SHA-256 */
  readonly artifacts: Facts;
  /** `evaluate: network, UAR` -> 0.551 */
  readonly metrics: Facts;
  /** `commit`, `node`, `apache-arrow` -> version */
  readonly versions: Facts;
  /** A report names only what it was made from. */
  readonly partial: boolean;
}

export type Facts = ReadonlyMap<string, unknown>;

/**
 * The run that a word means, or the report.json that it is a path of.
 *
 * @throws UserError when it is neither.
 */
export function viewOf(
  word: string,
  { artifacts, store }: { readonly artifacts: string; readonly store: Store },
  asPath: (word: string) => string,
): RunView {
  if (word.endsWith('.json') || word.includes('/') || word.includes(path.sep)) {
    const file = asPath(word);
    const report = readReport(file);
    const beside = recordBeside(file);
    return beside === undefined ? viewOfReport(word, report) : viewOfRun(beside, report, word);
  }
  const record = findRun(readRuns(artifacts), word);
  return viewOfRun(record, reportOf(record, store), record.id);
}

/** The run.json beside a report.json, if it tells of the run that gave these bytes. */
export function recordBeside(report: string): RunRecord | undefined {
  const record = readRunFile(path.join(path.dirname(report), 'run.json'));
  if (record === undefined) return undefined;
  const text = fs.readFileSync(report, 'utf8');
  const hash = reportObject(record)?.sha256;
  return hash === sha256(text) ? record : undefined;
}

/** `train[fold=1]/model.arrow` for what a report calls `train`, `fold 1`, `model.arrow`. */
export function artifactName(fact: WrittenReport['artifacts'][number]): string {
  const each =
    fact.instance === '' ? '' : `[${fact.instance.replaceAll(' ', '=').replaceAll(',=', ',')}]`;
  return `${fact.stage}${each}/${fact.kind}`;
}

/** The artifacts of a run by the same names. */
export function artifactsOfRun({ instances }: RunRecord): ReadonlyMap<string, string> {
  return new Map(
    instances.flatMap(({ instance, outputs }) =>
      Object.values(outputs).map(({ kind, sha256: hash }): [string, string] => [
        `${instance}/${kind}`,
        hash,
      ]),
    ),
  );
}

function viewOfRun(record: RunRecord, report: WrittenReport | undefined, name: string): RunView {
  const { versions, git } = record;
  return {
    name,
    parameters: parametersOf(record.stages),
    artifacts: artifactsOfRun(record),
    metrics: report === undefined ? new Map() : metricsOf(report),
    versions: new Map<string, unknown>([
      ['commit', git === null ? 'unknown' : `${git.commit}${git.clean ? '' : ' and changes'}`],
      ['node', versions.node],
      ['platform', versions.platform],
      ['package-lock.json', versions.lock ?? 'absent'],
      ...Object.entries(versions.tools),
      ...Object.entries(versions.packages),
    ]),
    partial: false,
  };
}

function viewOfReport(name: string, report: WrittenReport): RunView {
  return {
    name,
    parameters: parametersOf(report.stages),
    artifacts: new Map(report.artifacts.map((fact) => [artifactName(fact), fact.sha256])),
    metrics: metricsOf(report),
    versions: new Map(Object.entries(report.packages)),
    partial: true,
  };
}

function parametersOf(stages: WrittenReport['stages'] | RunRecord['stages']): Facts {
  return new Map(
    stages.flatMap(({ name, params }) =>
      Object.entries(params).map(([key, value]): [string, unknown] => [`${name}.${key}`, value]),
    ),
  );
}

function metricsOf({ evaluations }: WrittenReport): Facts {
  return new Map(
    evaluations.flatMap(({ name, models }) =>
      models.flatMap(({ model, pooled, meanOverFolds }) => [
        ...(pooled === null
          ? []
          : ([
              [`${name}: ${model}, UAR`, pooled.uar],
              [`${name}: ${model}, WA`, pooled.wa],
            ] as const)),
        [`${name}: ${model}, mean UAR of the folds`, meanOverFolds.uar] as const,
      ]),
    ),
  );
}

/** The report.json that a run gave, while the store has it. */
function reportOf(record: RunRecord, store: Store): WrittenReport | undefined {
  const object = reportObject(record);
  if (object === undefined || !store.isWhole(object.sha256)) return undefined;
  return parseReport(fs.readFileSync(store.objectPath(object.sha256), 'utf8'));
}

function reportObject({ instances }: RunRecord): { readonly sha256: string } | undefined {
  return instances
    .flatMap(({ outputs }) => Object.values(outputs))
    .find(({ kind }) => kind === 'report.json');
}

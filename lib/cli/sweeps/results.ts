import path from 'node:path';
import { spokenName } from '../../pipeline/graph.ts';
import { outputFolder } from '../../pipeline/links.ts';
import type { Survey } from '../../pipeline/plan.ts';
import type { RunOutcome } from '../../pipeline/run.ts';
import type { Failed } from '../../sweeps/comparison.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import type { Invocation } from '../command.ts';
import { pageOf, shownPath } from '../session.ts';
import { failureParagraphs } from '../summary.ts';
import { duration, painter, wantsColour } from '../style.ts';
import type { SweepCounts } from './counts.ts';
import { timesCsv, trainingTimes } from './times.ts';
import { bestSoFar, type WatchedRun } from './watch.ts';

/** A sweep that came to its end. */
export interface EndedSweep {
  readonly sweep: Sweep;
  readonly survey: Survey;
  readonly counts: SweepCounts;
  readonly outcome: RunOutcome;
  readonly failed: readonly Failed[];
  /** The folder of its page. */
  readonly home: string;
  readonly status: number;
  readonly runs: readonly WatchedRun[];
}

/** Says what came of a sweep, and leaves the measured times beside its page. @returns the exit status */
export function concludeSweep(invocation: Invocation, ended: EndedSweep): number {
  const { options, talk, answer, environment, folder } = invocation;
  const { sweep, survey, outcome, failed, home, status, runs } = ended;
  const paint = painter(wantsColour(talk, environment));
  const files = filesOf(ended);
  if (files.length > 0) {
    forgetOthers(survey);
    const times = path.join(home, 'times.csv');
    survey.workspace.store.writeDurably(times, timesCsv(sweep, outcome));
    survey.workspace.store.removeTemporary(survey.workspace.presence.token);
    files.push(times);
  }
  for (const paragraph of sharedFailures(outcome, options.values['debug'] === true)) {
    process.stderr.write(`\n${paint('red', 'error')} ${paragraph}\n`);
  }
  for (const { run, stage, message, rerun } of failed.filter(({ shared }) => !shared)) {
    process.stderr.write(
      `\n${paint('red', 'failed')} ${run.point.label} seed=${run.seed}: ${stage}: ${message}\n  alone: ${rerun}\n`,
    );
  }
  if (options.values['json'] === true) {
    answer.write(`${JSON.stringify(jsonOf(ended, files), null, 2)}\n`);
    return status;
  }
  if (wasInterrupted(outcome)) {
    const done = runs.filter(({ state }) => state === 'done').length;
    talk.write(`\n  ${done} of ${runs.length} runs are done and kept; the same command goes on.\n`);
  }
  for (const line of outcome.records.get('compare')?.log ?? []) talk.write(`\n  ${line}`);
  const times = trainingTimes(sweep, outcome);
  if (times !== undefined) {
    const { median, total } = times;
    talk.write(
      `\n  a training took ${duration(median)} (median), ${duration(total)} of computing in all\n`,
    );
  }
  const page = pageOf(files);
  if (page !== undefined) talk.write(`\n  ${shownPath(page, folder)}\n`);
  return status;
}

/** Of the stages under their own name, which many runs share, and of the comparison: each told once. */
function sharedFailures({ results, records }: RunOutcome, debug: boolean): readonly string[] {
  const common = [...results].filter(([id]) => spokenName(id) === id);
  return failureParagraphs({ results: new Map(common), records }, debug);
}

/** By whichever signal: their exit statuses differ. */
export function wasInterrupted({ results }: RunOutcome): boolean {
  return [...results.values()].some(({ kind }) => kind === 'interrupted');
}

/** The files of the comparison. */
function filesOf({ survey, outcome }: EndedSweep): string[] {
  const instance = survey.graph.instances.find(({ id }) => id === 'compare');
  if (instance === undefined || !outcome.records.has('compare')) return [];
  const folder = outputFolder(survey.workspace.artifacts, instance) ?? '';
  return Object.values(instance.stage.declaration.writes).map((kind) => path.join(folder, kind));
}

/** Points that the sweep no longer has are no reason to keep their results. */
function forgetOthers({ graph, workspace }: Survey): void {
  const known = new Set(graph.instances.map(({ id }) => id));
  for (const { instance } of workspace.latest.all()) {
    if (!known.has(instance)) workspace.latest.forget(instance);
  }
}

function jsonOf(ended: EndedSweep, files: readonly string[]): unknown {
  const { sweep, counts, failed, status, runs } = ended;
  return {
    status,
    sweep: sweep.definition.name,
    instances: counts,
    baseline: sweep.baseline.label,
    best: bestSoFar(runs) ?? null,
    runs: runs.map(({ run, state, uar }) => ({
      label: run.point.label,
      parameters: run.point.parameters,
      seed: run.seed,
      state,
      ...(uar === undefined ? {} : { uar }),
    })),
    failed: failed.map(({ run, stage, message, rerun }) => ({
      label: run.point.label,
      seed: run.seed,
      stage,
      message,
      rerun,
    })),
    files,
  };
}

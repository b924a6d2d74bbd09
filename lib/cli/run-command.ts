import fs from 'node:fs';
import path from 'node:path';
import { reasonText } from '../pipeline/explain.ts';
import { isLast, upTo } from '../pipeline/graph.ts';
import { outputFolder } from '../pipeline/links.ts';
import { localExecutor } from '../pipeline/local-executor.ts';
import type { Selection } from '../pipeline/plan.ts';
import { run, type RunOutcome } from '../pipeline/run.ts';
import { exitStatus, type Invocation } from './command.ts';
import { withInterrupts } from './interrupts.ts';
import { positiveInteger } from './options.ts';
import { plainPrinter } from './printers/plain.ts';
import { terminalPrinter } from './printers/terminal.ts';
import { cores, openSession, refuseUnknownStages, shownPath, type Session } from './session.ts';
import { isTerminal, painter, wantsColour } from './style.ts';
import { failureParagraphs, summaryLines } from './summary.ts';

/** Failures that are nobody's wrong input, though their message is written for the user. */
const NOT_INPUT = ['not-deterministic', 'store'];

/** Runs a selection of the pipeline and says what came of it. @returns the exit status */
export async function runCommand(invocation: Invocation, selection: Selection): Promise<number> {
  const { options, environment, talk, answer } = invocation;
  const quiet = options.values['quiet'] === true;
  const json = options.values['json'] === true;
  const paint = painter(wantsColour(talk, environment));
  const jobs = positiveInteger(options.values['jobs'] as string | undefined, 'jobs', cores());
  const session = await openSession(invocation);
  refuseUnknownStages(session.survey.graph, options.words);
  const printer =
    isTerminal(talk) && !quiet ? terminalPrinter(talk, paint) : plainPrinter(talk, paint, quiet);
  const { outcome, interrupted } = await withInterrupts(printer, async (signal) => {
    const executor = localExecutor(invocation.root);
    return run(session.survey, { ...selection, jobs }, executor, printer.print, signal);
  });
  const status = interrupted ?? statusOf(outcome);
  const stages = upTo(session.survey.graph, selection.targets);
  if (!quiet) talk.write(`\n${summaryLines(stages, outcome, paint).join('\n')}\n`);
  for (const paragraph of failureParagraphs(outcome, options.values['debug'] === true)) {
    process.stderr.write(`\n${paint('red', 'error')} ${paragraph}\n`);
  }
  const files = resultFiles(session, outcome);
  if (json) answer.write(`${JSON.stringify(jsonOutcome(outcome, files, status), null, 2)}\n`);
  else sayResult(invocation, session, outcome, files, status);
  return status;
}

function statusOf({ results }: RunOutcome): number {
  const failures = [...results.values()].filter((result) => result.kind === 'failed');
  if ([...results.values()].some((result) => result.kind === 'moved')) return exitStatus.failed;
  if (failures.length === 0) return exitStatus.done;
  const input = failures.every(({ failure }) => failure.user && !NOT_INPUT.includes(failure.code));
  return input ? exitStatus.wrongInput : exitStatus.failed;
}

/** Where the files of stages that nothing reads lie: the report, in most pipelines. */
function resultFiles({ survey, artifacts }: Session, outcome: RunOutcome): readonly string[] {
  return survey.graph.instances
    .filter((instance) => isLast(survey.graph, instance.stage) && outcome.records.has(instance.id))
    .flatMap((instance) =>
      Object.values(instance.stage.declaration.writes).map((kind) =>
        path.join(outputFolder(artifacts, instance), kind),
      ),
    )
    .filter((file) => fs.existsSync(file));
}

function sayResult(
  { talk, folder }: Invocation,
  { survey }: Session,
  outcome: RunOutcome,
  files: readonly string[],
  status: number,
): void {
  if (status !== exitStatus.done) return;
  for (const instance of survey.graph.instances) {
    if (instance.stage.use !== 'evaluate') continue;
    const record = outcome.records.get(instance.id);
    for (const line of record?.log ?? []) talk.write(`  ${instance.id}: ${line}\n`);
  }
  const report = files.find((file) => file.endsWith('.html')) ?? files[0];
  if (report !== undefined) talk.write(`\n  ${shownPath(report, folder)}\n`);
}

function jsonOutcome(outcome: RunOutcome, files: readonly string[], status: number): unknown {
  const instances = [...outcome.results].map(([instance, result]) => {
    const record = outcome.records.get(instance);
    const reasons = result.kind === 'ran' ? result.reasons : [];
    return {
      instance,
      result: result.kind,
      reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
      ...('seconds' in result ? { seconds: result.seconds } : {}),
      ...(result.kind === 'ran' ? { changed: result.changed } : {}),
      ...(result.kind === 'failed'
        ? { error: { code: result.failure.code, message: result.failure.message } }
        : {}),
      ...(result.kind === 'moved' ? { files: result.files } : {}),
      ...(result.kind === 'blocked' ? { by: result.by } : {}),
      outputs: record?.outputs ?? {},
      log: record?.log ?? [],
    };
  });
  return { status, instances, files };
}

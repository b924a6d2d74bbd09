import fs from 'node:fs';
import path from 'node:path';
import type { Emit } from '../pipeline/events.ts';
import { reasonText } from '../pipeline/explain.ts';
import { isLast, upTo } from '../pipeline/graph.ts';
import { outputFolder } from '../pipeline/links.ts';
import type { Selection } from '../pipeline/plan.ts';
import type { Executor } from '../pipeline/job.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import { visible } from '../pipeline/words.ts';
import { exitStatus, type Invocation } from './command.ts';
import { beginExecutor, perform } from './perform.ts';
import { remembering, type EndedWell } from './remember.ts';
import { openSession, pageOf, refuseUnknownStages, shownPath, type Session } from './session.ts';
import { painter, wantsColour } from './style.ts';
import { failureParagraphs, summaryLines } from './summary.ts';

/** Runs a selection of the pipeline and says what came of it. @returns the exit status */
export function runCommand(invocation: Invocation, selection: Selection): Promise<number> {
  return remembering(invocation, async (listen) => {
    const executor = beginExecutor(invocation);
    try {
      return await runAndSay(invocation, selection, executor, listen);
    } finally {
      executor.close();
    }
  });
}

async function runAndSay(
  invocation: Invocation,
  selection: Selection,
  executor: Executor,
  listen: Emit,
): Promise<{ status: number; ended: EndedWell | undefined }> {
  const { options, environment, talk, answer } = invocation;
  const quiet = options.values['quiet'] === true;
  const json = options.values['json'] === true;
  const paint = painter(wantsColour(talk, environment));
  const session = await openSession(invocation);
  refuseUnknownStages(session.survey.graph, options.words);
  const { outcome, status, record } = await perform(
    invocation,
    session.survey,
    session.configFile,
    selection,
    { executor, listen },
  );
  const stages = upTo(session.survey.graph, selection.targets);
  if (!quiet) talk.write(`\n${summaryLines(stages, outcome, paint).join('\n')}\n`);
  for (const paragraph of failureParagraphs(outcome, options.values['debug'] === true)) {
    process.stderr.write(`\n${paint('red', 'error')} ${paragraph}\n`);
  }
  const files = resultFiles(session, outcome);
  if (json)
    answer.write(`${JSON.stringify(jsonOutcome(session, outcome, files, status), null, 2)}\n`);
  else sayResult(invocation, session, outcome, files, status);
  return { status, ended: status === exitStatus.done ? { session, outcome, record } : undefined };
}

/** Where the files of stages that nothing reads lie: the report, in most pipelines. */
function resultFiles({ survey, artifacts }: Session, outcome: RunOutcome): readonly string[] {
  return survey.graph.instances
    .filter((instance) => isLast(survey.graph, instance.stage) && outcome.records.has(instance.id))
    .flatMap((instance) => {
      const folder = outputFolder(artifacts, instance);
      const kinds = Object.values(instance.stage.declaration.writes);
      return folder === undefined ? [] : kinds.map((kind) => path.join(folder, kind));
    })
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
    for (const line of record?.log ?? []) talk.write(`  ${instance.id}: ${visible(line)}\n`);
  }
  const report = pageOf(files);
  if (report !== undefined) talk.write(`\n  ${shownPath(report, folder)}\n`);
}

function jsonOutcome(
  { survey }: Session,
  outcome: RunOutcome,
  files: readonly string[],
  status: number,
): unknown {
  // In the pipeline's order: the one in which they ended differs from run to run.
  const instances = survey.graph.instances.flatMap(({ id: instance }) => {
    const result = outcome.results.get(instance);
    if (result === undefined) return [];
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

import path from 'node:path';
import { LatestRecords } from '../../pipeline/latest.ts';
import { plan, Survey } from '../../pipeline/plan.ts';
import type { Graph } from '../../pipeline/graph.ts';
import { planSweep } from '../../sweeps/sweep.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { positiveInteger } from '../options.ts';
import { perform } from '../perform.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { plainPrinter } from '../printers/plain.ts';
import { sweepPrinter } from '../printers/sweep.ts';
import { cores, pipelineRequest } from '../session.ts';
import { painter, wantsColour } from '../style.ts';
import { agreed, definer } from '../sweeps/asked.ts';
import { countSweep, countsText } from '../sweeps/counts.ts';
import { failedRuns } from '../sweeps/failed.ts';
import { concludeSweep, wasInterrupted } from '../sweeps/results.ts';

const EVERYTHING = { targets: [], only: false, force: false };
const DEFAULT_MAX = 500;

/** `sweep NAME`, `sweep --grid train.lambda=0.3,0.8`: many points, and what they come to. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, talk, answer, environment } = invocation;
  const { values } = options;
  const paint = painter(wantsColour(talk, environment));
  const quiet = values['quiet'] === true;
  const max = positiveInteger(values['max'] as string | undefined, 'max', DEFAULT_MAX);
  const jobs = positiveInteger(values['jobs'] as string | undefined, 'jobs', cores());
  const request = { ...pipelineRequest(invocation), define: definer(invocation), max };
  const sweep = await planSweep(request);
  const { name } = sweep.definition;
  const artifacts = artifactsOf(invocation);
  const home = path.join(artifacts, 'sweeps', name);
  const surveyOf = (graph: Graph): Survey => {
    const workspace = workspaceAt(invocation, artifacts);
    // Apart from the latest results of plain runs: a sweep is no reason for those to look stale.
    const latest = new LatestRecords(path.join(home, 'latest'), workspace.store);
    return new Survey({ ...workspace, latest }, graph);
  };
  const survey = surveyOf(sweep.graph);

  const counts = countSweep(sweep, await plan(survey, EVERYTHING), survey);
  if (!quiet) talk.write(`${paint('bold', `sweep ${name}`)}: ${countsText(counts)}\n`);
  if (values['dry-run'] === true) {
    if (values['json'] === true) {
      answer.write(`${JSON.stringify({ status: 0, sweep: name, instances: counts }, null, 2)}\n`);
    }
    return exitStatus.done;
  }
  if (!(await agreed(invocation, counts))) return exitStatus.done;

  const printer = sweepPrinter(talk, paint, { sweep, survey, jobs, quiet });
  const first = await perform(invocation, survey, request.file, EVERYTHING, {
    own: printer,
  });
  await printer.watch.settled();
  const failed = failedRuns(sweep, first.outcome, invocation);
  const ended = { sweep, counts, failed, home, status: first.status, runs: printer.watch.runs };
  const some = failed.length > 0 && failed.length < sweep.runs.length;
  if (!some || wasInterrupted(first.outcome)) {
    return concludeSweep(invocation, { ...ended, survey, outcome: first.outcome });
  }
  // Some failed: the others are compared without them.
  const rest = surveyOf(await sweep.without(failed));
  const second = await perform(
    invocation,
    rest,
    request.file,
    { ...EVERYTHING, targets: ['compare'] },
    { own: plainPrinter(talk, paint, true) },
  );
  const status = second.status === exitStatus.done ? first.status : second.status;
  return concludeSweep(invocation, { ...ended, status, survey: rest, outcome: second.outcome });
}

import type { Survey, Selection } from '../pipeline/plan.ts';
import type { Emit } from '../pipeline/events.ts';
import type { Executor } from '../pipeline/job.ts';
import { localExecutor } from '../pipeline/local-executor.ts';
import { run, type RunOutcome } from '../pipeline/run.ts';
import type { RunRecord } from '../pipeline/run-record.ts';
import { exitStatus, type Invocation } from './command.ts';
import { withInterrupts } from './interrupts.ts';
import { positiveInteger } from './options.ts';
import { plainPrinter } from './printers/plain.ts';
import type { Printer } from './printers/printer.ts';
import { terminalPrinter } from './printers/terminal.ts';
import { recorder } from './record.ts';
import { cores, shownPath } from './session.ts';
import { isTerminal, painter, wantsColour, type Paint } from './style.ts';

/** Failures that are nobody's wrong input, though their message is written for the user. */
const NOT_INPUT = ['not-deterministic', 'store', 'worker-start'];

export interface Performed {
  readonly outcome: RunOutcome;
  /** The exit status. */
  readonly status: number;
  readonly record: RunRecord;
}

/** Those of nearly all stages, which write Arrow files and check what they read. */
const USUAL_PACKAGES = ['apache-arrow', 'zod'];

/** What runs the jobs of a command that has still to find them: a process waits for the first one meanwhile. */
export function beginExecutor({ root, options }: Invocation): Executor {
  return localExecutor(root, jobsOf(options), USUAL_PACKAGES);
}

function jobsOf({ values }: Invocation['options']): number {
  return positiveInteger(values['jobs'] as string | undefined, 'jobs', cores());
}

/**
 * Runs a selection of a pipeline, says how it goes, and leaves a record of it.
 *
 * @param executor what {@link beginExecutor} gave, if it was called; closed when all is done
 * @param own says it in another way than commands that run a pipeline do
 * @param listen told of everything that happens, as the printer is
 */
export async function perform(
  invocation: Invocation,
  survey: Survey,
  configFile: string,
  selection: Selection,
  {
    executor = localExecutor(invocation.root, jobsOf(invocation.options)),
    own,
    listen = () => undefined,
  }: { executor?: Executor; own?: Printer; listen?: Emit } = {},
): Promise<Performed> {
  const { options, environment, talk, folder } = invocation;
  const quiet = options.values['quiet'] === true;
  const paint = painter(wantsColour(talk, environment));
  const jobs = jobsOf(options);
  const printer = own ?? printerFor(talk, paint, quiet);
  const keeper = recorder(survey, {
    words: process.argv.slice(2),
    config: shownPath(configFile, folder),
    targets: selection.targets,
  });
  const { outcome, interrupted } = await withInterrupts(printer, (signal) =>
    run(
      survey,
      { ...selection, jobs },
      executor,
      (event) => {
        keeper.listen(event);
        listen(event);
        printer.print(event);
      },
      signal,
    ),
  );
  const status = interrupted ?? statusOf(outcome);
  const { record, trouble } = await keeper.end(outcome, status);
  if (trouble !== undefined) {
    talk.write(`${paint('yellow', `warning: this run leaves no record of itself. ${trouble}`)}\n`);
  }
  return { outcome, status, record };
}

function printerFor(talk: NodeJS.WritableStream, paint: Paint, quiet: boolean): Printer {
  return isTerminal(talk) && !quiet
    ? terminalPrinter(talk, paint)
    : plainPrinter(talk, paint, quiet);
}

function statusOf({ results }: RunOutcome): number {
  const failures = [...results.values()].filter((result) => result.kind === 'failed');
  if ([...results.values()].some((result) => result.kind === 'moved')) return exitStatus.failed;
  if (failures.length === 0) return exitStatus.done;
  const input = failures.every(({ failure }) => failure.user && !NOT_INPUT.includes(failure.code));
  return input ? exitStatus.wrongInput : exitStatus.failed;
}

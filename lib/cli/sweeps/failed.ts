import type { Result } from '../../pipeline/events.ts';
import { spokenName, stageOf } from '../../pipeline/graph.ts';
import type { RunOutcome } from '../../pipeline/run.ts';
import type { Failed } from '../../sweeps/comparison.ts';
import { nameOf, valueText } from '../../sweeps/points.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import { scorersOf, stagesOfRun, type SweepRun } from '../../sweeps/run.ts';
import { plain } from '../../pipeline/yaml.ts';
import type { Invocation } from '../command.ts';
import { quoted } from '../npm-options.ts';

/** The runs that came to no result, each with what failed and the command that runs it alone. */
export function failedRuns(
  sweep: Sweep,
  { results, records }: RunOutcome,
  invocation: Invocation,
): readonly Failed[] {
  // In the graph's order: which of several folds failed first differs from run to run.
  const failures = sweep.graph.instances.flatMap(({ id }) => {
    const message = messageOf(results.get(id));
    return message === undefined ? [] : [{ stage: stageOf(id), message }];
  });
  return sweep.runs.flatMap((run) => {
    if (scorersOf(run, sweep.parts).every((name) => records.has(name))) return [];
    const above = stagesOfRun(sweep, run);
    const failure = failures.find(({ stage }) => above.has(stage));
    if (failure === undefined) return [];
    return [
      {
        run,
        stage: spokenName(failure.stage),
        message: failure.message,
        shared: spokenName(failure.stage) === failure.stage,
        rerun: rerunCommand(sweep, run, invocation),
      },
    ];
  });
}

function messageOf(result: Result | undefined): string | undefined {
  if (result?.kind === 'failed') {
    // Of what is long, the first line says what is wrong.
    return result.failure.message.split('\n')[0];
  }
  return result?.kind === 'moved'
    ? `not recorded: ${result.files.join(', ')} changed while it ran`
    : undefined;
}

/** The plain run that is this point with this seed, given the same corpus and artifacts. */
function rerunCommand(
  { parts }: Sweep,
  { settings }: SweepRun,
  { options }: Pick<Invocation, 'options'>,
): string {
  const own = settings.map((setting) => `${nameOf(setting)}=${valueText(plain(setting.value))}`);
  // Neither --corpus nor --artifacts: what the page says must be the same in every folder.
  const { config } = options.values;
  const given = typeof config === 'string' ? ['--config', config] : [];
  const sets = [...((options.values['set'] ?? []) as readonly string[]), ...own];
  const words = [...given, ...sets.flatMap((set) => ['--set', set])].map(quoted);
  return ['npm run pipeline --', parts.evaluate, ...words].join(' ');
}

import type { RunOutcome } from '../../pipeline/run.ts';
import { csvCell } from '../../report/text.ts';
import { stageIn } from '../../sweeps/run.ts';
import type { Sweep } from '../../sweeps/sweep.ts';

/** How long a training took when it was computed, on the machine that computed it. */
interface Training {
  readonly label: string;
  readonly seed: number;
  readonly instance: string;
  readonly seconds: number;
}

/** Trainings that are in the store, whichever run computed them. */
function trainings(sweep: Sweep, { records }: RunOutcome): readonly Training[] {
  return sweep.runs.flatMap((run) => {
    const { point, seed } = run;
    const stage = stageIn(run, sweep.parts.train);
    return sweep.graph.instances
      .filter((instance) => instance.stage.name === stage)
      .flatMap(({ id, each }) => {
        const record = records.get(id);
        const instance = Object.entries(each)
          .map(([axis, value]) => `${axis} ${value}`)
          .join(' ');
        return record === undefined
          ? []
          : [{ label: point.label, seed, instance, seconds: record.seconds }];
      });
  });
}

/** times.csv: measured seconds, which no page may hold, since they differ from machine to machine. */
export function timesCsv(sweep: Sweep, outcome: RunOutcome): string {
  const rows = trainings(sweep, outcome).map(({ label, seed, instance, seconds }) =>
    [label, String(seed), instance, seconds.toFixed(3)].map(csvCell).join(','),
  );
  return `${['point,seed,instance,seconds', ...rows].join('\n')}\n`;
}

export function trainingTimes(
  sweep: Sweep,
  outcome: RunOutcome,
): { readonly median: number; readonly total: number } | undefined {
  const seconds = trainings(sweep, outcome)
    .map((training) => training.seconds)
    .sort((a, b) => a - b);
  const median = seconds[Math.floor(seconds.length / 2)];
  if (median === undefined) return undefined;
  return { median, total: seconds.reduce((sum, one) => sum + one, 0) };
}

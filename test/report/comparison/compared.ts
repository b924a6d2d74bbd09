import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../../../lib/report/comparison/analyse.ts';
import type { Comparison } from '../../../lib/report/comparison/data.ts';
import { gather } from '../../../lib/report/comparison/gather.ts';
import { stages } from '../stages.ts';
import { writeRuns, type Plan, type PlannedPoint } from './runs.ts';

/** The comparison of made-up runs, by way of their artifacts. */
export async function compared(plan: Plan): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'comparison-'));
  try {
    const { params, inputs } = await writeRuns(folder, plan);
    const signal = new AbortController().signal;
    const upstream = stages('clip', true);
    return analyse(params, await gather(params, { inputs, upstream, signal }), () => undefined);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Six lambdas with three sets of channels, of which more channels help a little. */
export const grid: readonly PlannedPoint[] = [
  [5, 10, 20, 30],
  [10, 20, 40, 60],
  [16, 32, 64, 128],
].flatMap((channels, wider) =>
  [0, 0.3, 0.5, 0.8, 1, 1.5].map((lambda) => ({
    label: `lambda=${String(lambda)} channels=${JSON.stringify(channels)}`,
    parameters: { 'train.lambda': lambda, 'train.channels': channels },
    skill: 0.3 + 0.05 * wider - 0.04 * (lambda - 0.5) * (lambda - 0.5),
    ...(lambda === 1.5 ? { collapsed: [2] } : {}),
  })),
);

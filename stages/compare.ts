import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeComparison } from '../lib/artifacts/comparison.ts';
import type { Run } from '../lib/pipeline/stage.ts';
import { analyse } from '../lib/report/comparison/analyse.ts';
import { comparisonCsv } from '../lib/report/comparison/csv.ts';
import { gather } from '../lib/report/comparison/gather.ts';
import { comparisonJson } from '../lib/report/comparison/json.ts';
import { comparisonMarkdown } from '../lib/report/comparison/markdown.ts';
import { comparisonPage } from '../lib/report/comparison/page.ts';
import { comparedScores } from '../lib/report/comparison/rows.ts';
import { answer, verdict } from '../lib/report/comparison/sentences.ts';

export const summary = 'which of many points is best, and which differences are more than noise';

export const parameters = () => {
  // comparison.arrow keeps it in 32 bits.
  const repetition = z.int().min(0).max(2_147_483_647);
  const varying = z.record(z.string(), z.unknown());
  const inner = z.strictObject({ fold: z.int().min(1), evaluate: z.string() });
  const run = z.strictObject({
    seed: repetition.describe('which repetition'),
    evaluate: z.string().describe('the stage that scored it'),
    train: z.string().describe('the stage that trained it'),
    inner: z
      .array(inner)
      .default([])
      .describe('for each outer fold, the evaluate stage of trainings that never saw it'),
  });
  const point = z.strictObject({
    label: z.string().describe('its name, unique'),
    parameters: varying.describe('those that vary, such as train.lambda'),
    runs: z.array(run).min(1),
  });
  const failure = z.strictObject({
    label: z.string(),
    parameters: varying,
    seed: repetition,
    stage: z.string(),
    message: z.string(),
    rerun: z.string().describe('the command that runs it alone'),
  });
  return z
    .strictObject({
      title: z.string().describe('Name of the sweep, or what was compared'),
      points: z.array(point).min(1).describe('What is compared'),
      failed: z.array(failure).default([]).describe('What has no result'),
      baseline: z.string().describe('Label of the point that the others are tested against'),
      select: z
        .enum(['test', 'nested'])
        .describe('What the best point is chosen by: the test folds, or inner validation folds'),
      draws: z
        .int()
        .min(1)
        .default(2000)
        .describe('How many bootstrap samples the intervals are of'),
      seed: z.int().min(0).default(1).describe('Seed of the bootstrap'),
      level: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.95)
        .describe(
          'Share of the bootstrap samples within an interval; a p below the rest is no noise',
        ),
    })
    .superRefine(({ points, failed, baseline }, context) => {
      const labels = points.map(({ label }) => label);
      const twice = labels.findIndex((label, index) => labels.indexOf(label) !== index);
      if (twice >= 0) {
        const message = `two points have the label ${labels[twice] ?? ''}; each needs its own`;
        context.addIssue({ code: 'custom', path: ['points', twice, 'label'], message });
      }
      if (![...points, ...failed].some(({ label }) => label === baseline)) {
        const message = `no point has the label ${baseline}`;
        context.addIssue({ code: 'custom', path: ['baseline'], message });
      }
    });
};

export const reads = {
  clips: { kind: 'clips.arrow', many: true },
  scores: { kind: 'scores.arrow', many: true },
  predictions: { kind: 'predictions.arrow', many: true },
  models: { kind: 'model.arrow', each: 'fold', many: true },
  history: { kind: 'history.arrow', each: 'fold', many: true },
} as const;

export const writes = {
  html: 'comparison.html',
  json: 'comparison.json',
  markdown: 'comparison.md',
  csv: 'comparison.csv',
  table: 'comparison.arrow',
} as const;

export const readsUpstream = true;

export async function run({
  params,
  inputs,
  outputs,
  upstream,
  progress,
  log,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  progress(0, 1, 'reading');
  const gathered = await gather(params, { inputs, upstream, signal });
  const comparison = analyse(params, gathered, (done, all) => {
    signal.throwIfAborted();
    progress(done, all, 'bootstrap');
  });
  const { title, baseline, select } = params;
  await writeComparison(outputs.table, { title, baseline, select }, comparedScores(comparison));
  await writeFile(outputs.json, comparisonJson(comparison));
  await writeFile(outputs.csv, comparisonCsv(comparison));
  await writeFile(outputs.markdown, comparisonMarkdown(comparison));
  await writeFile(outputs.html, comparisonPage(comparison));
  log(answer(comparison));
  log(verdict(comparison).text);
}

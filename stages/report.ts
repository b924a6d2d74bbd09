import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Run } from '../lib/pipeline/stage.ts';
import { gather } from '../lib/report/gather.ts';
import { reportJson } from '../lib/report/json.ts';
import { reportMarkdown } from '../lib/report/markdown.ts';
import { reportPage } from '../lib/report/page.ts';

export const summary =
  'what came out and what made it: a page, its numbers, and a summary in Markdown';

export const parameters = () =>
  z.strictObject({
    examples: z
      .int()
      .min(0)
      .max(16)
      .default(4)
      .describe('clips shown on their spectrogram with the attention above, 0 to 16'),
  });

export const reads = {
  clips: 'clips.arrow',
  folds: 'folds.arrow',
  means: 'mel-means.arrow',
  spectrograms: 'mel-spectrogram.arrow',
  history: { kind: 'history.arrow', each: 'fold', many: true },
  scores: { kind: 'scores.arrow', many: true },
  predictions: { kind: 'predictions.arrow', many: true },
} as const;

export const writes = {
  html: 'report.html',
  json: 'report.json',
  markdown: 'report.md',
} as const;

export const readsUpstream = true;

/** Those whose arithmetic reaches an artifact or a picture. */
export const reportsPackages = [
  '@observablehq/plot',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  'apache-arrow',
  'linkedom',
] as const;

export async function run({
  params,
  inputs,
  outputs,
  upstream,
  packages,
  progress,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const parts = 4;
  progress(0, parts, 'reading');
  const data = await gather({ inputs, upstream, packages, examples: params.examples, signal });

  progress(1, parts, 'drawing');
  const page = reportPage(data);

  signal.throwIfAborted();
  progress(2, parts, 'writing');
  await writeFile(outputs.html, page);
  await writeFile(outputs.json, reportJson(data));
  await writeFile(outputs.markdown, reportMarkdown(data));
  progress(parts, parts);
}

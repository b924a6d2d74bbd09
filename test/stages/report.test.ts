import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../lib/pipeline/errors.ts';
import { spreadHere } from '../../lib/pipeline/spread.ts';
import { parameters, run } from '../../stages/report.ts';
import { type ReportInputs, writeInputs } from '../report/artifacts.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the stage on artifacts written for it; gives what it wrote. */
async function report(
  written: ReportInputs,
  examples?: number,
): Promise<{ html: string; json: Record<string, unknown>; markdown: string }> {
  const outputs = {
    html: join(folder, 'report.html'),
    json: join(folder, 'report.json'),
    markdown: join(folder, 'report.md'),
  };
  await run({
    ...written,
    params: parameters().parse(examples === undefined ? {} : { examples }),
    outputs,
    parts: {},
    each: {},
    tools: {},
    packages: { 'apache-arrow': '21.2.0', '@observablehq/plot': '0.6.17' },
    spread: spreadHere,
    progress: () => undefined,
    log: () => undefined,
    signal: new AbortController().signal,
    safePoint: () => Promise.resolve(),
  });
  return {
    html: await readFile(outputs.html, 'utf8'),
    json: JSON.parse(await readFile(outputs.json, 'utf8')) as Record<string, unknown>,
    markdown: await readFile(outputs.markdown, 'utf8'),
  };
}

describe('the report stage', () => {
  test('reports what the artifacts hold, the first evaluation of the pipeline as the headline', async () => {
    const { html, json, markdown } = await report(await writeInputs(folder, { withAuthors: true }));
    expect(json).toMatchObject({
      headline: 'evaluate',
      evaluations: [
        {
          name: 'evaluate',
          train: 'train',
          attention: 'equations',
          backends: ['wasm'],
          receptive: { frames: 163, stride: 32 },
        },
        { name: 'evaluate-authors', train: 'train-authors', attention: 'authors', positions: [] },
      ],
      packages: { 'apache-arrow': '21.2.0', '@observablehq/plot': '0.6.17' },
    });
    expect(json['examples']).toHaveLength(4);
    expect(json['artifacts']).toHaveLength(4 + 2 * (5 + 2));
    expect(html).toContain('<!doctype html>');
    expect(html.match(/data:image\/png/g)).toHaveLength(4);
    expect(markdown).toContain('| Mean over folds |');
  });

  test('makes the same bytes again', async () => {
    const written = await writeInputs(folder, {});
    expect(await report(written)).toEqual(await report(written));
  });

  test('shows no example where none is wanted', async () => {
    const { html } = await report(await writeInputs(folder, {}), 0);
    expect(html).not.toContain('data:image/png');
  });

  test('without an evaluation says what to do', async () => {
    const written = await writeInputs(folder, {});
    const without = { ...written, inputs: { ...written.inputs, scores: [], predictions: [] } };
    await expect(report(without)).rejects.toThrow(
      new UserError(
        'no-evaluation',
        'The report has no scores to report: let it need a stage that uses `evaluate`.',
      ),
    );
  });
});

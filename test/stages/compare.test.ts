import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readComparison } from '../../lib/artifacts/comparison.ts';
import { UserError } from '../../lib/pipeline/errors.ts';
import { parameters, run } from '../../stages/compare.ts';
import { writeRuns, type Plan } from '../report/comparison/runs.ts';
import { surroundings } from './small-corpus.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-'));
});
afterEach(() => rm(folder, { recursive: true }));

const small: Plan = {
  points: [
    { label: 'lambda=0.3', parameters: { 'train.lambda': 0.3 }, skill: 0.9 },
    { label: 'lambda=0.8', parameters: { 'train.lambda': 0.8 }, skill: 0.2, collapsed: [2] },
  ],
  baseline: 'lambda=0.8',
  seeds: [1, 2],
  folds: 3,
};

const names = {
  html: 'comparison.html',
  json: 'comparison.json',
  markdown: 'comparison.md',
  csv: 'comparison.csv',
  table: 'comparison.arrow',
};

async function compare(
  { params, inputs }: Awaited<ReturnType<typeof writeRuns>>,
  signal = new AbortController().signal,
) {
  const outputs = Object.fromEntries(
    Object.entries(names).map(([output, name]) => [output, join(folder, name)]),
  ) as typeof names;
  const around = { ...surroundings(), signal };
  await run({ ...around, params: parameters().parse(params), inputs, outputs });
  const texts = await Promise.all(
    Object.values(outputs).map(async (path) => (await readFile(path)).toString('latin1')),
  );
  return { texts, table: await readComparison(outputs.table), logged: around.logged };
}

describe('compare', () => {
  test('writes a row for each point, seed and fold, and one for all folds pooled', async () => {
    const { table } = await compare(await writeRuns(folder, small));
    expect(table.facts).toEqual({
      title: 'lambda-channels',
      baseline: 'lambda=0.8',
      select: 'test',
    });
    expect(table.rows.map(({ point, seed, fold }) => [point, seed, fold])).toEqual(
      ['lambda=0.3', 'lambda=0.8'].flatMap((point) =>
        [1, 2].flatMap((seed) => [1, 2, 3, 0].map((fold) => [point, seed, fold])),
      ),
    );
    expect(table.rows[4]).toMatchObject({
      parameters: '{"train.lambda":0.3}',
      seed: 2,
      clips: 32,
      collapsed: false,
      // 6 and 4 values in the tensors; two epochs of 64 training clips in batches of 10
      weights: 10,
      epochs: 2,
      steps: 14,
      train: 'train-p1-s2',
      evaluate: 'evaluate-p1-s2',
    });
    expect(table.rows.filter(({ collapsed }) => collapsed).map(({ fold }) => fold)).toEqual([2, 2]);
    expect(
      table.rows.filter(({ fold }) => fold === 0).map(({ clips, steps }) => [clips, steps]),
    ).toEqual([1, 2, 3, 4].map(() => [96, 42]));
  });

  test('says the answer, and whether it is more than noise', async () => {
    const { logged } = await compare(await writeRuns(folder, small));
    expect(logged[0]).toMatch(
      /^Of 2 points, “lambda=0\.3” has the highest unweighted average recall \(UAR\) on the test folds: \d\d\.\d % \(95 % interval \d\d\.\d to \d\d\.\d %; mean over 2 seeds; guessing gives 25\.0 %\)\.$/,
    );
    // 8 speakers, all of one sign: 2 of 256 patterns
    expect(logged[1]).toMatch(
      /^Its UAR is \d\d\.\d points above the baseline’s, “lambda=0\.8” .* That is beyond the noise \(p = 0\.008\)\.$/,
    );
  });

  test('makes the same bytes again, in whatever order the files are given', async () => {
    const written = await writeRuns(folder, small);
    const turned = Object.fromEntries(
      Object.entries(written.inputs).map(([role, files]) => [role, [...files].reverse()]),
    ) as unknown as typeof written.inputs;
    const { texts } = await compare(written);
    expect((await compare({ ...written, inputs: turned })).texts).toEqual(texts);
  });

  test('lets points that differ only downstream share the files of a stage', async () => {
    const [first, second] = small.points;
    const shared = { ...second!, label: 'shared', sameAs: first!.label };
    const { table } = await compare(
      await writeRuns(folder, { ...small, points: [...small.points, shared] }),
    );
    const uars = (label: string) =>
      table.rows.filter(({ point }) => point === label).map(({ uar }) => uar);
    expect(uars('shared')).toEqual(uars('lambda=0.3'));
  });

  test('stops when it is asked to', async () => {
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));
    await expect(compare(await writeRuns(folder, small), stopped.signal)).rejects.toThrow(
      'stopped',
    );
  });

  test('names a stage whose files it was not given', async () => {
    const written = await writeRuns(folder, small);
    const inputs = {
      ...written.inputs,
      history: written.inputs.history.filter(({ stage }) => stage !== 'train-p2-s1'),
    };
    await expect(compare({ ...written, inputs })).rejects.toThrow(
      new UserError(
        'missing-run',
        'The comparison names the stage train-p2-s1, but was given no history.arrow of it: let it need that stage.',
      ),
    );
  });

  test('refuses an inner evaluation that knows the fold it is to choose for', async () => {
    const written = await writeRuns(folder, small);
    const [point] = written.params.points;
    const [one] = point!.runs;
    const leaking = { ...one!, inner: [{ fold: 2, evaluate: 'evaluate-p2-s1' }] };
    const params = {
      ...written.params,
      points: [{ ...point!, runs: [leaking] }],
      baseline: point!.label,
    };
    await expect(compare({ ...written, params })).rejects.toThrow(
      new UserError(
        'inner-fold-leaks',
        'The stage evaluate-p2-s1 is to choose a point for fold 2, but predicts the clip S1/angry-2 of that very fold. Its training must leave the fold out altogether.',
      ),
    );
  });

  test.each([
    [
      'a baseline that is none of the points',
      { baseline: 'lambda=1' },
      'no point has the label lambda=1',
    ],
    ['no point', { points: [] }, 'Too small: expected array to have >=1 items'],
  ])('refuses %s', async (_, change, message) => {
    const { params } = await writeRuns(folder, small);
    const result = parameters().safeParse({ ...params, ...change });
    expect(result.error?.issues.map((issue) => issue.message)).toEqual(
      expect.arrayContaining([message]),
    );
  });

  test('refuses two points of one label', async () => {
    const { params } = await writeRuns(folder, small);
    const points = [...params.points, params.points[0]];
    const result = parameters().safeParse({ ...params, points });
    expect(result.error?.issues).toMatchObject([
      {
        path: ['points', 2, 'label'],
        message: 'two points have the label lambda=0.3; each needs its own',
      },
    ]);
  });
});

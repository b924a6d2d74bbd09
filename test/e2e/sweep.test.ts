import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../helpers/project.ts';
import { randomStream } from '../../lib/math/random.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

interface SweepAnswer {
  readonly status: number;
  readonly instances: { readonly instances: number; readonly cached: number };
  readonly baseline: string;
  readonly runs: readonly { label: string; seed: number; state: string; uar?: number }[];
  readonly failed: readonly { label: string; stage: string; message: string; rerun: string }[];
  readonly files: readonly string[];
}

async function sweep(words: readonly string[], status = 0): Promise<SweepAnswer> {
  const said = await project.emotion(['sweep', ...words, '--json']);
  expect(said.status, said.stderr).toBe(status);
  return JSON.parse(said.stdout) as SweepAnswer;
}

/**
 * The instances that the newest run computed. Not the evaluations: after so short a training two points
 * may predict the same, and then share one.
 */
function executed(artifacts = 'artifacts'): readonly string[] {
  const runs = path.join(project.root, artifacts, 'runs');
  const newest = fs.readdirSync(runs).sort().at(-1) ?? '';
  const record = JSON.parse(fs.readFileSync(path.join(runs, newest, 'run.json'), 'utf8')) as {
    instances: { instance: string; result: string }[];
  };
  return record.instances
    .filter(({ result }) => result === 'ran')
    .map(({ instance }) => instance.replace(/@[0-9a-f]+/, '@'))
    .filter((instance) => instance !== 'evaluate@')
    .sort();
}

/** The files of a comparison that may not differ between machines: name -> bytes. */
function pages(files: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    files
      .filter((file) => path.basename(file).startsWith('comparison'))
      .map((file) => [path.basename(file), fs.readFileSync(file, 'base64')]),
  );
}

const lambdas = ['--grid', 'train.lambda=0.3,0.8'];

describe('a sweep', () => {
  it('runs what its points share once, and says beforehand how much is new', async () => {
    const words = ['sweep', ...lambdas, '--seeds', '2', '--artifacts', 'first', '--jobs', '1'];
    const { status, stdout, stderr } = await project.emotion(words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // A run's line comes when its scores have been read, which may be after the next has begun.
    const [ended, others] = [true, false].map((wanted) =>
      stdout.split('\n').filter((line) => /^✓ \d\/4/.test(line) === wanted),
    );
    expect(ended?.map((line) => line.replace(/^✓ \d\/4 {2}(.*):.*/, '$1'))).toEqual([
      'lambda=0.3 seed=1',
      'lambda=0.3 seed=2',
      'lambda=0.8 seed=1',
      'lambda=0.8 seed=2',
    ]);
    const plain = (others ?? []).join('\n').replace(/\d+(\.\d)? s\b/g, 'N s');
    expect(plain.slice(0, plain.indexOf('compare:'))).toMatchInlineSnapshot(`
      "sweep grid-ccc6ce32: 2 points x 2 seeds = 4 runs; 17 instances: 17 new, 0 cached; 5 shared by several runs
      decode: once, for all that need it
      decode: 24 of 24 files: neutral, happy, sad, angry; 24 kept
      decode: kept: neutral 6, happy 6, sad 6, angry 6
      ✓ decode: done in N s
      stft: once, for all that need it
      ✓ stft: done in N s
      mel: once, for all that need it
      ✓ mel: done in N s
      split: once, for all that need it
      split: 24 clips in 2 folds by clip; 3 of 3 speakers are in more than one
      ✓ split: done in N s
      baselines: once, for all that need it
      ✓ baselines: done in N s
      "
    `);
    expect(executed('first')).toEqual([
      'baselines',
      'compare',
      'decode',
      'mel',
      'split',
      'stft',
      ...Array.from({ length: 8 }, (_, index) => `train@[fold=${(index % 2) + 1}]`).sort(),
    ]);
    const listed = await project.emotion(['runs', '--artifacts', 'first']);
    expect(listed.stdout).toMatch(
      / {2}Of 2 points, “lambda=0\.[38]” has the highest UAR on the test folds: \d+\.\d % {2}/,
    );
  });

  it('computes nothing again that an earlier sweep or a plain run computed', async () => {
    await project.emotion(['pipeline', 'evaluate', '--set', 'train.lambda=0.5']);
    await sweep(lambdas);
    expect(executed()).toHaveLength(5);
    const more = await sweep(['--grid', 'train.lambda=0.3,0.5,0.8']);
    expect(executed()).toEqual(['compare']);
    expect(more.instances).toMatchObject({ instances: 14, cached: 14 });
    expect(more.runs.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('whose points differ in the evaluation alone shares their training', async () => {
    await sweep(['--grid', 'evaluate.draws=10,30', '--set', 'train.lambda=0.6']);
    expect(executed()).toEqual(['compare', 'train@[fold=1]', 'train@[fold=2]']);
  });

  it('goes on where a point fails, lists it, and compares the others', async () => {
    const answer = await sweep(['--grid', 'train.learningRate=0.001,1e30'], 2);
    expect(answer.runs.map(({ state }) => state)).toEqual(['done', 'failed']);
    expect(answer.failed).toEqual([
      {
        label: 'learningRate=1e+30',
        seed: 1,
        stage: 'train',
        message:
          'train, fold 1: the loss stopped being a number in epoch 2: a learning rate of 1e+30 is too high for this network. Set train.learningRate lower.',
        rerun: 'npm run pipeline -- evaluate --set train.learningRate=1e+30 --set train.seed=1',
      },
    ]);
    const page = fs.readFileSync(answer.files[0] ?? '', 'utf8');
    expect(page).toContain('learningRate=1e+30');
    expect(page).toContain('--set train.learningRate=1e+30 --set train.seed=1');
  });

  it('of which every point fails has no page, and says so by its status', async () => {
    const answer = await sweep(['--grid', 'train.learningRate=1e29,1e30'], 2);
    expect(answer.files).toEqual([]);
    expect(answer.failed).toHaveLength(2);
  });

  it('chooses on inner folds that never hold the test fold, where nested is asked for', async () => {
    const words = [...lambdas, '--select', 'nested', '--set', 'split.folds=3', '--max', '100'];
    await sweep(words);
    const done = executed();
    expect(done.filter((name) => name === 'inner-folds@')).toHaveLength(3);
    // Two points, three outer folds: three trainings each, and two for each outer fold.
    expect(done.filter((name) => name.startsWith('train@'))).toHaveLength(2 * (3 + 3 * 2));
  });

  it('gives the same bytes with one worker and with two', async () => {
    const of = async (jobs: string): Promise<Record<string, string>> => {
      const words = [...lambdas, '--seeds', '2', '--jobs', jobs, '--artifacts', `jobs-${jobs}`];
      return pages((await sweep(words)).files);
    };
    const one = await of('1');
    expect(Object.keys(one)).toHaveLength(5);
    expect(await of('2')).toEqual(one);
  });

  it.skipIf(process.platform === 'win32')(
    'killed while it trains goes on to the same page, and repeats no finished training',
    async () => {
      const words = [...lambdas, '--seeds', '3', '--set', 'train.epochs=30'];
      const undisturbed = pages((await sweep([...words, '--artifacts', 'undisturbed'])).files);
      // Twice, each time at a moment drawn from a seed, once its first training is in the store.
      const random = randomStream({ seed: 7, stage: 'test', fold: 0, purpose: 'sweep' });
      for (let kill = 0; kill < 2; kill += 1) {
        const child = project.start(['sweep', ...words, '--artifacts', 'killed']);
        const afterMs = 200 + random.below(1500);
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          child.stdout?.on('data', (text: Buffer) => {
            if (!text.toString().includes('✓ 1/6')) return;
            timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
          });
          child.on('close', () => {
            resolve();
          });
        });
        clearTimeout(timer);
      }
      const pointers = path.join(project.root, 'killed', 'sweeps');
      const [name = ''] = fs.readdirSync(pointers);
      const finished = fs
        .readdirSync(path.join(pointers, name, 'latest'))
        .filter((pointer) => pointer.startsWith('train@')).length;
      expect(finished).toBeGreaterThanOrEqual(2);
      const again = await sweep([...words, '--artifacts', 'killed']);
      expect(pages(again.files)).toEqual(undisturbed);
      const trained = executed('killed').filter((instance) => instance.startsWith('train@'));
      // A record may be there of which the pointer was not written any more.
      expect(trained.length).toBeLessThanOrEqual(12 - finished);
    },
  );

  it('leaves measured seconds beside its page, and none on it', async () => {
    const { files } = await sweep(lambdas);
    const times = files.find((file) => file.endsWith('times.csv')) ?? '';
    const [head, ...rows] = fs.readFileSync(times, 'utf8').trimEnd().split('\n');
    expect(head).toBe('point,seed,instance,seconds');
    expect(rows.map((row) => row.replace(/\d+\.\d{3}$/, 'S'))).toEqual([
      'lambda=0.3,1,fold 1,S',
      'lambda=0.3,1,fold 2,S',
      'lambda=0.8,1,fold 1,S',
      'lambda=0.8,1,fold 2,S',
    ]);
  });

  it('is reached by gc for as long as its folder stays', async () => {
    const words = [...lambdas, '--artifacts', 'collected'];
    await sweep(words);
    fs.rmSync(path.join(project.root, 'collected', 'runs'), { recursive: true });
    const unreached = async (): Promise<string> => {
      const said = await project.emotion(['gc', '--artifacts', 'collected']);
      expect(said.status, said.stderr).toBe(0);
      return said.stdout;
    };
    expect(await unreached()).not.toContain('unreached but younger');
    fs.rmSync(path.join(project.root, 'collected', 'sweeps'), { recursive: true });
    expect(await unreached()).toContain('unreached but younger');
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../helpers/project.ts';
import { refusal } from '../helpers/refusal.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

const lambdas = ['--grid', 'train.lambda=0.3,0.8'];

describe('a sweep is refused before anything runs', () => {
  const refused = (...words: readonly string[]): Promise<string> =>
    refusal(project, ['sweep', ...words, '--artifacts', 'none']);

  it.each([
    [
      'for a parameter that there is not',
      ['--grid', 'train.lamda=0.3,0.8'],
      '--grid train.lamda=0.3,0.8: train has no parameter lamda; did you mean lambda?',
    ],
    [
      'for a stage that there is not',
      ['--grid', 'trian.lambda=0.3'],
      '--grid trian.lambda=0.3: there is no stage trian; did you mean train?',
    ],
    [
      'for a value of the wrong type',
      ['--grid', 'train.lambda=0.3,sharp'],
      '--grid train.lambda=0.3,sharp: train.lambda is "sharp", but should be a number.',
    ],
    [
      'for an empty grid',
      ['--grid', 'train.lambda='],
      '--grid train.lambda=: train.lambda has no value to take: this grid is empty.',
    ],
    [
      'for more instances than --max',
      [...lambdas, '--max', '5'],
      'The sweep has 11 instances, more than 5: leave values out, or say --max 11.',
    ],
    [
      'for more runs than --max, before they are counted in instances',
      [...lambdas, '--seeds', '300'],
      'The sweep has 600 runs, more than 500: leave values out, or raise --max.',
    ],
    [
      'for two names',
      ['lambda-channels', 'lambda-nested'],
      'sweep takes one name, and got 2: lambda-channels, lambda-nested.',
    ],
    [
      'for a parameter that nothing compared depends on',
      ['--grid', 'report.examples=1,2'],
      '--grid report.examples=1,2: report.examples changes nothing that is compared: evaluate does not depend on report.',
    ],
    [
      'for seeds of a seed',
      ['--grid', 'train.seed=1,2', '--seeds', '2'],
      '--grid train.seed=1,2: train.seed is what `seeds` counts: vary it, or say how many seeds, not both.',
    ],
    [
      'for a name and a grid',
      ['lambda-channels', ...lambdas],
      'Either the sweep lambda-channels of the YAML or a --grid, not both.',
    ],
    [
      'for neither',
      [],
      'Say which sweep (the YAML has lambda-channels, lambda-nested), or what to vary: npm run sweep -- --grid train.lambda=0.3,0.8',
    ],
    [
      'for a sweep that there is not',
      ['lambda-chanels'],
      'sweep lambda-chanels: there is no sweep of that name; did you mean lambda-channels?',
    ],
    [
      'for nested selection of two folds',
      [...lambdas, '--select', 'nested'],
      'select: nested needs 3 folds at least, and split deals 2: deal more, or say select: test.',
    ],
    [
      'for another way to select',
      [...lambdas, '--select', 'best'],
      '--select is best, but should be test or nested.',
    ],
  ])('%s', async (_, words, message) => {
    expect(await refused(...words)).toBe(`${message}\n`);
    expect(fs.existsSync(path.join(project.root, 'none', 'runs'))).toBe(false);
  });

  it('for a wrong value in the YAML, at its place there', async () => {
    project.write(
      'other.yaml',
      'extends: pipeline.yaml\nsweeps:\n  try:\n    grid:\n      train.lambda: [0.3, sharp]\n',
    );
    expect(await refused('try', '--config', 'other.yaml')).toMatchInlineSnapshot(`
      "other.yaml:5:27: train.lambda is "sharp", but should be a number.
        5 |       train.lambda: [0.3, sharp]
          |                           ^^^^^
      "
    `);
  });

  it('for a baseline that is none of its points', async () => {
    project.write(
      'other.yaml',
      'extends: pipeline.yaml\nsweeps:\n  try:\n    grid: { train.lambda: [0.3, 1] }\n    baseline: { train.lambda: 2 }\n',
    );
    expect(await refused('try', '--config', 'other.yaml')).toMatchInlineSnapshot(`
      "other.yaml:5:15: the baseline must be one of the sweep's points, and lambda=2 fits none of them. The points: "lambda=0.3; lambda=1".
        5 |     baseline: { train.lambda: 2 }
          |               ^^^^^^^^^^^^^^^^^^^
      "
    `);
  });
});

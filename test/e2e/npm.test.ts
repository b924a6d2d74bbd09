import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

/** What the program says on stderr; npm's own words differ between its versions. */
async function refused(...words: readonly string[]): Promise<string> {
  const { status, stderr } = await project.npm(['run', ...words]);
  expect(status, stderr).toBe(2);
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^(npm (warn|error|notice)|> )/i.test(line))
    .join('\n');
}

describe('an option that npm kept to itself is told, with the line that would be right,', () => {
  const kept = (names: string, line: string): string =>
    `npm kept ${names} to itself: options go behind \`--\`. Write: npm run ${line}`;

  it.each([
    ['pipeline --corpus corpora/mine', '--corpus', 'pipeline -- --corpus corpora/mine'],
    ['pipeline --corpus=corpora/mine', '--corpus', 'pipeline -- --corpus corpora/mine'],
    ['pipeline train --corpus mine', '--corpus', 'pipeline -- train --corpus mine'],
    ['pipeline --force', '--force', 'pipeline -- --force'],
    ['stage train --force', '--force', 'stage -- train --force'],
    ['status --json', '--json', 'status -- --json'],
    ['pipeline --jobs 2', '--jobs', 'pipeline -- --jobs 2'],
    [
      'pipeline --set train.lambda=1 --set train.seed=2',
      '--set',
      'pipeline -- --set train.lambda=1 --set train.seed=2',
    ],
    [
      'pipeline train --config other.yaml --corpus mine --set train.seed=2',
      '--config and --set and --corpus',
      'pipeline -- train --config other.yaml --set train.seed=2 --corpus mine',
    ],
    [
      'pipeline --artifacts A --corpus B',
      '--corpus and --artifacts',
      'pipeline -- --corpus DIR --artifacts DIR',
    ],
    ['fetch:ravdess --into mine', '--into', 'fetch:ravdess -- --into mine'],
  ])('npm run %s', async (line, names, right) => {
    expect(await refused(...line.split(' '))).toBe(kept(names, right));
  });

  it('npm run pipeline --corpus "two words"', async () => {
    expect(await refused('pipeline', '--corpus', "it's mine")).toBe(
      kept('--corpus', `pipeline -- --corpus 'it'\\''s mine'`),
    );
  });
});

describe('npm run', () => {
  it('passes on what stands behind `--`, and nothing is taken amiss', async () => {
    const said = await project.npm(['run', 'pipeline', '--', 'split', '--set', 'train.lambda=1']);
    expect(said.status, said.stderr).toBe(0);
  });

  it('takes relative paths from the folder that one stands in', async () => {
    const folder = path.join(project.root, 'somewhere');
    fs.mkdirSync(folder, { recursive: true });
    fs.cpSync(path.join(project.root, 'sample/corpus'), path.join(folder, 'mine'), {
      recursive: true,
    });
    const words = ['run', 'pipeline', '--', 'split', '--corpus', 'mine', '--artifacts', 'results'];
    const said = await project.npm(words, folder);
    expect(said.status, said.stderr).toBe(0);
    expect(fs.existsSync(path.join(folder, 'results/split/folds.arrow'))).toBe(true);
  });
});

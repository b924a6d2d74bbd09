import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';
import { temporaryFolder } from '../helpers/toy.ts';

const quick = ['--set', 'split.folds=2', '--set', 'train.epochs=2', '--set', 'evaluate.draws=20'];
const trains = ['train[fold=1]', 'train[fold=2]'];
const everything = ['decode', 'stft', 'split', 'mel', ...trains, 'baselines', 'evaluate', 'report'];
const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

/** One project in which the tests follow one another: each is what a person would do next. */
describe('a rerun, by the real command line,', () => {
  let project: Project;
  let run: (...words: readonly string[]) => Promise<readonly string[]>;
  beforeAll(() => {
    project = new Project();
    const corpus = smallCorpus(path.join(project.root, 'corpus'));
    run = async (...words) =>
      sorted(await project.executed(['pipeline', '--corpus', corpus, ...quick, ...words]));
  });

  it('executes everything the first time', async () => {
    expect(await run()).toEqual(sorted(everything));
  });

  it('executes nothing the second time and the third, and changes no byte', async () => {
    const before = snapshot(path.join(project.root, 'artifacts'));
    expect(await run()).toEqual([]);
    expect(await run()).toEqual([]);
    expect(snapshot(path.join(project.root, 'artifacts'))).toEqual(before);
  });

  it('executes train, evaluate and report for another lambda', async () => {
    expect(await run('--set', 'train.lambda=0.3')).toEqual(
      sorted([...trains, 'evaluate', 'report']),
    );
  });

  it('restores without training when lambda goes back', async () => {
    expect(await run()).toEqual([]);
  });

  it('executes from stft on for another window', async () => {
    const after = ['stft', 'mel', ...trains, 'baselines', 'evaluate', 'report'];
    expect(await run('--set', 'stft.window=blackman')).toEqual(sorted(after));
    await run();
  });

  it('executes nothing for a comment in a file that every stage uses', async () => {
    project.edit('lib/artifacts/writer.ts', (text) => `// A remark.\n${text}`);
    expect(await run()).toEqual([]);
  });

  it('executes nothing when an attention is added that nobody chose', async () => {
    project.edit('lib/model/attention/registry.ts', (text) =>
      text.replace("authors: '", "another: 'lib/model/attention/authors.ts',\n  authors: '"),
    );
    expect(await run()).toEqual([]);
  });

  it('executes mel, and what follows where the numbers moved, for one line of the filterbank', async () => {
    project.edit('lib/dsp/mel.ts', (text) =>
      text.replace('const area = 2 / (right - left);', 'const area = 2.5 / (right - left);'),
    );
    const status = await project.emotion([
      'why',
      'mel',
      '--corpus',
      path.join(project.root, 'corpus'),
      ...quick,
    ]);
    expect(status.stdout).toBe('mel will run:\n  code changed: lib/dsp/mel.ts (melBank changed)\n');
    const after = ['mel', ...trains, 'baselines', 'evaluate', 'report'];
    expect(await run()).toEqual(sorted(after));
    project.edit('lib/dsp/mel.ts', (text) =>
      text.replace('const area = 2.5 / (right - left);', 'const area = 4 / 2 / (right - left);'),
    );
    expect(await run()).toEqual(['mel']);
  });
});

describe('the same corpus', () => {
  it('gives the same hash for every artifact in another folder, time zone, language and number of workers', async () => {
    const one = new Project();
    const two = new Project();
    const words = (project: Project, jobs: string): string[] => [
      'pipeline',
      '--corpus',
      smallCorpus(path.join(project.root, 'some corpus')),
      '--artifacts',
      path.join(temporaryFolder(), 'elsewhere'),
      '--jobs',
      jobs,
      '--json',
      ...quick,
    ];
    const first = await one.emotion(words(one, '1'), { TZ: 'UTC', LANG: 'C' });
    const second = await two.emotion(words(two, '3'), {
      TZ: 'Asia/Kathmandu',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
    });
    const hashes = outputs(first.stdout);
    expect(Object.keys(hashes)).toHaveLength(everything.length);
    expect(outputs(second.stdout)).toEqual(hashes);
  });
});

function outputs(stdout: string): Record<string, unknown> {
  const { instances } = JSON.parse(stdout) as {
    instances: { instance: string; outputs: unknown }[];
  };
  return Object.fromEntries(instances.map((entry) => [entry.instance, entry.outputs]));
}

/** Everything below a folder but the records of the runs: each run leaves one of its own. */
function snapshot(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => !entry.isDirectory())
      .filter(({ parentPath }) => !parentPath.startsWith(path.join(folder, 'runs')))
      .map((entry) => {
        const name = path.join(entry.parentPath, entry.name);
        const stat = fs.lstatSync(name);
        const content = stat.isSymbolicLink()
          ? fs.readlinkSync(name)
          : createHash('sha256').update(fs.readFileSync(name)).digest('hex');
        return [path.relative(folder, name), `${stat.mtimeMs} ${content}`];
      }),
  );
}

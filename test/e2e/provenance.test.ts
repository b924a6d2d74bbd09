import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project, type Said } from '../helpers/project.ts';
import { temporaryFolder } from '../helpers/toy.ts';

const quick = ['--set', 'split.folds=2', '--set', 'train.epochs=2', '--set', 'evaluate.draws=20'];

/** Ids, times, hashes and durations are other ones each time. */
const plain = (text: string): string =>
  text
    .replaceAll(/\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}(?:-fresh)?/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'WHEN')
    .replaceAll(/\b[0-9a-f]{12,64}\b/g, 'HASH')
    .replaceAll(/\d+(\.\d)? s\b/g, 'TIME')
    .replaceAll(/UAR .*? %(?= {2})/g, 'SCORES')
    .replaceAll(/\d+\.\d+ %/g, 'SHARE')
    .replaceAll(/ {2,}/g, '  ');

interface Run {
  readonly id: string;
  readonly status: number;
  readonly words: readonly string[];
  readonly git: { readonly commit: string; readonly clean: boolean } | null;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly stages: readonly { name: string; params: Record<string, unknown> }[];
  readonly instances: readonly { instance: string; result: string }[];
  readonly pins: readonly string[];
}

/** One project in which the tests follow one another. */
describe('after runs, by the real command line,', () => {
  let project: Project;
  let corpus: string;
  let report: string;
  const emotion = (...words: readonly string[]): Promise<Said> => project.emotion(words);
  const runs = async (): Promise<readonly Run[]> =>
    JSON.parse((await emotion('runs', '--json')).stdout) as Run[];

  beforeAll(async () => {
    project = new Project();
    corpus = smallCorpus(path.join(project.root, 'corpus/ravdess'), 3);
    report = path.join(project.root, 'artifacts/report/report.json');
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
        cwd: project.root,
        encoding: 'utf8',
      });
    project.write('.gitignore', 'node_modules\nartifacts\n');
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'as it is');
    for (const more of [[], [], ['--set', 'train.lambda=0.3']]) {
      const said = await emotion('pipeline', '--corpus', corpus, ...quick, ...more);
      expect([said.status, said.stderr]).toEqual([0, '']);
    }
  });

  it('runs lists them, newest first', async () => {
    const said = await emotion('runs');
    const command = `pipeline --corpus ${corpus} ${quick.join(' ')}`;
    expect(plain(said.stdout)).toBe(
      [
        'run  when  what  result  pins  command',
        `RUN  WHEN  4 ran in TIME  SCORES  ${command} --set train.lambda=0.3`,
        `RUN  WHEN  nothing to do  SCORES  ${command}`,
        `RUN  WHEN  9 ran in TIME  SCORES  ${command}`,
        '',
      ].join('\n'),
    );
  });

  it('a record holds the commit, the parameters, the versions and what became of each instance', async () => {
    const [newest] = await runs();
    expect(newest).toMatchObject({
      status: 0,
      words: ['pipeline', '--corpus', corpus, ...quick, '--set', 'train.lambda=0.3'],
      config: 'pipeline.yaml',
      git: { commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string, clean: true },
      versions: { node: process.version, tools: { ffmpeg: expect.any(String) as string } },
    });
    expect(newest?.stages.find(({ name }) => name === 'train')?.params['lambda']).toBe(0.3);
    expect(newest?.stages.find(({ name }) => name === 'decode')?.params['corpus']).toMatch(
      /^sha256:/,
    );
    expect(
      Object.fromEntries(newest?.instances.map((one) => [one.instance, one.result]) ?? []),
    ).toEqual({
      ...{ decode: 'fresh', stft: 'fresh', mel: 'fresh', split: 'fresh', baselines: 'fresh' },
      ...{ 'train[fold=1]': 'ran', 'train[fold=2]': 'ran', evaluate: 'ran', report: 'ran' },
    });
  });

  it('a copy lies beside the report, and a run with nothing to do leaves it alone', async () => {
    const [newest] = await runs();
    const beside = path.join(project.root, 'artifacts/report/run.json');
    const text = fs.readFileSync(beside, 'utf8');
    expect(text).toBe(
      fs.readFileSync(
        path.join(project.root, 'artifacts/runs', newest?.id ?? '', 'run.json'),
        'utf8',
      ),
    );
    await emotion('pipeline', '--corpus', corpus, ...quick, '--set', 'train.lambda=0.3');
    expect(fs.readFileSync(beside, 'utf8')).toBe(text);
    expect(await runs()).toHaveLength(4);
  });

  it('diff says what differs in parameters, artifacts and metrics', async () => {
    const said = await emotion('diff', 'latest~3', 'latest');
    expect(plain(said.stdout).trimEnd().split('\n\n').slice(0, 3)).toEqual([
      'RUN -> RUN',
      'parameters\n  train.lambda  0.8 -> 0.3',
      [
        'artifacts',
        ...['evaluate/predictions.arrow', 'report/report.html', 'report/report.json'],
        ...[1, 2].flatMap((fold) =>
          ['fold-predictions', 'history', 'model'].map(
            (kind) => `train[fold=${fold}]/${kind}.arrow`,
          ),
        ),
      ]
        .map((name, index) => (index === 0 ? name : `  ${name}  HASH -> HASH`))
        .join('\n'),
    ]);
    const json = JSON.parse(
      (await emotion('diff', 'latest~3', 'latest', '--json')).stdout,
    ) as object;
    expect(json).toMatchObject({
      parameters: [{ name: 'train.lambda', old: 0.8, new: 0.3 }],
      versions: [],
    });
    const other = path.join(temporaryFolder(), 'report.json');
    const scores = /("pooled": \{[^}]*?"uar": )[\d.]+/;
    const [one, two] = ['0.25', '0.5'].map((uar) =>
      fs.readFileSync(report, 'utf8').replace(scores, `$1${uar}`),
    );
    fs.writeFileSync(other, one ?? '');
    fs.writeFileSync(`${other}.json`, two ?? '');
    expect((await emotion('diff', other, `${other}.json`)).stdout).toBe(
      `${other} -> ${other}.json\n\nmetrics\n  evaluate: network, UAR  25.0 % -> 50.0 %\n`,
    );
    const same = await emotion('diff', report);
    expect(same.stdout).toContain('No parameter, version, artifact or metric differs.');
  });

  it('a run that is not there, or that two begin with, is refused', async () => {
    const [newest] = await runs();
    expect(await emotion('diff', 'nothing')).toMatchObject({
      status: 2,
      stderr: `There is no run nothing; the newest is ${newest?.id ?? ''}.\n`,
    });
    expect(plain((await emotion('diff', '20')).stderr)).toBe(
      '20 begins the name of 4 runs: RUN, RUN, RUN, RUN.\n',
    );
    expect((await emotion('diff', 'package.json/')).status).toBe(2);
    expect((await emotion('diff', path.join(project.root, 'package.json'))).stderr).toBe(
      `${path.join(project.root, 'package.json')} is not a report.json that this version reads: it should hold "format": "emotion-in-motion-report" and "version": 1, with stages, artifacts and packages.\n`,
    );
  });

  it('a failed run is recorded as such', async () => {
    const broken = path.join(project.root, 'broken');
    fs.cpSync(corpus, broken, { recursive: true });
    fs.writeFileSync(path.join(broken, 'Actor_01/03-01-03-01-01-01-01.wav'), 'no sound');
    const said = await emotion('pipeline', '--corpus', broken, ...quick);
    expect(said.status).toBe(2);
    const [newest] = await runs();
    expect(newest).toMatchObject({
      status: 2,
      instances: [
        { instance: 'decode', result: 'failed' },
        ...Array<object>(8).fill({ result: 'blocked' }),
      ],
    });
    expect(plain((await emotion('runs')).stdout).split('\n')[1]).toMatch(
      /^RUN {2}WHEN {2}1 failed, 8 blocked in TIME, status 2 {2}pipeline/,
    );
  });

  it('a pin keeps a run by name, and takes it back', async () => {
    await emotion('runs', 'latest~4', '--pin', 'submitted');
    expect((await runs()).at(-1)?.pins).toEqual(['submitted']);
    expect((await emotion('diff', 'submitted', 'latest~4')).stdout).toContain('No parameter');
    await emotion('runs', '--unpin', 'submitted');
    expect((await runs()).at(-1)?.pins).toEqual([]);
    expect((await emotion('runs', '--unpin', 'submitted')).stderr).toBe(
      'No run is pinned as submitted.\n',
    );
    expect((await emotion('runs', '--pin', '../x')).stderr).toBe(
      'A pin is named in lower-case letters, digits and dashes, not "../x".\n',
    );
  });

  it('verify is content, gc has nothing to remove, and status says how large the store is', async () => {
    const verified = await emotion('verify');
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).toMatch(
      /^27 objects \(\d+\.\d MB\), 13 records, 9 latest results: all as they should be\.\n$/,
    );
    expect((await emotion('gc')).stdout).toMatch(
      /^Nothing to remove\. 27 objects \(\d+\.\d MB\) and 3 runs stay\.\n$/,
    );
    expect((await emotion('status', '--corpus', corpus, ...quick)).stdout).toMatch(
      /\nEverything is fresh\.\nThe store holds 27 objects, \d+\.\d MB in all\.\n$/,
    );
  });

  it('verify says what is damaged and what the next run builds again, with status 1', async () => {
    const link = path.join(project.root, 'artifacts/mel/mel-means.arrow');
    const file = fs.realpathSync(link);
    const bytes = fs.readFileSync(file);
    fs.chmodSync(file, 0o644);
    fs.writeFileSync(file, bytes.subarray(0, 1000));
    const said = await emotion('verify');
    expect(said.status).toBe(1);
    expect(said.stdout.split('\n').filter((line) => !line.includes('records,'))).toEqual([
      `  object ${path.basename(file)} (means of mel): its bytes are not what its name says`,
      '',
      'The next run that needs them sets them aside and builds again: mel.',
      '',
    ]);
    fs.writeFileSync(file, bytes);
    expect((await emotion('verify')).status).toBe(0);
  });

  it('gc says what it would remove and why, and removes it with --yes', async () => {
    const aside = project.write('artifacts/store/damaged/0123456789abcdef-1', 'cut');
    const stays = /^27 objects \(\d+\.\d MB\) and 3 runs stay\.$/;
    for (const [words, answer] of [
      [['gc'], 'Would remove 1 thing, 3 B: npm run gc -- --yes'],
      [['gc', '--yes'], 'Removed 1 thing, 3 B.'],
    ] as const) {
      expect(fs.existsSync(aside)).toBe(true);
      const lines = (await emotion(...words)).stdout.split('\n');
      expect(lines).toEqual([
        '  damaged  0123456789abcdef-1    3 B  set aside, since it was damaged',
        '',
        answer,
        expect.stringMatching(stays),
        '',
      ]);
    }
    expect(fs.existsSync(aside)).toBe(false);
    expect((await emotion('gc', '--keep-runs', '0')).stderr).toBe(
      '--keep-runs is 0, but should be a whole number of at least 1.\n',
    );
  });

  it('dag draws it with what is fresh and what is not, the folds in one node', async () => {
    const said = await emotion('dag', '--corpus', corpus, ...quick, '--set', 'train.lambda=0.5');
    const lines = said.stdout.split('\n');
    expect(lines[0]).toBe('flowchart LR');
    expect(lines).toContain('  stage_mel["mel<br/>fresh"]:::fresh');
    expect(lines).toContain(
      '  stage_train["train x 2<br/>will run: lambda 0.3 -#62; 0.5"]:::willRun',
    );
    expect(lines).toContain('  stage_evaluate["evaluate<br/>may run: after train"]:::mayRun');
    expect(lines).toContain('  stage_train --> stage_evaluate');
    const nodes = JSON.parse(
      (await emotion('dag', '--json', '--corpus', corpus, ...quick)).stdout,
    ) as { stage: string; state: string; instances: number; needs: string[] }[];
    expect(nodes.map(({ stage, state, instances }) => `${stage} ${state} ${instances}`)).toEqual([
      ...['decode fresh 1', 'stft fresh 1', 'mel fresh 1', 'split fresh 1', 'train fresh 2'],
      ...['baselines fresh 1', 'evaluate fresh 1', 'report fresh 1'],
    ]);
  });

  it('reproduce makes it again, elsewhere, and says hash by hash that it is the same', async () => {
    const said = await emotion('reproduce', report, '--quiet');
    expect(said).toMatchObject({ status: 0, stderr: '' });
    const lines = plain(said.stdout).trim().split('\n');
    expect(lines.at(-1)).toBe('All 18 hashes came out the same.');
    expect(lines.slice(0, -2)).toEqual(
      expect.arrayContaining(['  same  report/report.json  HASH']),
    );
    expect(lines.filter((line) => line.startsWith('  same'))).toHaveLength(18);
  });

  it('reproduce says what differs, keeps what it made, and ends with status 1', async () => {
    const moved = path.join(temporaryFolder(), 'report.json');
    const text = fs.readFileSync(report, 'utf8');
    fs.writeFileSync(
      moved,
      text
        .replace(/("apache-arrow": )"[^"]+"/, '$1"20.0.0"')
        .replace('"epochs": 2,', '"epochs": 3,'),
    );
    const artifacts = path.join(temporaryFolder(), 'again');
    const said = await emotion(
      'reproduce',
      moved,
      '--artifacts',
      artifacts,
      '--corpus',
      corpus,
      '--json',
    );
    expect(said.status).toBe(1);
    const answer = JSON.parse(said.stdout) as {
      same: boolean;
      differs: string[];
      folder: string;
      artifacts: { name: string; expected: string; got: string }[];
    };
    expect(answer).toMatchObject({ same: false, folder: artifacts });
    expect(answer.differs).toEqual([
      expect.stringMatching(/^apache-arrow 20\.0\.0 made it, here is \d/),
    ]);
    const same = new Map(answer.artifacts.map((one) => [one.name, one.got === one.expected]));
    expect(same.get('mel/mel-means.arrow')).toBe(true);
    expect(same.get('split/folds.arrow')).toBe(true);
    expect(same.get('train[fold=1]/history.arrow')).toBe(false);
    expect(same.get('report/report.json')).toBe(false);
    expect(fs.existsSync(path.join(artifacts, 'report/report.json'))).toBe(true);
    const again = await emotion('reproduce', moved, '--artifacts', artifacts);
    expect(again).toMatchObject({
      status: 2,
      stderr: `${artifacts} is not empty: what is made again is made in a folder that holds nothing yet.\n`,
    });
  });

  it('reproduce names the recordings that are not those of the report, and asks for what is not at hand', async () => {
    const other = path.join(temporaryFolder(), 'other');
    fs.cpSync(corpus, other, { recursive: true });
    fs.rmSync(path.join(other, 'Actor_01/03-01-03-01-01-01-01.wav'));
    fs.writeFileSync(path.join(other, 'Actor_02/03-01-03-01-01-01-02.wav'), 'changed');
    expect((await emotion('reproduce', report, '--corpus', other)).stderr).toBe(
      `The files in ${other} are not those that the report was made from: missing: Actor_01/03-01-03-01-01-01-01.wav; changed: Actor_02/03-01-03-01-01-01-02.wav.\n`,
    );
    fs.renameSync(corpus, `${corpus}-away`);
    const said = await emotion('reproduce', report);
    fs.renameSync(`${corpus}-away`, corpus);
    expect(said.status).toBe(2);
    expect(plain(said.stderr)).toBe(
      'The report was made from recordings that are not at hand: Small test corpus, 24 files (decode.corpus, content HASH). Say where they are: --corpus DIR.\n',
    );
  });

  it('reproduce opens nothing that a report names by path', async () => {
    const evil = path.join(temporaryFolder(), 'report.json');
    const text = fs.readFileSync(report, 'utf8');
    fs.writeFileSync(evil, text.replace(/"corpus": "sha256:[0-9a-f]+"/, '"corpus": "/etc"'));
    expect(await emotion('reproduce', evil)).toMatchObject({
      status: 2,
      stderr:
        'The report has "/etc" as decode.corpus, but a report names files by content: sha256:...\n',
    });
  });
});

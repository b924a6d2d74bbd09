import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project, Said } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

/** What a run says, without the times and the scores. */
function told(text: string): string {
  return text.replace(/\d+(\.\d)? s\b/g, 'N s').replace(/\d+\.\d(?= %|,|\])/g, 'N');
}

async function succeed(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Said> {
  const said = await project.emotion(words, environment);
  expect(said.status, said.stderr).toBe(0);
  return said;
}

/** One project in which the tests follow one another. */
describe('what a person reads', () => {
  it('a stage alone, without results of what it needs, is refused', async () => {
    const { status, stdout, stderr } = await project.emotion(['pipeline', 'evaluate', '--only']);
    expect(status).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "evaluate reads clips.arrow of decode, which has not run yet. \`npm run pipeline -- evaluate\` runs it first, and all else that is needed.
      "
    `);
    expect(stdout).toMatchInlineSnapshot(`
      "  evaluate  will run  has not run yet (its inputs decode, split, train and baselines are not fresh: their latest results are used)
      "
    `);
  });

  it('status before the first run', async () => {
    expect((await succeed(['status'])).stdout).toMatchInlineSnapshot(`
      "  decode     will run  has not run yet
        stft       will run  has not run yet
        mel        will run  has not run yet
        split      will run  has not run yet
        train x 2  will run  has not run yet
        baselines  will run  has not run yet
        evaluate   will run  has not run yet
        report     will run  has not run yet

      9 of 9 would or might run: npm run pipeline
      "
    `);
  });

  it('pipeline evaluate stops before the report', async () => {
    const { stdout, stderr } = await succeed(['pipeline', 'evaluate', '--jobs', '1']);
    expect(stderr).toBe('');
    expect(told(stdout)).toMatchInlineSnapshot(`
      "  decode     will run  has not run yet
        stft       will run  has not run yet
        mel        will run  has not run yet
        split      will run  has not run yet
        train x 2  will run  has not run yet
        baselines  will run  has not run yet
        evaluate   will run  has not run yet
      decode: has not run yet
      decode: 24 of 24 files: neutral, happy, sad, angry; 24 kept
      decode: kept: neutral 6, happy 6, sad 6, angry 6
      ✓ decode: done in N s
      stft: has not run yet
      ✓ stft: done in N s
      mel: has not run yet
      ✓ mel: done in N s
      split: has not run yet
      split: 24 clips in 2 folds by clip; 3 of 3 speakers are in more than one
      ✓ split: done in N s
      train[fold=1]: has not run yet
      ✓ train[fold=1]: done in N s
      train[fold=2]: has not run yet
      ✓ train[fold=2]: done in N s
      baselines: has not run yet
      ✓ baselines: done in N s
      evaluate: has not run yet
      evaluate: UAR N % [N, N], WA N %; loudness baseline UAR N %
      ✓ evaluate: done in N s

        stage      what     why              time
        decode     ran      has not run yet  N s
        stft       ran      has not run yet  N s
        mel        ran      has not run yet  N s
        split      ran      has not run yet  N s
        train      ran x 2  has not run yet  N s
        baselines  ran      has not run yet  N s
        evaluate   ran      has not run yet  N s
        evaluate: UAR N % [N, N], WA N %; loudness baseline UAR N %
      "
    `);
    expect(fs.existsSync(path.join(project.root, 'artifacts/report'))).toBe(false);
  });

  it('pipeline makes the rest', async () => {
    expect(told((await succeed(['pipeline'])).stdout)).toMatchInlineSnapshot(`
      "  decode     fresh
        stft       fresh
        mel        fresh
        split      fresh
        train x 2  fresh
        baselines  fresh
        evaluate   fresh
        report     will run  has not run yet
      report: has not run yet
      ✓ report: done in N s

        stage      what       why              time
        decode     fresh
        stft       fresh
        mel        fresh
        split      fresh
        train      fresh x 2
        baselines  fresh
        evaluate   fresh
        report     ran        has not run yet  N s
        evaluate: UAR N % [N, N], WA N %; loudness baseline UAR N %

        artifacts/report/report.html
      "
    `);
  });

  it('status afterwards, and it changes no file', async () => {
    const before = listing(project.root);
    expect((await succeed(['status'])).stdout).toMatchInlineSnapshot(`
      "  decode     fresh
        stft       fresh
        mel        fresh
        split      fresh
        train x 2  fresh
        baselines  fresh
        evaluate   fresh
        report     fresh

      Everything is fresh.
      The store holds 18 objects, 7.9 MB in all.
      "
    `);
    await succeed(['why', 'train', '--set', 'train.lambda=1']);
    expect(listing(project.root)).toEqual(before);
  });

  it('why, for a changed parameter', async () => {
    const { stdout } = await succeed(['why', 'train', '--set', 'train.lambda=1']);
    expect(stdout).toMatchInlineSnapshot(`
      "train[fold=1] will run:
        lambda 0.8 -> 1
      train[fold=2] will run:
        lambda 0.8 -> 1
      "
    `);
  });

  it('stage on stale inputs says so, and goes on', async () => {
    const words = ['stage', 'mel', '--set', 'stft.window=hann', '--set', 'mel.floorDb=70'];
    const { stdout, stderr } = await succeed(words);
    expect(stderr).toBe('');
    expect(told(stdout)).toMatchInlineSnapshot(`
      "  mel  will run  floorDb 80 -> 70 (its input stft is not fresh: the latest result is used)
      mel: floorDb 80 -> 70
      ✓ mel: done in N s, the result is the same

        stage  what              why               time
        mel    ran, same result  floorDb 80 -> 70  N s
      "
    `);
  });

  it('--quiet says nothing but the result', async () => {
    const { stdout, stderr } = await succeed(['pipeline', '--quiet']);
    expect(stderr).toBe('');
    expect(told(stdout)).toMatchInlineSnapshot(`
      "  evaluate: UAR N % [N, N], WA N %; loudness baseline UAR N %

        artifacts/report/report.html
      "
    `);
  });
});

describe('--json', () => {
  it('gives one document on stdout, and everything else on stderr', async () => {
    const { stdout, stderr } = await succeed(['pipeline', '--json']);
    const document = JSON.parse(stdout) as { status: number; files: string[] };
    expect(document.status).toBe(0);
    expect(document.files.map((file) => path.basename(file))).toEqual([
      'report.html',
      'report.json',
      'report.md',
    ]);
    expect(told(stderr)).toMatchInlineSnapshot(`
      "  decode     fresh
        stft       fresh
        mel        fresh
        split      fresh
        train x 2  fresh
        baselines  fresh
        evaluate   fresh
        report     fresh

        stage      what       why  time
        decode     fresh
        stft       fresh
        mel        fresh
        split      fresh
        train      fresh x 2
        baselines  fresh
        evaluate   fresh
        report     fresh
      "
    `);
  });

  it('of status and why too', async () => {
    const status = await succeed(['status', '--json', '--set', 'train.lambda=1']);
    const entries = JSON.parse(status.stdout) as { instance: string; state: string }[];
    expect(entries.map(({ instance, state }) => `${instance} ${state}`)).toMatchInlineSnapshot(`
      [
        "decode fresh",
        "stft fresh",
        "mel fresh",
        "split fresh",
        "train[fold=1] will-run",
        "train[fold=2] will-run",
        "baselines fresh",
        "evaluate may-run",
        "report will-run",
      ]
    `);
    const why = await succeed(['why', 'train', '--json', '--set', 'train.lambda=1']);
    expect(JSON.parse(why.stdout)).toMatchInlineSnapshot(`
      [
        {
          "instance": "train[fold=1]",
          "reasons": [
            {
              "cue": "parameter",
              "name": "lambda",
              "new": 1,
              "old": 0.8,
              "text": "lambda 0.8 -> 1",
            },
          ],
          "state": "will-run",
        },
        {
          "instance": "train[fold=2]",
          "reasons": [
            {
              "cue": "parameter",
              "name": "lambda",
              "new": 1,
              "old": 0.8,
              "text": "lambda 0.8 -> 1",
            },
          ],
          "state": "will-run",
        },
      ]
    `);
  });

  it('holds the error, when there is one', async () => {
    const { status, stdout, stderr } = await project.emotion(['pipeline', 'tarin', '--json']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'There is no stage tarin; did you mean train?\n',
    });
    expect(JSON.parse(stdout)).toEqual({
      status: 2,
      error: { code: 'unknown-stage', message: 'There is no stage tarin; did you mean train?' },
    });
  });
});

describe('colour', () => {
  const escape = '\u001b[';
  it.each([
    ['is not used where nobody looks', {}, false],
    ['is used where FORCE_COLOR asks for it', { FORCE_COLOR: '1' }, true],
    ['is not used where FORCE_COLOR is 0', { FORCE_COLOR: '0' }, false],
    [
      'is not used where NO_COLOR is set, whatever else is',
      { NO_COLOR: '1', FORCE_COLOR: '1' },
      false,
    ],
  ])('%s', async (_, environment, coloured) => {
    const { stdout } = await succeed(['status'], { NO_COLOR: '', ...environment });
    expect(stdout.includes(escape)).toBe(coloured);
  });
});

describe('a reader that leaves', () => {
  it('does not end the work', async () => {
    const child = project.start(['pipeline', 'split', '--force']);
    let stderr = '';
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
    child.stdout?.once('data', () => child.stdout?.destroy());
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('paths', () => {
  it('begin at the folder that one stands in, and ~/ is the home folder', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-home-'));
    fs.cpSync(path.join(project.root, 'sample/corpus'), path.join(home, 'mine'), {
      recursive: true,
    });
    const words = ['pipeline', 'decode', '--quiet', '--artifacts', 'results', '--corpus'];
    await succeed([...words, '~/mine'], { HOME: home, INIT_CWD: home });
    expect(fs.existsSync(path.join(home, 'results/decode/clips.arrow'))).toBe(true);
    await succeed([...words, 'mine', '--config', path.join(project.root, 'pipeline.yaml')], {
      INIT_CWD: home,
    });
    fs.rmSync(home, { recursive: true });
  });
});

/** Every file of a project, with when and how large; what is remembered for speed does not count. */
function listing(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(path.join(folder, 'node_modules')))
    .map((file) => `${file} ${fs.statSync(file).size} ${fs.statSync(file).mtimeMs}`);
}

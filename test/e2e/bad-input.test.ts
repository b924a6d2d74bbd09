import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { cutShort, oddRecording, variant, withoutSamples } from '../helpers/odd-files.ts';
import { Project } from '../helpers/project.ts';
import { refusal } from '../helpers/refusal.ts';

const small = [
  ...['decode.rate=8000', 'stft.size=512', 'stft.hop=128', 'mel.bands=32', 'mel.fmax=4000'],
  'split.folds=2',
].flatMap((set) => ['--set', set]);

let project: Project;
let corpus: string;
beforeAll(() => {
  project = new Project();
  corpus = smallCorpus(path.join(project.root, 'corpus'), 3);
});

/** What `pipeline TARGET --corpus FOLDER` says when it refuses. */
function refused(folder: string, target: string, ...words: readonly string[]): Promise<string> {
  const all = ['pipeline', target, '--quiet', '--corpus', folder, ...small, ...words];
  return refusal(project, all);
}

describe('a corpus is refused, by the real command line,', () => {
  it('when it is not there', async () => {
    expect(await refused('elsewhere', 'decode')).toMatchInlineSnapshot(`
      "There is no corpus folder PROJECT/elsewhere. Name one with --corpus DIR, or as \`corpus:\` in the pipeline's YAML.
      "
    `);
  });

  it('when it is a file', async () => {
    expect(await refused('corpus/corpus.yaml', 'decode')).toMatchInlineSnapshot(`
      "The corpus PROJECT/corpus/corpus.yaml is a file. It should be a folder of recordings.
      "
    `);
  });

  it('when it is empty', async () => {
    fs.mkdirSync(path.join(project.root, 'empty'));
    expect(await refused('empty', 'decode')).toMatchInlineSnapshot(`
      "PROJECT/empty holds no recordings: no file in it ends in wav, flac, ogg, opus, mp3, m4a, aac, aiff, aif, caf, w64.
      "
    `);
  });

  it('when a file is not audio', async () => {
    variant(corpus, 'not-audio', { 'Actor_01/03-01-05-01-01-01-01.wav': 'Dear diary,\n' });
    expect(await refused('not-audio', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 1 file in PROJECT/not-audio cannot be used: Actor_01/03-01-05-01-01-01-01.wav is not audio that can be decoded. Replace or remove it, or leave such files out with decode.onBadFile: skip.
      "
    `);
  });

  it('when a file is cut short', async () => {
    variant(corpus, 'cut-short', { 'Actor_02/03-01-04-01-02-01-02.wav': cutShort() });
    expect(await refused('cut-short', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 1 file in PROJECT/cut-short cannot be used: Actor_02/03-01-04-01-02-01-02.wav is cut short: its header announces more than the file holds. Replace or remove it, or leave such files out with decode.onBadFile: skip.
      "
    `);
  });

  it('when a file has no samples', async () => {
    variant(corpus, 'no-samples', { 'Actor_03/03-01-03-01-01-01-03.wav': withoutSamples() });
    expect(await refused('no-samples', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 1 file in PROJECT/no-samples cannot be used: Actor_03/03-01-03-01-01-01-03.wav holds no samples. Replace or remove it, or leave such files out with decode.onBadFile: skip.
      "
    `);
  });

  it('when several files are broken, with all of them named at once', async () => {
    variant(corpus, 'several', {
      'Actor_01/03-01-05-01-01-01-01.wav': 'Dear diary,\n',
      'Actor_02/03-01-04-01-02-01-02.wav': cutShort(),
      'Actor_03/03-01-03-01-01-01-03.wav': withoutSamples(),
    });
    expect(await refused('several', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 3 files in PROJECT/several cannot be used: Actor_01/03-01-05-01-01-01-01.wav is not audio that can be decoded; Actor_02/03-01-04-01-02-01-02.wav is cut short: its header announces more than the file holds; Actor_03/03-01-03-01-01-01-03.wav holds no samples. Replace or remove them, or leave such files out with decode.onBadFile: skip.
      "
    `);
  });

  it('when a name breaks the naming', async () => {
    variant(corpus, 'misnamed', {
      'Actor_01/take two.wav': oddRecording({}),
      'Actor_01/03-01-09-01-01-01-01.wav': oddRecording({ rateHz: 8002 }),
    });
    expect(await refused('misnamed', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 2 files in PROJECT/misnamed are not named as Actor_01/03-01-05-01-02-01-01.wav: Actor_01/03-01-09-01-01-01-01.wav (its name has emotion 09, which is not one of 01 to 08); Actor_01/take two.wav (its name is not seven fields of two digits, separated by hyphens). Rename or remove them, or leave such files out with decode.onBadFile: skip.
      "
    `);
  });

  it('when hardly any name follows a layout', async () => {
    fs.mkdirSync(path.join(project.root, 'strange'));
    fs.writeFileSync(path.join(project.root, 'strange/hello.wav'), oddRecording({}));
    expect(await refused('strange', 'decode')).toMatchInlineSnapshot(`
      "The layout of the corpus PROJECT/strange is not recognised from its one recording, such as hello.wav. Tried: ravdess, named as Actor_01/03-01-05-01-02-01-01.wav (0 fit). Set decode.layout, or say \`layout:\` in the corpus's corpus.yaml.
      "
    `);
  });

  it('when it lacks an emotion', async () => {
    expect(await refused('corpus', 'decode', '--set', 'decode.emotions=[sad, fearful]'))
      .toMatchInlineSnapshot(`
      "
      error decode: PROJECT/corpus has no recording of fearful (found: neutral 6, happy 6, sad 6, angry 6). Set decode.emotions to emotions that it has.
      "
    `);
  });

  it('when a recording stands there twice', async () => {
    const copy = fs.readFileSync(path.join(corpus, 'Actor_01/03-01-05-01-01-01-01.wav'));
    variant(corpus, 'twice', { 'Actor_01/03-01-05-02-01-01-01.wav': copy });
    expect(await refused('twice', 'decode')).toMatchInlineSnapshot(`
      "
      error decode: 1 file in PROJECT/twice holds the bytes of another: Actor_01/03-01-05-02-01-01-01.wav = Actor_01/03-01-05-01-01-01-01.wav. Remove the copies, or set decode.duplicates to keep-first or allow.
      "
    `);
  });

  it('when every recording of an emotion is too short', async () => {
    expect(await refused('corpus', 'decode', '--set', 'decode.duration=4')).toMatchInlineSnapshot(`
      "
      error decode: No clip is left in PROJECT/corpus of neutral (6 files, 6 too short), happy (6 files, 6 too short), sad (6 files, 6 too short), angry (6 files, 6 too short). The cut needs recordings of 4.5 s: set decode.offset or decode.duration lower, decode.short: pad, or decode.emotions without them.
      "
    `);
  });

  it('when a fold would have no clip of some class', async () => {
    expect(await refused('corpus', 'split', '--set', 'split.folds=8')).toMatchInlineSnapshot(`
      "
      error split: Fold 1 of 8 has no clip of the class sad, of which there are 6 in all (and 12 more such gaps). Set fewer folds, or leave the class out of decode's emotions.
      "
    `);
  });

  it('when there are more folds than speakers', async () => {
    const words = ['--set', 'split.by=speaker', '--set', 'split.folds=9'];
    expect(await refused('corpus', 'split', ...words)).toMatchInlineSnapshot(`
      "
      error split: 3 speakers cannot fill 9 folds with by: speaker. Set folds to at most 3, or by: clip.
      "
    `);
  });

  it('when there are more folds than clips', async () => {
    expect(await refused('corpus', 'split', '--set', 'split.folds=25')).toMatchInlineSnapshot(`
      "
      error split: 24 clips cannot fill 25 folds. Set folds to at most 24.
      "
    `);
  });

  it('when a list names a clip that is not there', async () => {
    project.write('list.csv', 'clip,fold\n03-01-05-01-01-01-01,1\n03-01-05-01-01-01-77,2\n');
    const words = ['--set', 'split.by=list', '--set', 'split.list=list.csv'];
    expect(await refused('corpus', 'split', ...words)).toMatchInlineSnapshot(`
      "
      error split: PROJECT/list.csv:3: there is no clip "03-01-05-01-01-01-77" in the corpus (a clip is named by its path below the corpus, or the last part of it, without extension).
      "
    `);
  });

  it('when the list is not there', async () => {
    const words = ['--set', 'split.by=list', '--set', 'split.list=gone.csv'];
    expect(await refused('corpus', 'split', ...words)).toMatchInlineSnapshot(`
      "--set split.list=gone.csv: split.list: there is no PROJECT/gone.csv.
      "
    `);
  });
});

describe('a corpus is accepted', () => {
  it('with another sample rate, stereo, 8-bit and 24-bit among its recordings', async () => {
    variant(corpus, 'formats', {
      'Actor_01/03-01-05-01-01-01-01.wav': oddRecording({ rateHz: 22_050 }),
      'Actor_01/03-01-05-01-02-01-01.wav': oddRecording({ channels: 2 }),
      'Actor_02/03-01-05-01-01-01-02.wav': oddRecording({ coding: 'u8' }),
      'Actor_02/03-01-05-01-02-01-02.wav': oddRecording({ coding: 's24' }),
    });
    expect(await decodeLog('formats')).toMatchInlineSnapshot(`
      [
        "24 of 24 files: neutral, happy, sad, angry; 24 kept",
        "kept: neutral 6, happy 6, sad 6, angry 6",
        "sampling rates differ: 8,000 Hz (23 files), 22,050 Hz (1 file)",
      ]
    `);
  });

  it('with hostile names', async () => {
    const hostile = '- it\'s "my" corpus; $(touch oops) %03d ünï 声\n';
    variant(corpus, hostile, {});
    const actors = ['-rf', 'two\nlines', 'quote\'s "and" more', 'concat:a|b', 'Ação'];
    for (const [i, name] of actors.entries()) {
      const file = `03-01-05-02-01-01-${String(i + 11)}.wav`;
      variant(corpus, hostile, { [`${name}/${file}`]: oddRecording({ rateHz: 8000 + i }) });
    }
    expect(await decodeLog(hostile)).toMatchInlineSnapshot(`
      [
        "29 of 29 files: neutral, happy, sad, angry; 29 kept",
        "kept: neutral 6, happy 6, sad 6, angry 11",
        "sampling rates differ: 8,000 Hz (25 files), 8,001 Hz (1 file), 8,002 Hz (1 file), 8,003 Hz (1 file), 8,004 Hz (1 file)",
      ]
    `);
    expect(fs.existsSync(path.join(project.root, 'oops'))).toBe(false);
  });

  it('with broken files, where they are to be skipped; the report lists them', async () => {
    variant(corpus, 'skipped', {
      'Actor_01/take two.wav': oddRecording({}),
      'Actor_02/03-01-04-01-02-01-02.wav': cutShort(),
      'Actor_03/03-01-03-01-01-01-03.wav': withoutSamples(),
    });
    const words = ['--set', 'decode.onBadFile=skip', '--set', 'train.epochs=1'];
    const said = await project.emotion([
      'pipeline',
      ...['--quiet', '--corpus', 'skipped', ...small, ...words, '--set', 'evaluate.draws=20'],
    ]);
    expect(said).toMatchObject({ status: 0, stderr: '' });
    const page = fs.readFileSync(path.join(project.root, 'artifacts/report/report.html'), 'utf8');
    const text = page.replace(/<(style|svg)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, '\n');
    const lines = text
      .split('\n')
      .filter((line) => /take two|03-01-04-01-02-01-02|03-01-03-01-01-01-03/.test(line));
    expect(lines).toMatchInlineSnapshot(`
      [
        "Actor_01/take two.wav",
        "Actor_02/03-01-04-01-02-01-02.wav",
        "Actor_03/03-01-03-01-01-01-03.wav",
      ]
    `);
  });
});

/** Decodes a corpus; what the stage said about it. */
async function decodeLog(folder: string): Promise<readonly string[]> {
  const words = ['pipeline', 'decode', '--json', `--corpus=${folder}`, ...small];
  const said = await project.emotion(words);
  expect(said.status, said.stderr).toBe(0);
  const { instances } = JSON.parse(said.stdout) as { instances: { log: readonly string[] }[] };
  return instances.flatMap(({ log }) => log);
}

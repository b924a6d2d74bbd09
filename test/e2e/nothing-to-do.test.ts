import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../lib/pipeline/store.ts';
import type { Project, Said } from '../helpers/project.ts';
import { smallProject } from '../helpers/small-pipeline.ts';
import { illnesses } from '../helpers/store-health.ts';

/** What the whole command line ends with while this stands in its place: only what is recalled ends well. */
const LOOKED_ANEW = 99;
const PROGRAM = 'bin/emotion.mjs';

describe('a run with nothing to do', () => {
  let project: Project;
  let whole: Said;
  let program: string;
  const run = (...more: readonly string[]): Promise<Said> =>
    project.emotion(['pipeline', 'mel', ...more]);
  const file = (name: string): string => path.join(project.root, name);
  const wholeProgram = (): string => project.write(PROGRAM, program);
  const withoutProgram = (): string => project.write(PROGRAM, `process.exit(${LOOKED_ANEW});\n`);
  const recordOf = (stage: string): string => {
    const name = fs.readFileSync(file(`artifacts/latest/${stage}`), 'utf8').trim();
    return file(`artifacts/store/records/${name.slice(0, 2)}/${name}.json`);
  };
  const objectOf = (stage: string, output: string): string => {
    const { outputs } = JSON.parse(fs.readFileSync(recordOf(stage), 'utf8')) as {
      outputs: Record<string, { sha256: string }>;
    };
    return new Store(file('artifacts'), 'a test').objectPath(outputs[output]?.sha256 ?? '');
  };
  beforeAll(async () => {
    project = smallProject(2);
    program = fs.readFileSync(file(PROGRAM), 'utf8');
    const first = await run();
    expect(first.status, first.stderr).toBe(0);
    whole = await run();
  });
  beforeEach(withoutProgram);
  afterEach(wholeProgram);

  it('says the same again without loading the command line', async () => {
    expect(whole.stdout).toContain('mel     fresh');
    expect(await run()).toEqual(whole);
  });

  it('leaves a record of its own, with the commit that it stood at, and nothing else', async () => {
    const before = fs.readdirSync(file('artifacts/runs'));
    await run();
    const [id = '', ...more] = fs
      .readdirSync(file('artifacts/runs'))
      .filter((name) => !before.includes(name));
    expect(more).toEqual([]);
    const [own, earlier] = [id, before.toSorted().at(-1) ?? ''].map(
      (name) =>
        JSON.parse(fs.readFileSync(file(`artifacts/runs/${name}/run.json`), 'utf8')) as Record<
          string,
          unknown
        >,
    );
    const time = { started: expect.any(String) as string, ended: expect.any(String) as string };
    expect(own).toEqual({ ...earlier, id, ...time, seconds: expect.any(Number) as number });
    expect(illnesses(file('artifacts'))).toEqual([]);
    wholeProgram();
    const { stdout } = await project.emotion(['runs']);
    const line = stdout.split('\n').find((text) => text.startsWith(id));
    expect(line).toContain('nothing to do');
  });

  it('is as if it had not been recorded where a power cut took its record', async () => {
    await run();
    const id = fs.readdirSync(file('artifacts/runs')).sort().at(-1) ?? '';
    fs.truncateSync(file(`artifacts/runs/${id}/run.json`), 0);
    wholeProgram();
    expect((await project.emotion(['runs'])).stdout).not.toContain(id);
    expect(await project.emotion(['verify'])).toMatchObject({ status: 0, stderr: '' });
    expect(await project.emotion(['gc'])).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['another word', ['--jobs', '1'], {}],
    ['another environment', [], { FFMPEG_PATH: '/nowhere/ffmpeg' }],
  ])('is looked for anew for %s', async (_, words, environment) => {
    const { status } = await project.emotion(['pipeline', 'mel', ...words], environment);
    expect(status).toBe(LOOKED_ANEW);
  });

  const edited = (name: string) => (): void => {
    fs.appendFileSync(file(name), '\n');
  };
  it.each<[string, () => void]>([
    ['a source file is edited, even if in its layout only', edited('lib/dsp/mel.ts')],
    ['a file of the program itself is edited', edited('lib/cli/summary.ts')],
    ['the pipeline is edited', edited('pipeline.yaml')],
    ['a recording is replaced', edited('sample/corpus/Actor_01/03-01-01-01-01-01-01.wav')],
    ['a file joins the corpus', () => project.write('sample/corpus/Actor_02/more.wav', 'RIFF')],
    ['a package is installed', edited('node_modules/.package-lock.json')],
    ['a record is damaged', () => fs.truncateSync(recordOf('stft'), 100)],
    ['a pointer is damaged', () => fs.truncateSync(file('artifacts/latest/mel'), 10)],
    ['an object is gone', () => fs.rmSync(objectOf('stft', 'spectra'))],
    ['a shown result is gone', () => fs.rmSync(file('artifacts/mel/mel-means.arrow'))],
    ['another process is at work', () => project.write('artifacts/store/processes/1-a.json', '{}')],
    ['the answer itself is damaged', damagedAnswers],
    [
      'the folder of the runs is gone',
      () => fs.rmSync(file('artifacts/runs'), { recursive: true }),
    ],
  ])('is looked for anew when %s', async (_, damage) => {
    const kept = path.join(path.dirname(project.root), `${path.basename(project.root)}-kept`);
    fs.cpSync(project.root, kept, { recursive: true, verbatimSymlinks: true });
    damage();
    expect((await run()).status).toBe(LOOKED_ANEW);
    fs.rmSync(project.root, { recursive: true });
    fs.renameSync(kept, project.root);
    // Every file is another one now, so the next two runs look anew and then recall again.
    wholeProgram();
    await run();
    withoutProgram();
    expect(await run()).toEqual(whole);
  });

  function damagedAnswers(): void {
    const folder = file('node_modules/.cache/emotion-in-motion/answers');
    for (const name of fs.readdirSync(folder)) {
      const answer = path.join(folder, name);
      fs.writeFileSync(answer, fs.readFileSync(answer, 'utf8').replace('fresh', 'flesh'));
    }
  }
});

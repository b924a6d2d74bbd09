import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../lib/cli/commands.ts';
import type { Project } from '../helpers/project.ts';
import { refusal } from '../helpers/refusal.ts';
import { smallProject } from '../helpers/small-pipeline.ts';

let project: Project;
beforeAll(() => {
  project = smallProject();
});

/** What a command says on stdout; nothing on stderr, exit status 0. */
async function answer(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { status, stdout, stderr } = await project.emotion(words, environment);
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('the help', () => {
  it('of the program lists every command', async () => {
    expect(await answer(['--help'])).toMatchInlineSnapshot(`
      "Emotion in Motion: from a folder of emotional speech to a report that can be rebuilt to the byte.

      Use
        npm run COMMAND -- [WORDS] [OPTIONS]     (options go behind \`--\`, or npm keeps them)
        npx emotion COMMAND [WORDS] [OPTIONS]

      Commands
        pipeline [STAGE...]    run what is not fresh, all or up to the named stages, and say where the report is
        stage NAME             run that stage alone on the inputs at hand (\`pipeline NAME --only\`)
        status [STAGE...]      what is fresh, what would run and why; changes nothing
        why STAGE              every field in which a stage differs from its latest success; changes nothing
        dag [STAGE...]         the pipeline drawn, with what is fresh and what is not: Mermaid text
        sweep [NAME]           run the pipeline with many settings (points), what they share once, and compare them on a page
        compare RUN...         compare runs (each an id, latest, latest~1 or a pin) on a page as of a sweep; the first is the baseline
        runs [RUN]             the recorded runs, newest first: what was asked, what ran, what came out
        diff A [B]             what differs in parameters, versions, artifacts and scores from run A to B (latest)
        reproduce REPORT.json  run again what a report names, and say hash by hash whether it came out the same
        verify                 check everything in the store against its name; changes nothing
        gc                     what no latest result, kept run or pin reaches; removes it with --yes
        fetch:ravdess          download the RAVDESS speech corpus (208 MB, CC BY-NC-SA 4.0) from Zenodo
        schema                 the JSON Schema of pipeline.yaml, made from the stages; for editors

      Options of most commands
        --config FILE          the pipeline to run (default: pipeline.yaml)
        --set STAGE.KEY=VALUE  set a parameter, the value in YAML; repeatable: --set train.lambda=0.5
        --corpus DIR           the folder of recordings, instead of the one in the YAML
        --artifacts DIR        where results are kept (default: artifacts)
        --jobs N               how many instances run side by side (default: the cores)
        --json                 one JSON document on stdout, everything else on stderr
        --quiet                say nothing but warnings, errors and the result
        --debug                show the stack trace of an error
        --help                 show this help

      All options of one: npm run COMMAND -- --help
      Exit status: 0 done, 1 a stage failed, 2 the input is wrong, 130 interrupted.
      "
    `);
  });

  it.each(commands.map(({ name }) => name))('of %s lists every option', async (command) => {
    const help = await answer([command, '--help']);
    expect(help).toMatchSnapshot();
    expect(await answer(['help', command])).toBe(help);
  });

  it('is what the program says to nothing, with status 2', async () => {
    const said = await project.emotion([]);
    expect(said).toEqual({ status: 2, stdout: await answer(['--help']), stderr: '' });
  });
});

describe('a command line is refused', () => {
  it.each([
    ['an unknown command', ['pipelin']],
    ['an option as the command', ['--json']],
    ['an unknown option', ['pipeline', '--crpus', 'x']],
    ['an option of another command', ['status', '--force']],
    ['a short option', ['pipeline', '-j', '2']],
    ['an option without its value', ['pipeline', '--corpus']],
    ['an option whose value looks like an option', ['pipeline', '--corpus', '--quiet']],
    ['a switch with a value', ['pipeline', '--force=yes']],
    ['no jobs', ['pipeline', '--jobs', '0']],
    ['half a job', ['pipeline', '--jobs', '1.5']],
    ['an unknown stage', ['pipeline', 'trian']],
    ['--only without a stage', ['pipeline', '--only']],
    ['stage without a name', ['stage']],
    ['stage with two names', ['stage', 'mel', 'train']],
    ['stage with an unknown name', ['stage', 'trane']],
    ['why without a name', ['why']],
    ['status of an unknown stage', ['status', 'x']],
    ['words where none are read', ['fetch:ravdess', '~/corpora']],
  ])('for %s', async (_, words) => {
    expect(await refusal(project, words)).toMatchSnapshot();
  });
});

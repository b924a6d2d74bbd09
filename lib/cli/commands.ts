import type { Command } from './command.ts';
import { commonOptions } from './options.ts';

const { config, set, corpus, artifacts, jobs, json, quiet, debug, help } = commonOptions;
const look = { config, set, corpus, artifacts, json, debug, help };
const force = { help: 'run the named stages (all, when none is named) though they are fresh' };

/** Every command. A new one is a file in commands/ and an entry here. */
export const commands: readonly Command[] = [
  {
    name: 'pipeline',
    words: '[STAGE...]',
    summary: 'run what is not fresh, all or up to the named stages, and say where the report is',
    options: {
      config,
      set,
      corpus,
      artifacts,
      only: { help: 'run just the named stages, on the latest recorded inputs' },
      force,
      jobs,
      json,
      quiet,
      debug,
      help,
    },
    examples: [
      'npm run pipeline',
      'npm run pipeline -- --corpus corpus/ravdess',
      'npm run pipeline -- evaluate --set train.lambda=0.5',
      'npm run pipeline -- --config experiments/paper.yaml --corpus corpus/ravdess',
    ],
    load: () => import('./commands/pipeline.ts'),
  },
  {
    name: 'stage',
    words: 'NAME',
    summary: 'run that stage alone on the inputs at hand (`pipeline NAME --only`)',
    options: { config, set, corpus, artifacts, force, jobs, json, quiet, debug, help },
    examples: ['npm run stage -- mel', 'npm run stage -- train --force'],
    load: () => import('./commands/stage.ts'),
  },
  {
    name: 'status',
    words: '[STAGE...]',
    summary: 'what is fresh, what would run and why; changes nothing',
    options: look,
    examples: ['npm run status', 'npm run status -- --set train.lambda=0.5'],
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'why',
    words: 'STAGE',
    summary: 'every field in which a stage differs from its latest success; changes nothing',
    options: look,
    examples: ['npm run why -- train', 'npm run why -- train --set train.lambda=0.5'],
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'dag',
    words: '[STAGE...]',
    summary: 'the pipeline drawn, with what is fresh and what is not: Mermaid text',
    options: look,
    examples: ['npm run --silent dag > pipeline.mmd', 'npm run dag -- --set train.lambda=0.5'],
    load: () => import('./commands/dag.ts'),
  },
  {
    name: 'runs',
    words: '[RUN]',
    summary: 'the recorded runs, newest first: what was asked, what ran, what came out',
    options: {
      pin: { argument: 'NAME', help: 'keep RUN (default: latest) from gc, under a name' },
      unpin: { argument: 'NAME', help: 'let gc have it again' },
      artifacts,
      json,
      debug,
      help,
    },
    examples: ['npm run runs', 'npm run runs -- latest --pin submitted'],
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'diff',
    words: 'A [B]',
    summary: 'what differs in parameters, versions, artifacts and scores from run A to B (latest)',
    options: { artifacts, json, debug, help },
    examples: [
      'npm run diff -- latest~1 latest',
      'npm run diff -- submitted',
      'npm run diff -- ~/paper/report.json latest',
    ],
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'reproduce',
    words: 'REPORT.json',
    summary: 'run again what a report names, and say hash by hash whether it came out the same',
    options: {
      corpus: { argument: 'DIR', help: 'the recordings, where they are not at hand' },
      file: {
        argument: 'STAGE.KEY=FILE',
        multiple: true,
        help: 'a file that a parameter names, such as split.list=folds.csv; repeatable',
      },
      artifacts: {
        argument: 'DIR',
        help: 'an empty folder to work in (default: one that goes when all is the same)',
      },
      jobs,
      json,
      quiet,
      debug,
      help,
    },
    examples: [
      'npm run reproduce -- artifacts/report/report.json',
      'npm run reproduce -- ~/paper/report.json --corpus corpus/ravdess',
    ],
    load: () => import('./commands/reproduce.ts'),
  },
  {
    name: 'verify',
    words: '',
    summary: 'check everything in the store against its name; changes nothing',
    options: { artifacts, json, debug, help },
    examples: ['npm run verify'],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'gc',
    words: '',
    summary: 'what no latest result, kept run or pin reaches; removes it with --yes',
    options: {
      yes: { help: 'remove it; without this, gc only says what it would do' },
      'keep-runs': {
        argument: 'N',
        help: 'how many of the newest runs that did something are kept (default: 10)',
      },
      'drop-temporary': {
        help: "also drop what is quickly made again (the STFT's spectra), though reachable",
      },
      artifacts,
      json,
      debug,
      help,
    },
    examples: ['npm run gc', 'npm run gc -- --drop-temporary --yes'],
    load: () => import('./commands/gc.ts'),
  },
  {
    name: 'fetch:ravdess',
    words: '',
    summary: 'download the RAVDESS speech corpus (208 MB, CC BY-NC-SA 4.0) from Zenodo',
    options: {
      into: { argument: 'DIR', help: 'the folder to make (default: corpus/ravdess)' },
      url: {
        argument: 'URL',
        help: 'another place to take the same archive from, such as a mirror',
      },
      quiet,
      debug,
      help,
    },
    examples: ['npm run fetch:ravdess', 'npm run fetch:ravdess -- --into ~/corpora/ravdess'],
    load: () => import('./commands/fetch-ravdess.ts'),
  },
  {
    name: 'schema',
    words: '',
    summary: 'the JSON Schema of pipeline.yaml, made from the stages; for editors',
    options: {
      write: { argument: 'FILE', help: 'write it there' },
      check: { argument: 'FILE', help: 'fail unless the file is what would be written' },
      debug,
      help,
    },
    examples: ['npm run schema'],
    load: () => import('./commands/schema.ts'),
  },
];

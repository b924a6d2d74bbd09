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
    name: 'sweep',
    words: '[NAME]',
    summary:
      'run the pipeline with many settings (points), what they share once, and compare them on a page',
    options: {
      grid: {
        argument: 'STAGE.KEY=V,V',
        multiple: true,
        help: 'vary a parameter, the values in YAML; repeatable; instead of a NAME from `sweeps:`',
      },
      seeds: {
        argument: 'N',
        help: 'run each point N times, each time with the next seed (default: as in the YAML, or 1)',
      },
      select: {
        argument: 'test|nested',
        help: 'choose the best point on the test folds, or on folds within the training part (default: as in the YAML, or test)',
      },
      evaluate: { argument: 'STAGE', help: 'whose scores are compared, where there are several' },
      max: { argument: 'N', help: 'refuse more instances than this (default: 500)' },
      'dry-run': { help: 'say how many instances are new, cached and shared, and stop' },
      yes: { help: 'do not ask, on a terminal, before it starts' },
      config,
      set,
      corpus,
      artifacts,
      jobs,
      json,
      quiet,
      debug,
      help,
    },
    examples: [
      'npm run sweep -- lambda-channels',
      'npm run sweep -- --grid train.lambda=0.3,0.5,0.8,1.0 --seeds 3',
      "npm run sweep -- --grid 'train.channels=[5,10,20,30],[10,20,40,60]' --dry-run",
    ],
    load: () => import('./commands/sweep.ts'),
  },
  {
    name: 'compare',
    words: 'RUN...',
    summary:
      'compare runs (each an id, latest, latest~1 or a pin) on a page as of a sweep; the first is the baseline',
    options: { artifacts, json, debug, help },
    examples: ['npm run compare -- latest~1 latest', 'npm run compare -- submitted latest'],
    load: () => import('./commands/compare.ts'),
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

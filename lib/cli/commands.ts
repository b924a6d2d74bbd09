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

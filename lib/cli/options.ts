import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../pipeline/errors.ts';
import { didYouMean } from '../pipeline/words.ts';

/** An option of the command line: its argument's name (none for a flag) and what it does. */
export interface OptionSpec {
  readonly argument?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

export const commonOptions = {
  config: { argument: 'FILE', help: 'the pipeline to run (default: pipeline.yaml)' },
  set: {
    argument: 'STAGE.KEY=VALUE',
    multiple: true,
    help: 'set a parameter, the value in YAML; repeatable: --set train.lambda=0.5',
  },
  corpus: { argument: 'DIR', help: 'the folder of recordings, instead of the one in the YAML' },
  artifacts: { argument: 'DIR', help: 'where results are kept (default: artifacts)' },
  jobs: { argument: 'N', help: 'how many instances run side by side (default: the cores)' },
  json: { help: 'one JSON document on stdout, everything else on stderr' },
  quiet: { help: 'say nothing but warnings, errors and the result' },
  debug: { help: 'show the stack trace of an error' },
  help: { help: 'show this help' },
} as const satisfies Record<string, OptionSpec>;

export interface Options {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly words: readonly string[];
}

/**
 * Reads the words after the command's name.
 *
 * @throws UserError for an option that there is not, one without its argument, a flag given one.
 */
export function parseOptions(
  command: string,
  words: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
): Options {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { argument, multiple }]) => [
      name,
      {
        type: argument === undefined ? ('boolean' as const) : ('string' as const),
        multiple: multiple ?? false,
      },
    ]),
  );
  const known = Object.keys(specs);
  for (const word of words) {
    if (word === '--') break;
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name !== undefined && !known.includes(name)) {
      throw new UserError(
        'unknown-option',
        `${command} has no option --${name}; ${didYouMean(name, known).replace(/(mean |: |, )(?=\w)/g, '$1--')}`,
      );
    }
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Options['values'], words: positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UserError('bad-option', `${message}. See \`npm run ${command} -- --help\`.`);
  }
}

/** Flags that npm itself takes for its own when `--` is forgotten: they arrive as npm_config_*. */
const LOST_FLAGS = [
  'force',
  'only',
  'set',
  'corpus',
  'config',
  'artifacts',
  'jobs',
  'json',
  'quiet',
  'debug',
  'into',
];

/**
 * Without `--`, npm keeps options to itself: `npm run pipeline --corpus DIR` arrives as a bare DIR.
 * Running that would do something else than what was meant, so it stops with the line that would be right.
 *
 * @throws UserError when npm swallowed options
 */
export function refuseSwallowedOptions(
  command: string,
  words: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
  environment: NodeJS.ProcessEnv,
): void {
  if (environment['npm_command'] !== 'run' && environment['npm_command'] !== 'run-script') return;
  const lost = LOST_FLAGS.filter(
    (name) =>
      name in specs &&
      environment[`npm_config_${name}`] !== undefined &&
      !['', 'false', 'null'].includes(environment[`npm_config_${name}`] ?? '') &&
      !words.some((word) => word.startsWith(`--${name}`)),
  );
  if (lost.length === 0) return;
  const rest = [...words];
  const right = lost.flatMap((name) => {
    const value = environment[`npm_config_${name}`] ?? '';
    if (specs[name]?.argument === undefined) return [`--${name}`];
    return [`--${name}`, value === 'true' ? (rest.shift() ?? specs[name].argument) : value];
  });
  const line = ['npm run', command, '--', ...rest, ...right].join(' ');
  throw new UserError(
    'npm-took-options',
    `npm kept ${lost.map((name) => `--${name}`).join(' and ')} to itself: options go behind \`--\`. Write: ${line}`,
  );
}

/** A path as the user meant it: from the folder they stand in, `~/` expanded. */
export function userPath(text: string, folder: string): string {
  const expanded =
    text === '~' || text.startsWith('~/') ? path.join(os.homedir(), text.slice(1)) : text;
  return path.resolve(folder, expanded);
}

/** @throws UserError unless the option is a whole number of at least 1. */
export function positiveInteger(
  text: string | undefined,
  option: string,
  fallback: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1) return value;
  throw new UserError(
    'bad-option',
    `--${option} is ${text}, but should be a whole number of at least 1.`,
  );
}

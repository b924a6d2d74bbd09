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
  // Not strict: its own complaints speak of a program's code, not to who types.
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === 'option') refuseOption(command, token, specs);
  return { values, words: positionals };
}

interface GivenOption {
  readonly name: string;
  /** As it was typed: `--name`, `-n`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value stood behind `=`. */
  readonly inlineValue?: boolean | undefined;
}

function refuseOption(
  command: string,
  { name, rawName, value, inlineValue }: GivenOption,
  specs: Readonly<Record<string, OptionSpec>>,
): void {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  const known = Object.keys(specs);
  if (spec === undefined || rawName !== `--${name}`) {
    const hint = didYouMean(name, known).replace(/(mean |: |, )(?=\w)/g, '$1--');
    throw new UserError('unknown-option', `${command} has no option ${rawName}; ${hint}`);
  }
  if (spec.argument === undefined) {
    if (value === undefined) return;
    throw new UserError('bad-option', `--${name} is a switch: write it without =${value}.`);
  }
  if (value === undefined) {
    throw new UserError('bad-option', `--${name} needs a value: --${name} ${spec.argument}.`);
  }
  if (inlineValue !== true && value.startsWith('-')) {
    throw new UserError(
      'bad-option',
      `--${name} needs a value: --${name} ${spec.argument}. One that begins with a dash is written --${name}=${value}.`,
    );
  }
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

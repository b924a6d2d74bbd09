import { stages as registry } from '../../stages/registry.ts';
import { UserError } from '../pipeline/errors.ts';
import type { OptionSpec } from './options.ts';

/**
 * Without `--`, npm keeps options to itself: `npm run pipeline --corpus DIR` arrives as a bare DIR, and
 * the option as npm_config_corpus=true. Running that would do something else than what was meant, so
 * it stops with the line that would be right. (`--only` leaves no trace: npm drops it with a warning.)
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
  const lost = Object.entries(specs).flatMap(([name, spec]) =>
    words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))
      ? []
      : swallowed(name, environment).map((value): Lost => ({ name, spec, value })),
  );
  if (lost.length === 0) return;
  const names = [...new Set(lost.map(({ name }) => `--${name}`))];
  throw new UserError(
    'npm-took-options',
    `npm kept ${names.join(' and ')} to itself: options go behind \`--\`. Write: ${['npm run', command, '--', ...restored(lost, words)].join(' ')}`,
  );
}

interface Lost {
  readonly name: string;
  readonly spec: OptionSpec;
  /** `true` where npm made a word of the option's argument. */
  readonly value: string;
}

/** What npm took an option for: nothing, or a value for each time that it was given. */
function swallowed(name: string, environment: NodeJS.ProcessEnv): readonly string[] {
  const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
  if (value === undefined || ['', 'false', 'null'].includes(value)) return [];
  // node-gyp's: who builds native packages may have it in .npmrc.
  if (name === 'jobs' && value !== 'true') return [];
  return value.split('\n\n');
}

/**
 * The words and options as they should have been given. Where it cannot be told which word was the
 * argument of which option, the arguments' names stand there instead.
 */
function restored(lost: readonly Lost[], words: readonly string[]): readonly string[] {
  const rest = [...words];
  const argumentOf = new Map<Lost, string>();
  let clear = true;
  // What only one kind of option takes finds its option first; any other word is then easier to place.
  const byShape = lost.toSorted((a, b) => Number(b.name in SHAPES) - Number(a.name in SHAPES));
  for (const option of byShape) {
    const { name, spec, value } = option;
    if (spec.argument === undefined) continue;
    if (value !== 'true') {
      argumentOf.set(option, value);
      continue;
    }
    const fitting = rest.filter((word) => SHAPES[name]?.test(word) ?? !isStage(word));
    const [word] = name in SHAPES || fitting.length === 1 ? fitting : [];
    if (word === undefined) clear = false;
    else rest.splice(rest.indexOf(word), 1);
    argumentOf.set(option, word ?? spec.argument);
  }
  const options = lost.flatMap((option) =>
    [`--${option.name}`, argumentOf.get(option) ?? []].flat(),
  );
  return [...(clear ? rest : rest.filter(isStage)), ...options].map(quoted);
}

/** Arguments that are told from others by how they look. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  set: /^[^.=\s]+\.[^.=\s]+=/,
  jobs: /^\d+$/,
  config: /\.ya?ml$/,
};

function isStage(word: string): boolean {
  return Object.hasOwn(registry, word);
}

/** As it is typed in a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

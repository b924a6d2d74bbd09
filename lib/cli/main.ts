import type { Source } from '../pipeline/bundle.mjs';
import { UserError } from '../pipeline/errors.ts';
import { didYouMean } from '../pipeline/words.ts';
import { exitStatus, type Command } from './command.ts';
import { commands } from './commands.ts';
import { tellFailure } from './failure.ts';
import { commandHelp, programHelp } from './help.ts';
import { refuseSwallowedOptions } from './npm-options.ts';
import { parseOptions } from './options.ts';
import { wantsColour } from './style.ts';

/** The program: `emotion COMMAND [WORDS] [OPTIONS]`. Sets the exit status; throws nothing. */
export async function main({
  root,
  words,
  program,
}: {
  root: string;
  words: readonly string[];
  program: readonly Source[];
}): Promise<void> {
  const [name, ...rest] = words;
  outliveReaders();
  try {
    process.exitCode = await dispatch(root, program, name, rest);
  } catch (error) {
    process.exitCode = tellFailure(error, rest);
  }
}

/** Who reads may leave (`| head`): the work goes on, unheard, and its results are kept. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

async function dispatch(
  root: string,
  program: readonly Source[],
  name: string | undefined,
  rest: readonly string[],
): Promise<number> {
  const { stdout, stderr, env } = process;
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    const asked = commands.find((command) => command.name === rest[0]);
    const colour = wantsColour(stdout, env);
    stdout.write(asked === undefined ? programHelp(colour) : commandHelp(asked, colour));
    return name === undefined ? exitStatus.wrongInput : exitStatus.done;
  }
  const command = commandNamed(name);
  if (rest.includes('--help') || rest.includes('-h')) {
    stdout.write(commandHelp(command, wantsColour(stdout, env)));
    return exitStatus.done;
  }
  refuseSwallowedOptions(name, rest, command.options, env);
  const options = parseOptions(name, rest, command.options);
  refuseWords(command, options.words);
  const json = options.values['json'] === true;
  const { execute } = await command.load();
  return execute({
    root,
    program,
    folder: env['INIT_CWD'] ?? process.cwd(),
    options,
    environment: env,
    answer: stdout,
    talk: json ? stderr : stdout,
  });
}

function commandNamed(name: string): Command {
  const command = commands.find((other) => other.name === name);
  if (command !== undefined) return command;
  const names = commands.map((other) => other.name);
  throw new UserError('unknown-command', `There is no command ${name}; ${didYouMean(name, names)}`);
}

/** A word that a command does not read was meant for something. */
function refuseWords({ name, words }: Command, given: readonly string[]): void {
  if (words !== '' || given.length === 0) return;
  throw new UserError(
    'unknown-word',
    `${name} takes options only, and got ${given.join(' ')}. See \`npm run ${name} -- --help\`.`,
  );
}

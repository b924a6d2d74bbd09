import { UserError, InterruptedError } from '../pipeline/errors.ts';
import { didYouMean } from '../pipeline/words.ts';
import { exitStatus, type Command } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, programHelp } from './help.ts';
import { parseOptions, refuseSwallowedOptions } from './options.ts';
import { wantsColour } from './style.ts';

/** The program: `emotion COMMAND [WORDS] [OPTIONS]`. Sets the exit status; throws nothing. */
export async function main({
  root,
  words,
}: {
  root: string;
  words: readonly string[];
}): Promise<void> {
  const [name, ...rest] = words;
  const debug = rest.includes('--debug');
  try {
    process.exitCode = await dispatch(root, name, rest);
  } catch (error) {
    process.exitCode = report(error, debug);
  }
}

async function dispatch(
  root: string,
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
  const json = options.values['json'] === true;
  const { execute } = await command.load();
  return execute({
    root,
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

/** Says what went wrong in one paragraph; the stack only with --debug. @returns the exit status */
function report(error: unknown, debug: boolean): number {
  if (error instanceof InterruptedError) return exitStatus.interrupted;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (error instanceof UserError) {
    process.stderr.write(`${debug ? stack : error.message}\n`);
    return exitStatus.wrongInput;
  }
  const message = error instanceof Error ? error.message : String(error);
  const text = debug
    ? stack
    : `${message}\nThis is a bug of ours; --debug shows where it happened.`;
  process.stderr.write(
    message.startsWith('Internal error') ? `${text}\n` : `Internal error: ${text}\n`,
  );
  return exitStatus.failed;
}

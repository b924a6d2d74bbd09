import { UserError } from '../pipeline/errors.ts';
import { visibleLines } from '../pipeline/words.ts';
import { exitStatus } from './command.ts';

/**
 * Says what ended a command before it could answer: one paragraph on stderr, the stack only with
 * --debug; with --json, the code and the message on stdout too.
 *
 * @param words what the command was given
 * @returns the exit status
 */
export function tellFailure(thrown: unknown, words: readonly string[]): number {
  const error = shortage(thrown) ?? (thrown instanceof Error ? thrown : new Error(String(thrown)));
  // By name: a stage that resolves or checks its parameters holds a copy of the classes of its own.
  if (error.name === 'InterruptedError') return exitStatus.interrupted;
  const user = error.name === 'UserError';
  const status = user && !isShortage(thrown) ? exitStatus.wrongInput : exitStatus.failed;
  const code = 'code' in error && user ? error.code : 'internal';
  const message = user
    ? error.message
    : `Internal error: ${visibleLines(unprefixed(error.message))}`;
  const debug = words.includes('--debug');
  const hint = user ? '' : '\nThis is a bug of ours; --debug shows where it happened.';
  process.stderr.write(`${debug ? (error.stack ?? message) : message + hint}\n`);
  if (words.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ status, error: { code, message } }, null, 2)}\n`);
  }
  return status;
}

/** What the machine ran out of, in the user's words: neither their input nor our bug. */
function shortage(thrown: unknown): UserError | undefined {
  if (!isShortage(thrown)) return undefined;
  const { path = 'a file', code } = thrown;
  return new UserError(
    'too-few-handles',
    `Too many files are open to read ${path} (${code ?? ''}). Raise the limit (\`ulimit -n\` on Linux and macOS), and run again: nothing that was there was touched.`,
  );
}

function isShortage(thrown: unknown): thrown is NodeJS.ErrnoException {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE';
}

function unprefixed(message: string): string {
  return message.replace(/^Internal error: /, '');
}

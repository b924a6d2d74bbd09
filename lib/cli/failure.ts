import { exitStatus } from './command.ts';

/**
 * Says what ended a command before it could answer: one paragraph on stderr, the stack only with
 * --debug; with --json, the code and the message on stdout too.
 *
 * @param words what the command was given
 * @returns the exit status
 */
export function tellFailure(thrown: unknown, words: readonly string[]): number {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // By name: a stage that resolves or checks its parameters holds a copy of the classes of its own.
  if (error.name === 'InterruptedError') return exitStatus.interrupted;
  const user = error.name === 'UserError';
  const status = user ? exitStatus.wrongInput : exitStatus.failed;
  const code = user && 'code' in error ? String(error.code) : 'internal';
  const message = user ? error.message : `Internal error: ${unprefixed(error.message)}`;
  const debug = words.includes('--debug');
  const hint = user ? '' : '\nThis is a bug of ours; --debug shows where it happened.';
  process.stderr.write(`${debug ? (error.stack ?? message) : message + hint}\n`);
  if (words.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ status, error: { code, message } }, null, 2)}\n`);
  }
  return status;
}

function unprefixed(message: string): string {
  return message.replace(/^Internal error: /, '');
}

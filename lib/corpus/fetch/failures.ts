import { UserError } from '../../pipeline/errors.ts';

/** The code of a system's or a network's error, wherever in the chain of causes it stands; else its words. */
export function codeOf(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.cause === undefined) return inner.message;
    inner = inner.cause;
  }
  return String(inner);
}

/** What a failed write means to the user; `kept` says what happens to what was already there. */
export function writeFailure(error: unknown, file: string, kept: string): UserError {
  const code = codeOf(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new UserError(
    full ? 'disk-full' : 'cannot-write',
    full ? `The disk of ${file} is full. ${kept}` : `${file} cannot be written (${code}). ${kept}`,
    { cause: error },
  );
}

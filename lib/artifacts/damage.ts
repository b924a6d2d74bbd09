import { UserError } from '../pipeline/errors.ts';

/** Something in an artifact's bytes that cannot be, in words that follow "is damaged: ". */
export class Damage extends Error {
  override readonly name = 'Damage';
}

/**
 * Runs what reads an artifact. Whatever it throws says that the bytes are not what they should be,
 * except for what the file system says.
 *
 * @throws UserError `damaged-artifact`
 */
export async function guarded<T>(kind: string, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    const reason = error instanceof Damage ? error.message : 'its bytes contradict each other';
    throw new UserError(
      'damaged-artifact',
      `${path} cannot be read as ${kind}: ${reason}. The stage that writes it must run again.`,
      { cause: error },
    );
  }
}

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said on stderr; the first 64 KB. */
  readonly said: string;
}

/**
 * Runs a program to its end in a process group of its own, and hands over the bytes of its stdout as
 * they come. Two implementations beside this file: with a shell, and without one.
 *
 * A program that cannot be started ends with code 126 or 127, as a shell says it.
 *
 * @param args reach the program as they are, whatever characters they hold.
 * @param take is called for each piece of stdout, in order; the piece is its own to keep.
 * @throws the signal's reason once it is aborted and the child is gone.
 */
export type RunChild = (
  program: string,
  args: readonly string[],
  take: (bytes: Buffer) => void,
  signal: AbortSignal,
) => Promise<ChildEnd>;

const MAX_SAID_BYTES = 65_536;

/** Keeps the beginning of what a child says. */
export class Said {
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  add(piece: Buffer): void {
    if (this.#bytes >= MAX_SAID_BYTES) return;
    this.#pieces.push(piece.subarray(0, MAX_SAID_BYTES - this.#bytes));
    this.#bytes += piece.length;
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}

/** Ends a child and everything in its process group, at once. One that is gone already is no error. */
export function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    // Windows has no process groups to signal, and ffmpeg starts no children there.
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

import { endGroup, Said, type ChildEnd, type RunChild } from './child.ts';

/** Whether zx found the shell that its quoting is made for. Windows' bash may be another system's. */
export async function hasShell(): Promise<boolean> {
  // Imported when it is needed: a corpus of FLAC or WAV starts no program at all.
  return process.platform !== 'win32' && typeof (await import('zx')).$.shell === 'string';
}

/** {@link RunChild} through zx. */
export const runWithShell: RunChild = async (program, args, take, signal): Promise<ChildEnd> => {
  const { $ } = await import('zx');
  signal.throwIfAborted();
  const said = new Said();
  const start = $({
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    nothrow: true,
    quiet: true,
    verbose: false,
    prefix: '',
    postfix: '',
    store: { stdout: new Nothing(), stderr: new Nothing(), stdall: new Nothing() },
  });
  // `exec` puts the program in the shell's place: its signal is seen as such, not as the shell's status.
  const running = start`exec ${[program, ...args]}`;
  // The raw stream: a ProcessOutput would decode the samples as text.
  running.stdout.on('data', take);
  running.stderr.on('data', (piece: Buffer) => {
    said.add(piece);
  });
  const end = (): void => {
    endGroup(running.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const { exitCode, signal: endedBy } = await running;
    signal.throwIfAborted();
    return { code: exitCode, signal: endedBy, said: said.text() };
  } finally {
    signal.removeEventListener('abort', end);
  }
};

/** zx keeps all that a child writes; a long recording would fill the memory twice over. */
class Nothing extends Array<string | Buffer> {
  override push(): number {
    return 0;
  }
}

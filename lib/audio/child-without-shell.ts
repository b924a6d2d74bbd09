import { spawn } from 'node:child_process';
import { endGroup, Said, type ChildEnd, type RunChild } from './child.ts';

/** {@link RunChild} where there is no shell for zx: Windows, or a system without bash. */
export const runWithoutShell: RunChild = async (program, args, take, signal) => {
  signal.throwIfAborted();
  const said = new Said();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdout.on('data', take);
  child.stderr.on('data', (piece: Buffer) => {
    said.add(piece);
  });
  const end = (): void => {
    endGroup(child.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const ended = await new Promise<ChildEnd>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        resolve({ code: error.code === 'ENOENT' ? 127 : 126, signal: null, said: error.message });
      });
      child.once('close', (code, endedBy) => {
        resolve({ code, signal: endedBy, said: said.text() });
      });
    });
    signal.throwIfAborted();
    return ended;
  } finally {
    signal.removeEventListener('abort', end);
  }
};

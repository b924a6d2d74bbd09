import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

/** Whether @tensorflow/tfjs-node can be used here. */
export type TensorflowProbe =
  | { readonly state: 'loads' }
  /** Not installed. */
  | { readonly state: 'absent'; readonly why: string }
  /** Installed, but loading or using it throws: most often its native library was never downloaded. */
  | { readonly state: 'throws'; readonly why: string }
  /** Installed, but the process that loads it dies or hangs: a library for another processor. */
  | { readonly state: 'dies'; readonly why: string };

const PACKAGE = '@tensorflow/tfjs-node';
const PATIENCE_MS = 60_000;

/**
 * Plain CommonJS for `node -e`; its one argument is the package's main file. An operation is run, and not
 * only a tensor made: util.isNullOrUndefined, which Node 23 removed, is missed by operations alone.
 */
const SCRIPT = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const answer = (probe) => process.send(probe, () => process.exit());
try {
  const [one, four] = require(process.argv[1]).tensor1d([1, 2]).square().dataSync();
  if (one !== 1 || four !== 4) throw new Error('it computes 1, 2 squared as ' + one + ', ' + four);
  answer({ state: 'loads' });
} catch (error) {
  answer({ state: 'throws', why: String(error.message).trim().split('\\n')[0] });
}
`;

/**
 * Loads the package in a process of its own, because a native library made for another processor does
 * not throw: it kills.
 *
 * @param from where the package is looked for
 * @param patienceMs how long to wait for an answer
 */
export async function probeTensorflow(
  from: NodeJS.Require = createRequire(import.meta.url),
  patienceMs: number = PATIENCE_MS,
): Promise<TensorflowProbe> {
  let main: string;
  try {
    main = from.resolve(PACKAGE);
  } catch {
    return { state: 'absent', why: `${PACKAGE} is not installed` };
  }
  return load(main, patienceMs);
}

function load(main: string, patienceMs: number): Promise<TensorflowProbe> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', SCRIPT, main], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: patienceMs,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    let answer: TensorflowProbe | undefined;
    child.on('message', (message) => {
      answer = message as TensorflowProbe;
    });
    child.on('error', (error) => {
      resolve({ state: 'dies', why: error.message });
    });
    child.on('close', (code, signal) => {
      resolve(answer ?? { state: 'dies', why: ending(code, signal, child.killed) });
    });
  });
}

function ending(code: number | null, signal: string | null, killed: boolean): string {
  if (killed) return `loading ${PACKAGE} gave no answer`;
  const how = signal === null ? `with status ${String(code)}` : `by ${signal}`;
  return `loading ${PACKAGE} ended the process ${how}`;
}

import type { FileHandle } from 'node:fs/promises';
import fs from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../pipeline/errors.ts';
import { codeOf, writeFailure } from './failures.ts';
import { answerOf, type Answer } from './http.ts';

export interface Download {
  readonly url: string;
  /** Grows as the bytes arrive, stays when the download fails, and is gone on from. */
  readonly partFile: string;
  /** How long the whole file is. */
  readonly bytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  /** Seconds before each next attempt; given up when as many attempts in a row as there are pauses bring nothing. */
  readonly pausesSeconds?: readonly number[];
  /** An attempt that brings nothing for so long is given up. */
  readonly idleSeconds?: number;
}

type Attempt =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly reason: string; readonly afterSeconds?: number };

const PAUSES_SECONDS = [1, 1, 2, 4, 8];
const LONGEST_PAUSE_SECONDS = 120;

/**
 * Downloads a file of known length into `partFile`, going on where an earlier attempt, of this run or
 * another, ended. Beside it `partFile`.etag remembers which version the server was sending.
 *
 * @throws UserError when the server cannot be reached, refuses, or has a file of another length, and when
 * the file cannot be written; the signal's reason when aborted
 */
export async function download(task: Download): Promise<void> {
  const { partFile, bytes, signal, onProgress, pausesSeconds = PAUSES_SECONDS } = task;
  let most = await lengthOf(partFile);
  let inVain = 0;
  for (;;) {
    signal.throwIfAborted();
    const attempt = await attemptOf(task);
    if (attempt.kind === 'done') break;
    const length = await lengthOf(partFile);
    // A server that starts anew each time brings nothing, however many bytes it sends.
    inVain = length > most ? 0 : inVain + 1;
    most = Math.max(most, length);
    const pause = pausesSeconds[inVain];
    if (pause === undefined) throw unreachable(task, attempt.reason, length);
    const seconds = Math.min(Math.max(pause, attempt.afterSeconds ?? 0), LONGEST_PAUSE_SECONDS);
    await wait(1000 * seconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  await fs.rm(etagFile(partFile), { force: true });
  onProgress(bytes, bytes);
}

/** One connection: asks for what is missing, and writes what comes. */
async function attemptOf(task: Download): Promise<Attempt> {
  const { url, partFile, bytes, signal, idleSeconds = 60 } = task;
  let have = await lengthOf(partFile);
  if (have === bytes) return { kind: 'done' };
  if (have > bytes) have = 0;
  const idle = new IdleTimer(1000 * idleSeconds);
  const either = AbortSignal.any([signal, idle.signal]);
  try {
    const answer = await answerOf({
      url,
      have,
      bytes,
      etag: await readEtag(partFile),
      signal: either,
    });
    if (answer.kind === 'again') return answer;
    if (answer.kind === 'start-anew') {
      await fs.rm(partFile, { force: true });
      return { kind: 'again', reason: answer.reason };
    }
    await receive(task, answer, idle);
    const length = await lengthOf(partFile);
    return length === bytes ? { kind: 'done' } : { kind: 'again', reason: 'cut short' };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    const reason = idle.signal.aborted ? `silent for ${idleSeconds} s` : codeOf(error);
    return { kind: 'again', reason };
  } finally {
    idle.stop();
  }
}

/** Writes the body behind the bytes that are there, or from the beginning, whichever the server sends. */
async function receive(
  { url, partFile, bytes, onProgress }: Download,
  { body, from, etag }: Extract<Answer, { kind: 'body' }>,
  idle: IdleTimer,
): Promise<void> {
  const file = await openPart(partFile, from);
  try {
    if (from === 0) await writeEtag(partFile, etag);
    let done = from;
    for await (const chunk of body) {
      idle.restart();
      done += chunk.length;
      if (done > bytes) {
        await fs.rm(partFile, { force: true });
        throw new UserError(
          'wrong-size',
          `${url} sends more than the ${bytes} bytes that the file should have: it is another file. What came of it has been deleted. Name the right place with --url.`,
        );
      }
      await file.appendFile(chunk).catch((error: unknown) => {
        throw writeFailure(
          error,
          partFile,
          `Free some space and run this again: it goes on from there.`,
        );
      });
      onProgress(done, bytes);
    }
  } finally {
    await file.close();
  }
}

async function openPart(partFile: string, from: number): Promise<FileHandle> {
  try {
    return await fs.open(partFile, from === 0 ? 'w' : 'a');
  } catch (error) {
    throw writeFailure(error, partFile, 'Choose another folder with --into.');
  }
}

function unreachable({ url, partFile, bytes }: Download, reason: string, have: number): UserError {
  return new UserError(
    'download-failed',
    `${url} could not be downloaded (${reason}). ${have} of ${bytes} bytes are kept in ${partFile}: run this again to go on from there. Where Node has no way to the network, download the file by other means and put it there.`,
  );
}

/** Aborts its signal unless restarted in time. */
class IdleTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function lengthOf(file: string): Promise<number> {
  return (await fs.stat(file).catch(() => undefined))?.size ?? 0;
}

function etagFile(partFile: string): string {
  return `${partFile}.etag`;
}

async function readEtag(partFile: string): Promise<string | undefined> {
  return fs.readFile(etagFile(partFile), 'utf8').catch(() => undefined);
}

async function writeEtag(partFile: string, etag: string | undefined): Promise<void> {
  if (etag === undefined) await fs.rm(etagFile(partFile), { force: true });
  else await fs.writeFile(etagFile(partFile), etag);
}

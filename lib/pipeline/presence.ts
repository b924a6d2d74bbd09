import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { reach } from './points.ts';
import { readTextFile } from './read-text.ts';

/** A process, told apart from every other one that ever had its number. */
export interface ProcessIdentity {
  readonly host: string;
  /** Of the machine's latest start; containers share it with their host. */
  readonly boot: string;
  /** Process numbers mean something only within their namespace. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** When the process began, in the machine's own count; empty where the system does not say. */
  readonly started: string;
}

const HEARTBEAT_MS = 5_000;

/** Nobody's heart stops for so long: a holder elsewhere that has not moved while watched is gone. */
const LAPSE_MS = 30_000;

/** What a dead process of another machine left is removed after so long. */
const GRACE_MS = 3_600_000;

/**
 * Who works on a store: a file for each process, touched by a thread of its own, so that a busy event
 * loop never looks like a death. Judged at once on the same machine; elsewhere by watching the file
 * for as long as a heartbeat may take, on the watcher's own clock, never by comparing clocks.
 */
export class Presence {
  readonly token = `${process.pid}-${randomBytes(8).toString('hex')}`;
  readonly #folder: string;
  readonly #seen = new Map<string, { touchedMs: number; sinceMs: number }>();
  #firstBeat: NodeJS.Timeout | undefined;
  #heart: Worker | undefined;

  constructor(store: string) {
    this.#folder = path.join(store, 'processes');
  }

  /** Makes this process known. Costs a thread, but none where it ends before the first beat is due. */
  begin(): void {
    if (this.#firstBeat !== undefined) return;
    const file = this.#file(this.token);
    fs.mkdirSync(this.#folder, { recursive: true });
    fs.writeFileSync(`${file}.tmp`, JSON.stringify(identify(process.pid)));
    fs.renameSync(`${file}.tmp`, file);
    reach('presence-written');
    this.#firstBeat = setTimeout(() => {
      this.#heart = new Worker(HEART, { eval: true, workerData: { file, everyMs: HEARTBEAT_MS } });
      this.#heart.unref();
    }, HEARTBEAT_MS).unref();
  }

  async end(): Promise<void> {
    clearTimeout(this.#firstBeat);
    this.#firstBeat = undefined;
    await this.#heart?.terminate();
    this.#heart = undefined;
    fs.rmSync(this.#file(this.token), { force: true });
  }

  /** Who a token stands for; undefined once it is gone. */
  identity(token: string): ProcessIdentity | undefined {
    if (!isToken(token)) return undefined;
    try {
      const identity: unknown = JSON.parse(readTextFile(this.#file(token)) ?? 'null');
      return isIdentity(identity) ? identity : undefined;
    } catch {
      return undefined;
    }
  }

  isAlive(token: string): boolean {
    if (token === this.token) return true;
    const identity = this.identity(token);
    if (identity === undefined) return false;
    if (isHere(identity)) return runs(identity);
    const touchedMs = fs.statSync(this.#file(token), { throwIfNoEntry: false })?.mtimeMs;
    if (touchedMs === undefined) return false;
    const nowMs = performance.now();
    const seen = this.#seen.get(token);
    if (seen?.touchedMs !== touchedMs) this.#seen.set(token, { touchedMs, sinceMs: nowMs });
    return seen?.touchedMs !== touchedMs || nowMs - seen.sinceMs < LAPSE_MS;
  }

  /** Forgets the dead. @param remove is given each of their tokens, to remove what they left */
  sweep(remove: (token: string) => void): void {
    for (const name of readFolder(this.#folder)) {
      const token = name.replace(/\.json(\.tmp)?$/, '');
      // A stranger's file is left alone: what is removed lies at a path made of this name.
      if (token === this.token || !isToken(token)) continue;
      const file = path.join(this.#folder, name);
      const identity = this.identity(token);
      const old = (): boolean => {
        const touchedMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
        return Date.now() - touchedMs > GRACE_MS;
      };
      const dead = identity !== undefined && isHere(identity) ? !runs(identity) : old();
      if (!dead) continue;
      remove(token);
      fs.rmSync(file, { recursive: true, force: true });
    }
  }

  #file(token: string): string {
    return path.join(this.#folder, `${token}.json`);
  }
}

/** `4242-0123456789abcdef`: it becomes a path, so it holds no dot and no slash. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-z-]{1,64}$/.test(text);
}

function isIdentity(value: unknown): value is ProcessIdentity {
  const { host, boot, pidNamespace, pid, started } = (value ?? {}) as Partial<ProcessIdentity>;
  const texts = [host, boot, pidNamespace, started];
  return texts.every((text) => typeof text === 'string') && isProcessId(pid);
}

/** Zero and what is below it mean whole groups of processes. */
export function isProcessId(pid: unknown): pid is number {
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 0;
}

const HEART = `
  const fs = require('node:fs');
  const { file, everyMs } = require('node:worker_threads').workerData;
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try { fs.utimesSync(file, new Date(), new Date()); } catch {}
    Atomics.wait(never, 0, 0, everyMs);
  }
`;

/** A process of this machine. */
export function identify(pid: number): ProcessIdentity {
  return {
    host: os.hostname(),
    boot: readText('/proc/sys/kernel/random/boot_id'),
    pidNamespace: readLink('/proc/self/ns/pid'),
    pid,
    started: startOf(pid) ?? '',
  };
}

/** Whether a process number of that identity means anything here. */
function isHere(identity: ProcessIdentity): boolean {
  const own = identify(process.pid);
  return (
    identity.host === own.host &&
    identity.boot === own.boot &&
    identity.pidNamespace === own.pidNamespace
  );
}

/** Whether it still runs, and is not another process that was given its number. */
export function runs({ pid, started }: Pick<ProcessIdentity, 'pid' | 'started'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === '' || startOf(pid) === started;
}

/** Field 22 of /proc/PID/stat, behind the name in parentheses, which may hold anything. */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended: it only waits for its parent to ask how.
  return fields[0] === 'Z' ? 'ended' : fields[19];
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function readLink(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

function readFolder(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

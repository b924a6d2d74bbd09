import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';
import { bundle } from '../../lib/pipeline/bundle.mjs';
import type { RunEvent } from '../../lib/pipeline/events.ts';
import { loadPipeline } from '../../lib/pipeline/load-pipeline.ts';
import { localExecutor } from '../../lib/pipeline/local-executor.ts';
import { plan, Survey, type PlanEntry } from '../../lib/pipeline/plan.ts';
import { run, type RunOutcome } from '../../lib/pipeline/run.ts';
import type { ScheduleOptions } from '../../lib/pipeline/scheduler.ts';
import { openWorkspace } from '../../lib/pipeline/workspace.ts';

const project = path.resolve(import.meta.dirname, '../..');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-'));
  folders.push(folder);
  return folder;
}

/** A project of a few tiny stages, with the real engine: what the engine promises holds for any stages. */
export class Toy {
  readonly root = temporaryFolder();
  readonly #stages = new Set<string>();

  constructor() {
    linkPackages(this.root);
    for (const part of ['lib/pipeline', 'lib/cli']) {
      fs.cpSync(path.join(project, part), path.join(this.root, part), { recursive: true });
    }
    for (const name of ['package.json', 'tsconfig.json']) {
      fs.copyFileSync(path.join(project, name), path.join(this.root, name));
    }
  }

  write(name: string, text: string): void {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  stage(name: string, text: string): void {
    this.#stages.add(name);
    const head = `import { z } from 'zod';\nimport fs from 'node:fs';\n`;
    this.write(`stages/${name}.ts`, `${head}export const summary = '${name}';\n${text}`);
  }

  yaml(text: string, name = 'pipeline.yaml'): void {
    this.write(name, text);
  }

  /** A fresh look, as a new command would have it. */
  async survey(sets: readonly string[] = [], config = 'pipeline.yaml'): Promise<Survey> {
    const registry = Object.fromEntries(
      [...this.#stages].map((name) => [name, `stages/${name}.ts`]),
    );
    const graph = await loadPipeline({
      root: this.root,
      registry,
      file: path.join(this.root, config),
      sets,
      folder: this.root,
      say: () => undefined,
    });
    return new Survey(openWorkspace(this.root, path.join(this.root, 'artifacts'), {}), graph);
  }

  async run(
    sets: readonly string[] = [],
    options: Partial<ScheduleOptions> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ToyRun> {
    const events: RunEvent[] = [];
    const jobs = options.jobs ?? 2;
    const outcome = await run(
      await this.survey(sets),
      { targets: [], only: false, force: false, ...options, jobs },
      localExecutor(this.root, jobs),
      (event) => events.push(event),
      signal,
    );
    return new ToyRun(outcome, events);
  }

  async plan(
    sets: readonly string[] = [],
    targets: readonly string[] = [],
  ): Promise<readonly PlanEntry[]> {
    return plan(await this.survey(sets), { targets, only: false, force: false });
  }

  /** Where the object of an instance's latest success lies. */
  object(instance: string, output: string): string {
    const { store, latest } = openWorkspace(this.root, path.join(this.root, 'artifacts'), {});
    const record = store.record(latest.get(instance) ?? '');
    return store.objectPath(record?.outputs[output]?.sha256 ?? '');
  }

  /** Runs and records the toy in a process of its own, as the command line would, and a group of its own. */
  async start(options: DriveOptions = {}): Promise<Driven> {
    const { sets = [], artifacts = path.join(this.root, 'artifacts'), stopAt } = options;
    const registry = Object.fromEntries(
      [...this.#stages].map((name) => [name, `stages/${name}.ts`]),
    );
    this.write('driver.ts', DRIVER);
    const { file } = await bundle({ root: this.root, entry: 'driver.ts', part: 'all' });
    const request = { root: this.root, registry, sets, artifacts, jobs: options.jobs ?? 2 };
    const child = spawn(process.execPath, [file, JSON.stringify(request)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(stopAt === undefined ? {} : { EMOTION_STOP_AT: stopAt }) },
    });
    return new Driven(child);
  }

  /** Starts it and waits for its end. */
  async drive(options: DriveOptions = {}): Promise<Driven> {
    const driven = await this.start(options);
    await driven.ended;
    return driven;
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.root, 'artifacts', name), 'utf8');
  }
}

export interface DriveOptions {
  readonly sets?: readonly string[];
  readonly artifacts?: string;
  readonly jobs?: number;
  /** A point of the store's write path at which it stops hard. */
  readonly stopAt?: string;
}

/** A run of a toy in another process. */
export class Driven {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  signal: NodeJS.Signals | null = null;
  status: number | null = null;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.ended = new Promise((resolve) => {
      child.on('close', (status, signal) => {
        this.status = status;
        this.signal = signal;
        resolve();
      });
    });
  }

  /** Kills the whole process group. */
  kill(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  }

  /** What it said, a line an event. */
  get events(): readonly {
    type: string;
    instance?: string;
    holder?: string;
    text?: string;
    result?: { kind: string };
  }[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as { type: string });
  }
}

const DRIVER = `
import path from 'node:path';
import { recorder } from './lib/cli/record.ts';
import { loadPipeline } from './lib/pipeline/load-pipeline.ts';
import { localExecutor } from './lib/pipeline/local-executor.ts';
import { Survey } from './lib/pipeline/plan.ts';
import { stopAt } from './lib/pipeline/points.ts';
import { run } from './lib/pipeline/run.ts';
import { openWorkspace } from './lib/pipeline/workspace.ts';

stopAt(process.env.EMOTION_STOP_AT, () => process.kill(process.pid, 'SIGKILL'));
const { root, registry, sets, artifacts, jobs } = JSON.parse(process.argv[2]);
const graph = await loadPipeline({
  root, registry, sets, file: path.join(root, 'pipeline.yaml'), folder: root, say: () => {},
});
const survey = new Survey(openWorkspace(root, artifacts, {}), graph);
const recording = recorder(survey, { words: ['pipeline', ...sets], config: 'pipeline.yaml', targets: [] });
const outcome = await run(
  survey,
  { targets: [], only: false, force: false, jobs },
  localExecutor(root, jobs),
  (event) => {
    recording.listen(event);
    if (event.type !== 'plan') console.log(JSON.stringify(event));
  },
  new AbortController().signal,
);
const bad = ['failed', 'blocked', 'moved'];
process.exitCode = [...outcome.results.values()].some(({ kind }) => bad.includes(kind)) ? 1 : 0;
await recording.end(outcome, process.exitCode);
`;

export class ToyRun {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];

  constructor(outcome: RunOutcome, events: readonly RunEvent[]) {
    this.outcome = outcome;
    this.events = events;
  }

  /** `{ a: 'ran', b: 'fresh' }` */
  get kinds(): Record<string, string> {
    return Object.fromEntries([...this.outcome.results].map(([id, { kind }]) => [id, kind]));
  }

  /** The instances that were executed, in the order in which they started. */
  get executed(): string[] {
    return this.events.flatMap((event) => (event.type === 'started' ? [event.instance] : []));
  }

  get failures(): Record<string, string> {
    return Object.fromEntries(
      [...this.outcome.results].flatMap(([id, result]) =>
        result.kind === 'failed' ? [[id, result.failure.message]] : [],
      ),
    );
  }
}

/** The packages of the project under another root, so that bundles made there find them. */
export function linkPackages(root: string): void {
  const from = path.join(project, 'node_modules');
  const to = path.join(root, 'node_modules');
  fs.mkdirSync(to, { recursive: true });
  fs.copyFileSync(path.join(from, '.package-lock.json'), path.join(to, '.package-lock.json'));
  for (const name of fs.readdirSync(from)) {
    if (name.startsWith('.')) continue;
    fs.symlinkSync(path.join(from, name), path.join(to, name), 'junction');
  }
}

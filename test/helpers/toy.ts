import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { RunEvent } from '../../lib/pipeline/events.ts';
import { loadPipeline } from '../../lib/pipeline/load-pipeline.ts';
import { localExecutor } from '../../lib/pipeline/local-executor.ts';
import { plan, Survey, type PlanEntry } from '../../lib/pipeline/plan.ts';
import { run, type RunOptions, type RunOutcome } from '../../lib/pipeline/run.ts';
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
    fs.cpSync(path.join(project, 'lib/pipeline'), path.join(this.root, 'lib/pipeline'), {
      recursive: true,
    });
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
    options: Partial<RunOptions> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ToyRun> {
    const events: RunEvent[] = [];
    const outcome = await run(
      await this.survey(sets),
      { targets: [], only: false, force: false, jobs: 2, ...options },
      localExecutor(this.root),
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

  read(name: string): string {
    return fs.readFileSync(path.join(this.root, 'artifacts', name), 'utf8');
  }
}

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

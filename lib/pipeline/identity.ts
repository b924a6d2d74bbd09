import { readDeclarations } from './bundle.mjs';
import type { Sha256 } from './canonical.ts';
import type { SourceDeclarations } from './declaration-changes.ts';
import { FORMAT, type Identity } from './fingerprint.ts';
import { describeStage, upstreamOf, type StageNode } from './graph.ts';
import { codeOf } from './load.ts';
import { namedContent, type SeenContents } from './named-content.ts';
import type { Tool, UpstreamStage } from './stage.ts';
import type { Workspace } from './workspace.ts';

/** A stage's share of its instances' fingerprints, with what a worker needs to run exactly that. */
export interface StageIdentity {
  readonly identity: Identity;
  /** The code of each source file, comments gone. */
  readonly sources: Readonly<Record<string, Sha256>>;
  /** The declarations of each source file; read when somebody asks. */
  readonly declarations: () => SourceDeclarations;
  /** The bundle of `run`. */
  readonly bundle: string;
  /** The bundles of the modules that parameters chose. */
  readonly parts: Readonly<Record<string, string>>;
  readonly tools: Readonly<Record<string, Tool>>;
  /** What a stage that asks for it is told: every stage upstream, then itself. */
  readonly upstream: readonly UpstreamStage[];
  /** The stage as a report may describe it. */
  readonly self: UpstreamStage;
  readonly versions: Readonly<Record<string, string>>;
  /** Listings of the folders that parameters name, by their hash: they tell which file changed. */
  readonly notes: ReadonlyMap<Sha256, string>;
}

/**
 * Looks at the code, the packages, the programs and the files outside the store as they are now.
 *
 * @param seen files and folders that were looked at a moment ago
 * @throws UserError for a file or folder that a parameter names and that cannot be read.
 */
export async function identify(
  workspace: Workspace,
  stages: readonly StageNode[],
  stage: StageNode,
  seen: SeenContents = new Map(),
): Promise<StageIdentity> {
  const { declaration } = stage;
  const run = await codeOf(workspace.root, stage.entry, 'run');
  const bundles = [run];
  const packages = new Set(['esbuild', ...run.packages]);
  const sources: Record<string, Sha256> = {};
  for (const { path, code } of run.sources) sources[path] = code;
  const parts: Record<string, { choice: string; code: Sha256 }> = {};
  const partFiles: Record<string, string> = {};
  for (const [part, table] of Object.entries(declaration.parts ?? {})) {
    const choice = String(stage.params[part]);
    const entry = (table as Readonly<Record<string, string | undefined>>)[choice];
    if (entry === undefined)
      throw new Error(`Internal error: ${stage.name}.${part} has no ${choice}`);
    const made = await codeOf(workspace.root, entry, 'all');
    bundles.push(made);
    parts[part] = { choice, code: made.sha256 };
    partFiles[part] = made.file;
    for (const name of made.packages) packages.add(name);
    for (const { path, code } of made.sources) sources[path] = code;
  }
  const tools: Record<string, Tool> = {};
  for (const name of declaration.tools ?? []) {
    const find = workspace.tools[name];
    if (find === undefined) throw new Error(`Internal error: nothing finds ${name}`);
    tools[name] = await find();
  }
  const above = declaration.readsUpstream === true ? upstreamOf(stages, stage) : [];
  const notes = new Map<Sha256, string>();
  const upstream = above.map((node) => portable(node, contentOf(workspace, node, seen, new Map())));
  const content = contentOf(workspace, stage, seen, notes);
  const self = portable(stage, content);
  const versions = Object.fromEntries(
    (declaration.reportsPackages ?? []).map((name) => [
      name,
      workspace.packages.version(name) ?? 'absent',
    ]),
  );
  const identity: Identity = {
    format: FORMAT,
    code: run.sha256,
    writes: declaration.writes,
    parts,
    packages: Object.fromEntries(
      [...packages].sort().map((name) => [name, workspace.packages.identity(name)]),
    ),
    tools: Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, tool.version])),
    params: valuesOf(stage),
    content,
    // Its own parameters stand above already.
    ...(declaration.readsUpstream === true
      ? { upstream: [...upstream, { ...self, params: {} }] }
      : {}),
    ...(declaration.reportsPackages === undefined ? {} : { versions }),
  };
  return {
    identity,
    sources,
    declarations: () => Object.assign({}, ...bundles.map(readDeclarations)) as SourceDeclarations,
    bundle: run.file,
    parts: partFiles,
    tools,
    upstream: declaration.readsUpstream === true ? [...upstream, self] : [],
    self,
    versions,
    notes,
  };
}

/** A stage's parameters without those that name files. */
function valuesOf(stage: StageNode): Record<string, unknown> {
  const paths = new Set(stage.paths.map(({ name }) => name));
  return Object.fromEntries(Object.entries(stage.params).filter(([name]) => !paths.has(name)));
}

/** The content of the files that a stage's parameters name; a folder's listing becomes a note. */
function contentOf(
  workspace: Workspace,
  stage: StageNode,
  seen: SeenContents,
  notes: Map<Sha256, string>,
): Readonly<Record<string, Sha256>> {
  const content: Record<string, Sha256> = {};
  for (const parameter of stage.paths) {
    const { sha256, listing } = namedContent(workspace.memory, stage.name, parameter, seen);
    content[parameter.name] = sha256;
    if (listing !== undefined) notes.set(sha256, JSON.stringify(Object.entries(listing)));
  }
  return content;
}

/** A stage as a report may describe it: content instead of paths, so that it is the same everywhere. */
function portable(stage: StageNode, content: Readonly<Record<string, Sha256>>): UpstreamStage {
  const params = valuesOf(stage);
  for (const [name, hash] of Object.entries(content)) params[name] = `sha256:${hash}`;
  return { ...describeStage(stage), params };
}

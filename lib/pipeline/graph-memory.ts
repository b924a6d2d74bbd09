import fs from 'node:fs';
import { bundle } from './bundle.mjs';
import { canonicalJson, sha256, type Sha256 } from './canonical.ts';
import type { ContentMemory } from './content.ts';
import { instancesOf, type Graph, type PlannedDeclaration, type StageNode } from './graph.ts';
import type { PipelineRequest } from './load-pipeline.ts';
import { namedContent, type SeenContents } from './named-content.ts';
import { seal, unseal } from './sealed.mjs';

/** A graph as it was read before, with all that it was read from. */
interface Remembered {
  readonly stages: readonly StageNode[];
  readonly files: Graph['files'];
  /** The stages' declarations: file -> code. */
  readonly declarations: Readonly<Record<string, Sha256>>;
  /** The content of every file or folder that a parameter names. */
  readonly contents: readonly Sha256[];
}

/** How many pipelines are kept: a person goes back and forth between a few. */
const KEPT = 16;

/**
 * The graph of a pipeline, without reading YAML or schemas again while the files that it was read from,
 * the stages' declarations and the content that parameters name are what they were. Losing the memory
 * costs a tenth of a second.
 */
export async function rememberedPipeline(
  request: PipelineRequest,
  memoryFile: string,
  content: ContentMemory,
  seen: SeenContents = new Map(),
): Promise<Graph> {
  const { say: _, ...named } = request;
  const key = sha256(canonicalJson(named));
  const memory = readMemory(memoryFile);
  const known = memory[key];
  if (known !== undefined && (await holds(known, request, content, seen))) {
    return {
      ...known,
      instances: known.stages.flatMap(instancesOf),
      lasting: true,
      reload: () => readAnew({ ...request, say: () => undefined }),
    };
  }
  const graph = await readAnew(request);
  if (graph.lasting) {
    const fresh: Record<string, Remembered> = {
      [key]: await remember(graph, request, content, seen),
    };
    for (const [other, entry] of Object.entries(memory).slice(0, KEPT - 1)) fresh[other] ??= entry;
    writeMemory(memoryFile, fresh);
  }
  return graph;
}

/** YAML and schemas are loaded only when they are needed. */
async function readAnew(request: PipelineRequest): Promise<Graph> {
  const { loadPipeline } = await import('./load-pipeline.ts');
  return loadPipeline(request);
}

async function holds(
  known: Remembered,
  request: PipelineRequest,
  content: ContentMemory,
  seen: SeenContents,
): Promise<boolean> {
  try {
    for (const { file, sha256: hash } of known.files) {
      if (content.file(file, 'configuration') !== hash) return false;
    }
    for (const [entry, code] of Object.entries(known.declarations)) {
      if ((await declarationCode(request.root, entry)) !== code) return false;
    }
    return canonicalJson(contentsOf(known.stages, content, seen)) === canonicalJson(known.contents);
  } catch {
    // Something is gone or cannot be read: reading the pipeline anew says what, in the user's words.
    return false;
  }
}

async function remember(
  graph: Graph,
  { root }: PipelineRequest,
  content: ContentMemory,
  seen: SeenContents,
): Promise<Remembered> {
  const declarations: Record<string, Sha256> = {};
  for (const { entry } of graph.stages) declarations[entry] = await declarationCode(root, entry);
  const stages = graph.stages.map((stage) => ({ ...stage, declaration: planned(stage) }));
  return { stages, files: graph.files, declarations, contents: contentsOf(stages, content, seen) };
}

async function declarationCode(root: string, entry: string): Promise<Sha256> {
  return (await bundle({ root, entry, part: 'declaration' })).sha256;
}

function contentsOf(
  stages: readonly StageNode[],
  content: ContentMemory,
  seen: SeenContents,
): readonly Sha256[] {
  return stages.flatMap((stage) =>
    stage.paths.map((parameter) => namedContent(content, stage.name, parameter, seen).sha256),
  );
}

function planned({ declaration }: StageNode): PlannedDeclaration {
  const { summary, writes, parts, tools, foreach, keep } = declaration;
  const { appends, takesTurns, leavesNothing, readsUpstream, reportsPackages } = declaration;
  return {
    summary,
    writes,
    ...(parts === undefined ? {} : { parts }),
    ...(tools === undefined ? {} : { tools }),
    ...(foreach === undefined ? {} : { foreach }),
    ...(keep === undefined ? {} : { keep }),
    ...(appends === undefined ? {} : { appends }),
    ...(takesTurns === undefined ? {} : { takesTurns }),
    ...(leavesNothing === undefined ? {} : { leavesNothing }),
    ...(readsUpstream === undefined ? {} : { readsUpstream }),
    ...(reportsPackages === undefined ? {} : { reportsPackages }),
  };
}

function readMemory(file: string): Readonly<Record<string, Remembered>> {
  try {
    const text = unseal(fs.readFileSync(file, 'utf8')) ?? '{}';
    return JSON.parse(text) as Record<string, Remembered>;
  } catch {
    return {};
  }
}

function writeMemory(file: string, memory: Readonly<Record<string, Remembered>>): void {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, seal(JSON.stringify(memory)));
  fs.renameSync(temporary, file);
}

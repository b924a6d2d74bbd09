import os from 'node:os';
import path from 'node:path';
import { stages as registry } from '../../stages/registry.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Graph } from '../pipeline/graph.ts';
import { rememberedPipeline } from '../pipeline/graph-memory.ts';
import type { PipelineRequest } from '../pipeline/load-pipeline.ts';
import type { SeenContents } from '../pipeline/named-content.ts';
import { Survey } from '../pipeline/plan.ts';
import { didYouMean } from '../pipeline/words.ts';
import { cacheFile } from '../pipeline/workspace.ts';
import type { Invocation } from './command.ts';
import { userPath } from './options.ts';
import { artifactsOf, homeOf, workspaceAt } from './places.ts';

/** What the common options of a command mean: which pipeline, over which store. */
export interface Session {
  readonly survey: Survey;
  readonly artifacts: string;
  readonly configFile: string;
}

/** The pipeline that the common options mean. */
export function pipelineRequest(invocation: Invocation): PipelineRequest {
  const { root, folder, options, talk } = invocation;
  const { config, set, corpus } = options.values as {
    config?: string;
    set?: string[];
    corpus?: string;
  };
  const configFile =
    config === undefined
      ? path.join(homeOf(invocation), 'pipeline.yaml')
      : userPath(config, folder);
  return {
    root,
    registry,
    file: configFile,
    sets: set ?? [],
    corpus: corpus === undefined ? undefined : userPath(corpus, folder),
    folder,
    say: (line: string) => {
      talk.write(`${line}\n`);
    },
  };
}

export async function openSession(invocation: Invocation): Promise<Session> {
  const { root } = invocation;
  const request = pipelineRequest(invocation);
  const artifacts = artifactsOf(invocation);
  const workspace = workspaceAt(invocation, artifacts);
  const seen: SeenContents = new Map();
  const memoryFile = cacheFile(root, 'graphs.json');
  const graph = await rememberedPipeline(request, memoryFile, workspace.memory, seen);
  const survey = new Survey(workspace, graph, seen);
  return { survey, artifacts, configFile: request.file };
}

/** @throws UserError for a word that is no stage of this pipeline */
export function refuseUnknownStages(graph: Graph, words: readonly string[]): void {
  const names = graph.stages.map(({ name }) => name);
  for (const word of words) {
    if (names.includes(word)) continue;
    throw new UserError('unknown-stage', `There is no stage ${word}; ${didYouMean(word, names)}`);
  }
}

/** As many as the machine lets this process use. */
export function cores(): number {
  return os.availableParallelism();
}

/** A path as the user would type it. */
export function shownPath(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

/** Of the files that came out, the one to open first. */
export function pageOf(files: readonly string[]): string | undefined {
  return files.find((file) => file.endsWith('.html')) ?? files[0];
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stages as registry } from '../../stages/registry.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Graph } from '../pipeline/graph.ts';
import { loadPipeline } from '../pipeline/load-pipeline.ts';
import { Survey } from '../pipeline/plan.ts';
import { didYouMean } from '../pipeline/words.ts';
import { cacheFile, openWorkspace } from '../pipeline/workspace.ts';
import type { Invocation } from './command.ts';
import { userPath } from './options.ts';
import { toolFinders } from './tools.ts';

/** What the common options of a command mean: which pipeline, over which store. */
export interface Session {
  readonly survey: Survey;
  readonly artifacts: string;
  readonly configFile: string;
}

export async function openSession({
  root,
  folder,
  options,
  environment,
  talk,
}: Invocation): Promise<Session> {
  const { config, set, corpus, artifacts } = options.values as {
    config?: string;
    set?: string[];
    corpus?: string;
    artifacts?: string;
  };
  const home = fs.existsSync(path.join(folder, 'pipeline.yaml')) ? folder : root;
  const configFile =
    config === undefined ? path.join(home, 'pipeline.yaml') : userPath(config, folder);
  const artifactsFolder =
    artifacts === undefined ? path.join(home, 'artifacts') : userPath(artifacts, folder);
  const graph = await loadPipeline({
    root,
    registry,
    file: configFile,
    sets: set ?? [],
    corpus: corpus === undefined ? undefined : userPath(corpus, folder),
    folder,
    say: (line) => {
      talk.write(`${line}\n`);
    },
  });
  const tools = toolFinders(environment, cacheFile(root, 'tools.json'));
  const survey = new Survey(openWorkspace(root, artifactsFolder, tools), graph);
  return { survey, artifacts: artifactsFolder, configFile };
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

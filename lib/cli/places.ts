import fs from 'node:fs';
import path from 'node:path';
import { openWorkspace, cacheFile, type Workspace } from '../pipeline/workspace.ts';
import type { Invocation } from './command.ts';
import { userPath } from './options.ts';
import { toolFinders } from './tools.ts';

type Asking = Pick<Invocation, 'root' | 'folder' | 'options'>;

/** The folder whose pipeline.yaml and artifacts are meant: where the user stands, or the project. */
export function homeOf({ root, folder }: Asking): string {
  return fs.existsSync(path.join(folder, 'pipeline.yaml')) ? folder : root;
}

/** Where results are kept: --artifacts, or artifacts/ beside the pipeline. */
export function artifactsOf(asking: Asking): string {
  const artifacts = asking.options.values['artifacts'] as string | undefined;
  return artifacts === undefined
    ? path.join(homeOf(asking), 'artifacts')
    : userPath(artifacts, asking.folder);
}

/** The store alone, for commands that need no pipeline. */
export function workspaceAt({ root, environment }: Invocation, artifacts: string): Workspace {
  return openWorkspace(root, artifacts, toolFinders(environment, cacheFile(root, 'tools.json')));
}

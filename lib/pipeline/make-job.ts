import path from 'node:path';
import { codeOf } from './load.ts';
import type { Instance } from './graph.ts';
import type { StageIdentity } from './identity.ts';
import type { Job } from './job.ts';
import type { BoundInput } from './plan.ts';
import { packPackages } from './packed.mjs';
import type { InputFile, StageDeclaration } from './stage.ts';

interface JobParts {
  readonly instance: Instance;
  readonly identity: StageIdentity;
  readonly inputs: readonly BoundInput[];
  readonly jobs: number;
}

/**
 * What a worker is told: exactly what the fingerprint holds, and where things lie. How many cores it may
 * keep busy is not in the fingerprint, since results must not depend on it.
 *
 * @param folder where the outputs are to be written
 * @param objectPath where an object of the store lies
 */
export function jobOf(
  { instance, identity, inputs, jobs }: JobParts,
  folder: string,
  objectPath: (hash: string) => string,
): Job {
  const { stage, each } = instance;
  const byRole: Record<string, InputFile | InputFile[]> = {};
  for (const { role, each: axis, many } of stage.roles) {
    const files = inputs
      .filter((input) => input.role === role)
      .map((input): InputFile => ({
        path: objectPath(input.object.sha256),
        sha256: input.object.sha256,
        // Under its own name only where the name counts in the fingerprint.
        stage: many ? input.stage.name : input.stage.use,
        each: input.each,
      }));
    const [first] = files;
    if (first === undefined) throw new Error(`Internal error: nothing feeds ${stage.name}.${role}`);
    byRole[role] = many || axis !== undefined ? files : first;
  }
  return {
    instance: instance.id,
    bundle: identity.bundle,
    parts: identity.parts,
    params: stage.params,
    inputs: byRole,
    outputs: outputsIn(folder, stage.declaration),
    appends: stage.declaration.appends === true,
    takesTurns: stage.declaration.takesTurns === true,
    leavesNothing: stage.declaration.leavesNothing === true,
    each,
    tools: identity.tools,
    upstream: identity.upstream,
    packages: identity.versions,
    jobs,
  };
}

/**
 * The job of a stage outside any pipeline, on files of the store: nothing chosen, no programs. What it
 * gives is recorded nowhere.
 */
export async function makeStageJob(
  root: string,
  entry: string,
  declaration: StageDeclaration,
  given: Pick<Job, 'inputs' | 'params' | 'jobs'> & { readonly folder: string },
): Promise<Job> {
  const { folder, ...rest } = given;
  const { file, packages } = await codeOf(root, entry, 'run');
  await packPackages(root, packages);
  return {
    instance: entry,
    bundle: file,
    parts: {},
    outputs: outputsIn(folder, declaration),
    appends: declaration.appends === true,
    takesTurns: false,
    leavesNothing: false,
    each: {},
    tools: {},
    upstream: [],
    packages: {},
    ...rest,
  };
}

function outputsIn(folder: string, { writes }: Pick<StageDeclaration, 'writes'>): Job['outputs'] {
  return Object.fromEntries(
    Object.entries(writes).map(([name, kind]) => [name, path.join(folder, kind)]),
  );
}

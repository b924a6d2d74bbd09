import path from 'node:path';
import type { Instance } from './graph.ts';
import type { StageIdentity } from './identity.ts';
import type { Job } from './job.ts';
import type { BoundInput } from './plan.ts';
import type { InputFile } from './stage.ts';

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
  const outputs = Object.entries(stage.declaration.writes).map(([name, kind]) => [
    name,
    path.join(folder, kind),
  ]);
  return {
    instance: instance.id,
    bundle: identity.bundle,
    parts: identity.parts,
    params: stage.params,
    inputs: byRole,
    outputs: Object.fromEntries(outputs) as Record<string, string>,
    each,
    tools: identity.tools,
    upstream: identity.upstream,
    packages: identity.versions,
    jobs,
  };
}

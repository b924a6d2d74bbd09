import fs from 'node:fs';
import { stages as registry } from '../../../stages/registry.ts';
import { UserError } from '../../pipeline/errors.ts';
import { pipelineSchema } from '../../pipeline/schema.ts';
import { sweepsSchema } from '../../sweeps/schema.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { userPath } from '../options.ts';

/** `schema`: prints the JSON Schema of pipeline.yaml, writes it, or checks the one that is there. */
export async function execute({ root, folder, options, answer }: Invocation): Promise<number> {
  const text = `${JSON.stringify(await pipelineSchema(root, registry, sweepsSchema), null, 2)}\n`;
  const { write, check } = options.values as { write?: string; check?: string };
  if (write !== undefined) fs.writeFileSync(userPath(write, folder), text);
  if (check !== undefined) {
    const file = userPath(check, folder);
    if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
      throw new UserError(
        'stale-schema',
        `${check} is not what the stages say: npm run schema writes it again.`,
      );
    }
  }
  if (write === undefined && check === undefined) answer.write(text);
  return exitStatus.done;
}

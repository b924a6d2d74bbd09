import path from 'node:path';
import { openWorkspace, type Workspace } from '../../lib/pipeline/workspace.ts';
import { Toy } from './toy.ts';

/** text -> loud (temporary) -> last: two parameters, and an object that gc may drop. */
export function smallToy(): Toy {
  const toy = new Toy();
  const stage = (name: string, head: string, body: string): void => {
    toy.stage(
      name,
      `${head}\nexport async function run({ params, inputs, outputs }) {\n${body}\n}`,
    );
  };
  stage(
    'text',
    `export const parameters = () => z.strictObject({ words: z.string().default('a b') });
     export const reads = {};
     export const writes = { text: 'text.txt' };`,
    'fs.writeFileSync(outputs.text, params.words);',
  );
  stage(
    'loud',
    `export const parameters = () => z.strictObject({});
     export const reads = { text: 'text.txt' };
     export const writes = { loud: 'loud.txt' };
     export const keep = false;`,
    "fs.writeFileSync(outputs.loud, fs.readFileSync(inputs.text.path, 'utf8').toUpperCase());",
  );
  stage(
    'last',
    `export const parameters = () => z.strictObject({ end: z.string().default('.') });
     export const reads = { loud: 'loud.txt' };
     export const writes = { last: 'last.txt' };`,
    "fs.writeFileSync(outputs.last, fs.readFileSync(inputs.loud.path, 'utf8') + params.end);",
  );
  toy.yaml('stages:\n  text: {}\n  loud: { needs: [text] }\n  last: { needs: [loud] }\n');
  return toy;
}

/** The kinds that gc may drop in a small toy. */
export const temporary: ReadonlySet<string> = new Set(['loud.txt']);

/** The toy's store as a new command finds it. */
export function workspaceOf(toy: Toy): Workspace {
  return openWorkspace(toy.root, path.join(toy.root, 'artifacts'), {});
}

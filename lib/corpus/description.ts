import fs from 'node:fs/promises';
import path from 'node:path';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
} from 'yaml';
import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';
import { tooMuchYaml } from '../pipeline/nesting.ts';

/** What a corpus.yaml may say of its corpus; all of it is optional. */
const description = z.strictObject({
  name: z.string().min(1).optional(),
  layout: z.string().min(1).optional(),
  synthetic: z.boolean().default(false),
  licence: z.string().default(''),
  citation: z.string().default(''),
});

export type CorpusDescription = z.output<typeof description>;

const MAX_BYTES = 100_000;

/**
 * Reads corpus.yaml of a corpus; without one, nothing is known and nothing is synthetic.
 *
 * @throws UserError naming line and column when it is no YAML, says something unknown or of a wrong type.
 */
export async function readDescription(folder: string): Promise<CorpusDescription> {
  const file = path.join(folder, 'corpus.yaml');
  let text: string;
  try {
    const stat = await fs.stat(file);
    if (!stat.isFile()) throw new UserError('wrong-corpus-yaml', `${file} is not a file.`);
    if (stat.size > MAX_BYTES) {
      throw new UserError('wrong-corpus-yaml', `${file} is larger than 100 kB.`);
    }
    if (path.dirname(await fs.realpath(file)) !== (await fs.realpath(folder))) {
      throw new UserError(
        'link-leaves-corpus',
        `${file} is a link that leaves the corpus. Put the file itself there.`,
      );
    }
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return description.parse({});
    throw new UserError('wrong-corpus-yaml', `${file} cannot be read (${String(code)}).`, {
      cause: error,
    });
  }
  return parseDescription(text, file);
}

/** The same for a text; `file` stands in messages. */
export function parseDescription(text: string, file: string): CorpusDescription {
  const excess = tooMuchYaml(text);
  if (excess !== undefined) {
    throw new UserError('wrong-corpus-yaml', `${file} has ${excess.reason}.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrong = (offset: number, message: string): UserError => {
    const { line, col } = lines.linePos(offset);
    return new UserError('wrong-corpus-yaml', `${file}:${line}:${col}: ${message}`);
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw wrong(error.pos[0], `this is not valid YAML: ${error.message}.`);
  }
  const { contents } = document;
  const value = isMap(contents)
    ? Object.fromEntries(contents.items.map((pair) => entryOf(pair, wrong)))
    : contents === null
      ? {}
      : 'no map';
  const result = description.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const known = Object.keys(description.shape).join(', ');
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw wrong(offsetOf(document, key, 'key'), `${key} is not known here; known: ${known}.`);
  }
  const key = String(issue?.path[0] ?? '');
  if (key === '') throw wrong(0, `this should be a map of ${known}.`);
  const wanted = key === 'synthetic' ? 'true or false' : 'text';
  throw wrong(offsetOf(document, key, 'value'), `${key} should be ${wanted}.`);
}

/** A key and its value, unless they are anything but one word or text each: that, nothing here is. */
function entryOf(
  { key, value }: Pair,
  wrong: (offset: number, message: string) => UserError,
): [string, unknown] {
  const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  if (!isScalar(key) || typeof key.value !== 'string') {
    throw wrong(startOf(key), 'every key must be plain text.');
  }
  if (isAlias(value))
    throw wrong(startOf(value), 'aliases are not used here: write the value out.');
  const plain = isScalar(value) ? value.value : value;
  if (!`${key.value} ${String(plain)}`.isWellFormed()) {
    throw wrong(startOf(value), 'this text holds half a character.');
  }
  return [key.value, plain];
}

function offsetOf(document: Document.Parsed, wanted: string, side: 'key' | 'value'): number {
  if (!isMap(document.contents)) return 0;
  for (const pair of document.contents.items) {
    if (!isScalar(pair.key) || pair.key.value !== wanted) continue;
    const node = side === 'value' && isNode(pair.value) ? pair.value : pair.key;
    return node.range[0];
  }
  return 0;
}

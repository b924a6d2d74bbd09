import fs from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { UserError } from './errors.ts';
import { tooMuchYaml } from './nesting.ts';
import { wrong, type Source } from './source.ts';

/** A YAML value that remembers where it was written. */
export type Tree =
  | { readonly kind: 'map'; readonly source: Source; readonly entries: ReadonlyMap<string, Entry> }
  | { readonly kind: 'list'; readonly source: Source; readonly items: readonly Tree[] }
  | {
      readonly kind: 'scalar';
      readonly source: Source;
      readonly value: string | number | boolean | null;
    };

export interface Entry {
  readonly key: Source;
  readonly value: Tree;
}

const MAX_BYTES = 1_000_000;
const MAX_NODES = 20_000;
const MAX_DEPTH = 50;

/**
 * Reads one YAML 1.2 document.
 *
 * @throws UserError for a file that is missing, too large, not YAML, or that repeats a key; the
 * message names the line and column.
 */
export function readYaml(file: string): { readonly tree: Tree; readonly text: string } {
  const text = readText(file);
  return { tree: parseYaml(text, file), text };
}

/** The same for a text; `source` stands for the file in messages. An empty document is an empty map. */
export function parseYaml(text: string, file: string): Tree {
  const lines = new LineCounter();
  const texts = text.split('\n');
  const place = (offset: number, end: number): Source => {
    const { line, col } = lines.linePos(offset);
    const whole = texts[line - 1] ?? '';
    const length = Math.max(1, Math.min(end - offset, whole.length - col + 1));
    return { file, line, column: col, length, text: whole.replace(/\r$/, '') };
  };
  const excess = tooMuchYaml(text);
  if (excess !== undefined) {
    const before = text.slice(0, excess.offset).split('\n');
    before.reduce((start, each) => (lines.addNewLine(start), start + each.length + 1), 0);
    const source = place(excess.offset, excess.offset + 1);
    throw wrong(source, 'yaml-too-large', `${excess.reason}.`);
  }
  // Whether keys are unique is asked below: the parser compares each with all others.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start, end] = error.pos;
    throw wrong(place(start, end), 'invalid-yaml', `this is not valid YAML: ${error.message}.`);
  }
  let nodes = 0;
  const convert = (node: Node | null, fallback: Source, depth: number): Tree => {
    nodes += 1;
    const [start, end] = node?.range ?? [0, 0];
    const source = node?.range == null ? fallback : place(start, end);
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw wrong(
        source,
        'yaml-too-large',
        `more than ${MAX_NODES} values or ${MAX_DEPTH} levels.`,
      );
    }
    if (node === null) return { kind: 'scalar', source, value: null };
    if (isAlias(node)) {
      throw wrong(
        source,
        'yaml-alias',
        'anchors and aliases are not used here: write the value out.',
      );
    }
    if (isMap(node)) {
      const entries = new Map<string, Entry>();
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value !== 'string') {
          throw wrong(source, 'yaml-key', 'every key must be plain text.');
        }
        const [from, to] = key.range ?? [start, end];
        const keySource = place(from, to);
        if (entries.has(key.value)) {
          const rule = 'this is not valid YAML: Map keys must be unique.';
          throw wrong(keySource, 'invalid-yaml', rule);
        }
        entries.set(key.value, {
          key: keySource,
          value: convert(value as Node | null, keySource, depth + 1),
        });
      }
      return { kind: 'map', source, entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => convert(item as Node | null, source, depth + 1));
      return { kind: 'list', source, items };
    }
    if (isScalar(node)) {
      const { value } = node;
      if (typeof value === 'string' && !value.isWellFormed()) {
        throw wrong(source, 'yaml-value', 'this text holds half a character.');
      }
      const scalar = typeof value === 'string' || typeof value === 'number';
      if (scalar || typeof value === 'boolean' || value === null) {
        return { kind: 'scalar', source, value };
      }
    }
    throw wrong(
      source,
      'yaml-value',
      'only maps, lists, text, numbers, true, false and null are used here.',
    );
  };
  if (document.contents === null) {
    return { kind: 'map', source: place(0, 0), entries: new Map() };
  }
  return convert(document.contents, place(0, 0), 0);
}

/** Maps are merged, lists and single values replaced; what `over` says later wins. */
export function mergeTrees(under: Tree, over: Tree): Tree {
  if (under.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(under.entries);
  for (const [name, entry] of over.entries) {
    const below = under.entries.get(name);
    const value = below === undefined ? entry.value : mergeTrees(below.value, entry.value);
    entries.set(name, { key: entry.key, value });
  }
  return { kind: 'map', source: over.source, entries };
}

/** The plain value of a tree. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(plain);
    case 'map':
      return Object.fromEntries([...tree.entries].map(([name, { value }]) => [name, plain(value)]));
  }
}

/** Where the value at a path of keys and indices was written; the nearest one that is there. */
export function sourceAt(tree: Tree, keys: readonly PropertyKey[]): Source {
  const [key, ...rest] = keys;
  if (key === undefined) return tree.source;
  if (tree.kind === 'map') {
    const entry = tree.entries.get(String(key));
    if (entry !== undefined)
      return rest.length === 0 && entry.value.kind !== 'scalar'
        ? entry.value.source
        : sourceAt(entry.value, rest);
  }
  if (tree.kind === 'list' && typeof key === 'number') {
    const item = tree.items[key];
    if (item !== undefined) return sourceAt(item, rest);
  }
  return tree.source;
}

/** `name: value` as a tree of one map in another: what `--set train.lambda=1` says. */
export function treeAt(keys: readonly string[], value: Tree): Tree {
  return keys.reduceRight<Tree>((inner, key) => {
    const { source } = inner;
    return { kind: 'map', source, entries: new Map([[key, { key: source, value: inner }]]) };
  }, value);
}

/** Gives every value of a tree another source: a value of the command line is parsed as YAML. */
export function withSource(tree: Tree, source: Source): Tree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, source };
    case 'list':
      return { ...tree, source, items: tree.items.map((item) => withSource(item, source)) };
    case 'map': {
      const entries = [...tree.entries].map(([name, { value }]): [string, Entry] => [
        name,
        { key: source, value: withSource(value, source) },
      ]);
      return { ...tree, source, entries: new Map(entries) };
    }
  }
}

function readText(file: string): string {
  let stat;
  try {
    stat = fs.statSync(file);
  } catch {
    throw new UserError('no-such-file', `There is no configuration file ${file}.`);
  }
  if (!stat.isFile()) throw new UserError('not-a-file', `The configuration ${file} is not a file.`);
  if (stat.size > MAX_BYTES) {
    throw new UserError('yaml-too-large', `The configuration file ${file} is larger than 1 MB.`);
  }
  return fs.readFileSync(file, 'utf8');
}

import { z } from 'zod';
import { absolutePath } from './config.ts';
import { didYouMean, shown } from './words.ts';
import { wrong, type Source } from './source.ts';
import { plain, sourceAt, type Tree } from './yaml.ts';

/** A parameter that names a file or a folder: not a value, but content. */
export interface PathParameter {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** For a folder, the regular expression for the names of the files in it that count. */
  readonly matching: string;
  readonly path: string;
  readonly source: Source;
}

export interface ResolvedParameters {
  readonly params: Readonly<Record<string, unknown>>;
  readonly paths: readonly PathParameter[];
}

/**
 * Holds what the YAML sets against the stage's schema: defaults filled in, paths made absolute.
 *
 * @throws UserError naming file, line and column, what was found and what would be right.
 */
export function resolveParameters(
  stage: string,
  schema: z.ZodObject,
  set: Tree | undefined,
  fallback: Source,
): ResolvedParameters {
  if (set !== undefined && set.kind !== 'map' && !(set.kind === 'scalar' && set.value === null)) {
    throw wrong(
      set.source,
      'wrong-type',
      `the parameters of ${stage} should be a map of keys and values.`,
    );
  }
  const tree: Tree =
    set?.kind === 'map'
      ? set
      : { kind: 'map', source: set?.source ?? fallback, entries: new Map() };
  const input = plain(tree) as Record<string, unknown>;
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) {
    const [issue] = result.error.issues;
    if (issue === undefined) throw new Error('Internal error: a refusal without an issue');
    throw explainIssue(stage, schema, tree, issue);
  }
  const params: Record<string, unknown> = { ...result.data };
  const paths: PathParameter[] = [];
  for (const [name, property] of Object.entries(schema.shape)) {
    const meta = pathMeta(property);
    const value = params[name];
    if (meta === undefined || typeof value !== 'string') continue;
    const source = sourceAt(tree, [name]);
    const absolute = absolutePath(value, source);
    params[name] = absolute;
    paths.push({ name, kind: meta.path, matching: meta.matching ?? '', path: absolute, source });
  }
  return { params, paths };
}

/** Where a parameter was written, for a later complaint about it. */
export function parameterSource(
  set: Tree | undefined,
  parameter: string,
  fallback: Source,
): Source {
  return set === undefined ? fallback : sourceAt(set, [parameter]);
}

export function pathMeta(
  schema: unknown,
): { path: 'file' | 'folder'; matching?: string } | undefined {
  let inner: unknown = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  const meta = inner instanceof z.ZodType ? inner.meta() : undefined;
  const path = meta?.['path'];
  if (path !== 'file' && path !== 'folder') return undefined;
  const matching = meta?.['matching'];
  return typeof matching === 'string' ? { path, matching } : { path };
}

type Issue = z.core.$ZodIssue;

function explainIssue(stage: string, schema: z.ZodObject, tree: Tree, issue: Issue): Error {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const source = tree.kind === 'map' ? tree.entries.get(key)?.key : undefined;
    const known = Object.keys(schema.shape);
    return wrong(
      source ?? tree.source,
      'unknown-parameter',
      `${stage} has no parameter ${key}; ${didYouMean(key, known)}`,
    );
  }
  const source = sourceAt(tree, issue.path);
  const name = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    stage,
  );
  if (issue.code === 'custom') return wrong(source, 'wrong-parameter', `${name}: ${issue.message}`);
  if (issue.input === undefined && issue.code === 'invalid_type') {
    return wrong(source, 'missing-parameter', `${name} is not set, and has no default.`);
  }
  return wrong(
    source,
    'wrong-parameter',
    `${name} is ${shown(issue.input)}, but should be ${wanted(issue)}.`,
  );
}

/** What would be right, in words. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === Infinity || issue.input === -Infinity) return 'a finite number';
      return TYPE_WORDS[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? shown(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small': {
      const length = issue.origin === 'array' || issue.origin === 'string';
      if (length)
        return `at least ${String(issue.minimum)} ${issue.origin === 'array' ? 'values' : 'characters'} long`;
      return issue.inclusive === false
        ? `above ${String(issue.minimum)}`
        : `at least ${String(issue.minimum)}`;
    }
    case 'too_big': {
      const length = issue.origin === 'array' || issue.origin === 'string';
      if (length)
        return `at most ${String(issue.maximum)} ${issue.origin === 'array' ? 'values' : 'characters'} long`;
      return issue.inclusive === false
        ? `below ${String(issue.maximum)}`
        : `at most ${String(issue.maximum)}`;
    }
    case 'not_multiple_of':
      return `a multiple of ${String(issue.divisor)}`;
    default:
      return issue.message;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

import path from 'node:path';
import { sha256, type Sha256 } from './canonical.ts';
import { UserError } from './errors.ts';
import { didYouMean } from './words.ts';
import {
  mergeTrees,
  parseYaml,
  readYaml,
  treeAt,
  withSource,
  type Entry,
  type Tree,
} from './yaml.ts';
import { folderOf, wrong, type Source } from './source.ts';

/** One stage as the YAML has it, not yet held against the stage's own declaration. */
export interface StageConfig {
  readonly name: string;
  readonly source: Source;
  /** The stage file that it uses; its own name unless the YAML says otherwise. */
  readonly use: string;
  readonly useSource: Source;
  readonly needs: Needs;
  readonly foreach: { readonly axis: string; readonly source: Source } | undefined;
  readonly params: Tree | undefined;
  /** The folder below artifacts that shows its outputs; null for none, absent for its name. */
  readonly shownIn?: string | null;
}

/** Names in a list take the roles that their outputs fit; a map says role by role. */
export type Needs =
  | { readonly kind: 'list'; readonly source: Source; readonly stages: readonly Named[] }
  | {
      readonly kind: 'roles';
      readonly source: Source;
      readonly roles: ReadonlyMap<string, readonly Named[]>;
    };

export interface Named {
  readonly name: string;
  readonly source: Source;
}

export interface PipelineConfig {
  readonly file: string;
  /** It and those that it extends. */
  readonly files: readonly { readonly file: string; readonly sha256: Sha256 }[];
  readonly corpus: Tree | undefined;
  readonly stages: readonly StageConfig[];
  /** Not held against anything until a sweep is asked for. */
  readonly sweeps: Tree | undefined;
}

export interface ConfigRequest {
  readonly file: string;
  /** `stage.key=value` each, the value in YAML. */
  readonly sets?: readonly string[];
  readonly corpus?: string | undefined;
  /** The folder that relative paths of the command line start from. */
  readonly folder: string;
}

const TOP_KEYS = ['extends', 'corpus', 'stages', 'sweeps'];
/** Of files that extend each other, and of stages: more than a person writes. */
const MAX_CHAIN = 20;
const MAX_STAGES = 1000;

/** Folders of artifacts/ that are the engine's own: a stage's results are shown under its name. */
const OWN_FOLDERS = ['store', 'latest', 'runs', 'pins', 'sweeps', 'comparisons'];

const STAGE_KEYS = ['use', 'needs', 'foreach', 'params'];

/**
 * Reads a pipeline: the file, those that it extends, then what the command line sets.
 *
 * @throws UserError with file, line and column for anything that is not as it should be.
 */
export function readConfig(request: ConfigRequest): PipelineConfig {
  const files: { file: string; sha256: Sha256 }[] = [];
  let tree = readExtended(request.file, [], files);
  for (const set of request.sets ?? []) tree = mergeTrees(tree, setTree(set, tree, request.folder));
  if (request.corpus !== undefined) {
    const source = { option: '--corpus', folder: request.folder };
    tree = mergeTrees(tree, treeAt(['corpus'], { kind: 'scalar', source, value: request.corpus }));
  }
  const top = mapOf(tree, 'a pipeline');
  refuseUnknown(top, TOP_KEYS, 'a pipeline');
  const stages = top.get('stages');
  if (stages === undefined) throw wrong(tree.source, 'no-stages', 'a pipeline needs `stages:`.');
  const configs: StageConfig[] = [];
  for (const [name, entry] of mapOf(stages.value, '`stages`')) {
    if (entry.value.kind === 'scalar' && entry.value.value === null) continue;
    configs.push(stageConfig(name, entry));
  }
  if (configs.length > MAX_STAGES) {
    throw wrong(stages.value.source, 'too-many-stages', `more than ${MAX_STAGES} stages.`);
  }
  if (configs.length === 0)
    throw wrong(stages.value.source, 'no-stages', 'there is no stage left to run.');
  const corpus = top.get('corpus')?.value;
  return { file: request.file, files, corpus, stages: configs, sweeps: top.get('sweeps')?.value };
}

function readExtended(
  file: string,
  chain: readonly string[],
  files: { file: string; sha256: Sha256 }[],
): Tree {
  const { tree, text } = readYaml(file);
  files.push({ file, sha256: sha256(text) });
  if (tree.kind !== 'map')
    throw wrong(tree.source, 'not-a-map', 'a pipeline is a map with `stages:`.');
  const base = tree.entries.get('extends');
  if (base === undefined) return tree;
  if (base.value.kind !== 'scalar' || typeof base.value.value !== 'string') {
    throw wrong(base.value.source, 'wrong-type', '`extends` names one file.');
  }
  const baseFile = path.resolve(path.dirname(file), base.value.value);
  if (chain.includes(baseFile) || baseFile === file) {
    throw wrong(
      base.value.source,
      'extends-cycle',
      `${base.value.value} extends this file in turn.`,
    );
  }
  if (chain.length + 1 >= MAX_CHAIN) {
    const rule = `more than ${MAX_CHAIN} files extend one another.`;
    throw wrong(base.value.source, 'extends-chain', rule);
  }
  const under = readExtended(baseFile, [...chain, file], files);
  const entries = new Map(tree.entries);
  entries.delete('extends');
  return mergeTrees(under, { ...tree, entries });
}

/** `train.lambda=0.5` -> stages: { train: { params: { lambda: 0.5 } } }. */
function setTree(set: string, tree: Tree, folder: string): Tree {
  const source: Source = { option: `--set ${set}`, folder };
  const match = /^([^.=\s]+)\.([^.=\s]+)=(.*)$/s.exec(set);
  if (match === null) {
    throw wrong(source, 'bad-set', 'write --set stage.key=value, such as --set train.lambda=0.5.');
  }
  const [, stage = '', key = '', text = ''] = match;
  const stages = tree.kind === 'map' ? tree.entries.get('stages')?.value : undefined;
  const names = stages?.kind === 'map' ? [...stages.entries.keys()] : [];
  if (!names.includes(stage)) {
    throw wrong(source, 'unknown-stage', `there is no stage ${stage}; ${didYouMean(stage, names)}`);
  }
  let value;
  try {
    value = parseYaml(text, 'value');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw wrong(source, 'bad-set', `the value is not valid YAML: ${text}`);
  }
  const scalar: Tree = text.trim() === '' ? { kind: 'scalar', source, value: '' } : value;
  return treeAt(['stages', stage, 'params', key], withSource(scalar, source));
}

function stageConfig(name: string, entry: Entry): StageConfig {
  const source = entry.key;
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw wrong(
      source,
      'bad-stage-name',
      'a stage is named in lower-case letters, digits and dashes, at most 64 of them.',
    );
  }
  if (OWN_FOLDERS.includes(name)) {
    throw wrong(
      source,
      'bad-stage-name',
      `artifacts/${name} is the engine's own folder: give the stage another name, and say what it uses.`,
    );
  }
  const map = mapOf(entry.value, `stage ${name}`);
  refuseUnknown(map, STAGE_KEYS, `stage ${name}`);
  const use = map.get('use');
  const foreach = map.get('foreach');
  const params = map.get('params');
  return {
    name,
    source,
    use: use === undefined ? name : textOf(use.value, '`use` names a stage file'),
    useSource: use?.value.source ?? source,
    needs: needsOf(map.get('needs'), source),
    foreach:
      foreach === undefined
        ? undefined
        : {
            axis: textOf(foreach.value, '`foreach` names an axis, such as fold'),
            source: foreach.value.source,
          },
    params: params?.value,
  };
}

function needsOf(entry: Entry | undefined, fallback: Source): Needs {
  if (entry === undefined) return { kind: 'list', source: fallback, stages: [] };
  const { value } = entry;
  if (value.kind === 'map') {
    const roles = new Map(
      [...value.entries].map(([role, { value: named }]) => [role, namesOf(named)]),
    );
    return { kind: 'roles', source: value.source, roles };
  }
  return { kind: 'list', source: value.source, stages: namesOf(value) };
}

function namesOf(tree: Tree): readonly Named[] {
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.map((item) => ({ name: textOf(item, '`needs` names stages'), source: item.source }));
}

function textOf(tree: Tree, rule: string): string {
  if (tree.kind === 'scalar' && typeof tree.value === 'string') return tree.value;
  throw wrong(tree.source, 'wrong-type', `${rule}.`);
}

/** @throws UserError unless the tree is a map. */
export function mapOf(tree: Tree, what: string): ReadonlyMap<string, Entry> {
  if (tree.kind === 'map') return tree.entries;
  throw wrong(tree.source, 'wrong-type', `${what} should be a map of keys and values.`);
}

/** @throws UserError for a key that there is not, with the one that was probably meant. */
export function refuseUnknown(
  map: ReadonlyMap<string, Entry>,
  known: readonly string[],
  what: string,
): void {
  for (const [name, entry] of map) {
    if (!known.includes(name)) {
      throw wrong(
        entry.key,
        'unknown-key',
        `${what} has no key ${name}; ${didYouMean(name, known)}`,
      );
    }
  }
}

/** The absolute path that a path-valued text means. */
export function absolutePath(text: string, source: Source): string {
  return path.resolve(folderOf(source), text);
}

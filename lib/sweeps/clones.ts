import { canonicalJson, sha256 } from '../pipeline/canonical.ts';
import type { Named, Needs, StageConfig } from '../pipeline/config.ts';
import { namedNeeds, withNeeded } from '../pipeline/graph.ts';
import { mergeTrees, plain, treeAt, type Tree } from '../pipeline/yaml.ts';
import type { Setting } from './spaces.ts';

/** Changes to a pipeline: parameters of stages, and stages put in the place of others. */
export interface Variation {
  readonly settings: readonly Setting[];
  /** Stage -> the stage that stands in for it, for those that need it. */
  readonly instead?: ReadonlyMap<string, string>;
}

/** A pipeline with many variations: stages by their own name where nothing above them differs. */
export class Clones {
  readonly #stages = new Map<string, StageConfig>();
  readonly #base: readonly StageConfig[];

  /** @param base the stages in an order in which they can run */
  constructor(base: readonly StageConfig[]) {
    this.#base = base;
  }

  /** All stages that were asked for, those that several variations share once. */
  get stages(): readonly StageConfig[] {
    return [...this.#stages.values()];
  }

  /** Puts a stage of the caller's own beside them. */
  add(stage: StageConfig): void {
    this.#stages.set(stage.name, stage);
  }

  /**
   * Adds a variation, up to some stages.
   *
   * @returns the name that each stage of the base has in it
   */
  vary(variation: Variation, targets: readonly string[]): ReadonlyMap<string, string> {
    const needsOf = (stage: StageConfig): readonly string[] =>
      namedNeeds(stage).map(({ name }) => name);
    const names = new Map<string, string>(variation.instead);
    for (const stage of withNeeded(this.#base, targets, needsOf)) {
      if (names.has(stage.name)) continue;
      const varied = variedStage(stage, variation.settings, names);
      names.set(stage.name, varied.name);
      this.#stages.set(varied.name, varied);
    }
    return names;
  }
}

/** The stage itself where nothing of it or above it differs; otherwise one under a name of its own. */
function variedStage(
  stage: StageConfig,
  settings: readonly Setting[],
  names: ReadonlyMap<string, string>,
): StageConfig {
  const own = settings.filter((setting) => setting.stage === stage.name);
  const moved = namedNeeds(stage)
    .map(({ name }): [string, string] => [name, names.get(name) ?? name])
    .filter(([name, now]) => name !== now);
  if (own.length === 0 && moved.length === 0) return stage;
  const values = own.map(({ key, value }): [string, unknown] => [key, plain(value)]);
  const digest = sha256(canonicalJson([Object.fromEntries(values), Object.fromEntries(moved)]));
  return {
    ...stage,
    // Not a name that a YAML may give. Of its content, so that it is the same in every sweep.
    name: `${stage.name}@${digest.slice(0, 12)}`,
    needs: renamed(stage.needs, new Map(moved)),
    params: own.reduce(withSetting, stage.params),
    shownIn: null,
  };
}

function withSetting(params: Tree | undefined, { key, source, value }: Setting): Tree {
  const set: Tree = { kind: 'map', source, entries: new Map([[key, { key: source, value }]]) };
  return params?.kind === 'map' ? mergeTrees(params, set) : set;
}

function renamed(needs: Needs, names: ReadonlyMap<string, string>): Needs {
  const rename = (named: Named): Named => ({ ...named, name: names.get(named.name) ?? named.name });
  if (needs.kind === 'list') return { ...needs, stages: needs.stages.map(rename) };
  const roles = [...needs.roles].map(([role, list]): [string, readonly Named[]] => [
    role,
    list.map(rename),
  ]);
  return { ...needs, roles: new Map(roles) };
}

/** Parameters as if they stood in a YAML. */
export function paramsTree(params: Readonly<Record<string, unknown>>, like: Tree['source']): Tree {
  const treeOf = (value: unknown): Tree => {
    if (Array.isArray(value)) return { kind: 'list', source: like, items: value.map(treeOf) };
    if (value !== null && typeof value === 'object') {
      const entries = Object.entries(value).map(([key, inner]) => treeAt([key], treeOf(inner)));
      const empty: Tree = { kind: 'map', source: like, entries: new Map() };
      return entries.reduce(mergeTrees, empty);
    }
    return { kind: 'scalar', source: like, value: value as string | number | boolean | null };
  };
  return treeOf(params);
}

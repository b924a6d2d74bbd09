import type { Sha256 } from './canonical.ts';
import type { PathParameter } from './parameters.ts';
import type { Named, StageConfig } from './config.ts';
import type { Read, StageDeclaration, UpstreamStage } from './stage.ts';
import { didYouMean } from './words.ts';
import { wrong } from './source.ts';

/** A stage as it will run: its declaration, its parameters, and who feeds each of its roles. */
export interface StageNode {
  readonly name: string;
  readonly use: string;
  /** The stage file, relative to the project. */
  readonly entry: string;
  readonly declaration: PlannedDeclaration;
  readonly params: Readonly<Record<string, unknown>>;
  readonly paths: readonly PathParameter[];
  readonly roles: readonly Role[];
  readonly axis: { readonly name: string; readonly count: number } | undefined;
  /** The folder below artifacts that shows its outputs; null for none, absent for its name. */
  readonly shownIn?: string | null;
}

/** What of a declaration is still asked for once the graph stands: plain data, which can be kept. */
export type PlannedDeclaration = Pick<
  StageDeclaration,
  | 'summary'
  | 'writes'
  | 'parts'
  | 'tools'
  | 'foreach'
  | 'keep'
  | 'appends'
  | 'takesTurns'
  | 'leavesNothing'
  | 'readsUpstream'
  | 'reportsPackages'
>;

export interface Role {
  readonly role: string;
  readonly kind: string;
  /** The producers' axis, when this role gathers one file of each of their instances. */
  readonly each: string | undefined;
  readonly many: boolean;
  readonly producers: readonly { readonly stage: string; readonly output: string }[];
}

export interface Instance {
  /** `mel`, `train[fold=3]`. */
  readonly id: string;
  readonly stage: StageNode;
  readonly each: Readonly<Record<string, number>>;
}

/** Stages in the order in which they can run, those that the YAML lists first first. */
export interface Graph {
  readonly stages: readonly StageNode[];
  readonly instances: readonly Instance[];
  /** The YAML files that it was read from. */
  readonly files: readonly { readonly file: string; readonly sha256: Sha256 }[];
  /** Whether it holds for as long as these files, the stages and the content they name stay. */
  readonly lasting: boolean;
  /** Reads them again. */
  readonly reload: () => Promise<Graph>;
}

export interface DeclaredStage {
  readonly config: StageConfig;
  readonly declaration: StageDeclaration;
}

/**
 * Orders the stages by what they need.
 *
 * @throws UserError for a need that is no stage, and for a cycle, which is spelled out.
 */
export function orderStages(configs: readonly StageConfig[]): readonly StageConfig[] {
  const byName = new Map(configs.map((config) => [config.name, config]));
  const ordered = new Set<StageConfig>();
  const visit = (config: StageConfig, chain: readonly string[]): void => {
    if (ordered.has(config)) return;
    for (const { name, source } of namedNeeds(config)) {
      const needed = byName.get(name);
      if (needed === undefined) {
        const known = [...byName.keys()].filter((other) => other !== config.name);
        throw wrong(
          source,
          'unknown-stage',
          `${config.name} needs ${name}, but there is no such stage; ${didYouMean(name, known)}`,
        );
      }
      if (name === config.name || chain.includes(name)) {
        const cycle = [...chain.slice(chain.indexOf(name)), config.name, name];
        const shown = name === config.name ? `${name} -> ${name}` : cycle.join(' -> ');
        throw wrong(source, 'cycle', `these stages need each other in a circle: ${shown}.`);
      }
      visit(needed, [...chain, config.name]);
    }
    ordered.add(config);
  };
  for (const config of configs) visit(config, []);
  return [...ordered];
}

/** The stages that a stage names in `needs`, with where. */
export function namedNeeds(config: StageConfig): readonly Named[] {
  return config.needs.kind === 'list'
    ? config.needs.stages
    : [...config.needs.roles.values()].flat();
}

/**
 * Finds who feeds each role: the needed stage whose output the role's kind fits.
 *
 * @throws UserError for a role that nothing or more than one stage fits, and for a need without use.
 */
export function bindRoles(
  stage: DeclaredStage,
  all: ReadonlyMap<string, DeclaredStage>,
): readonly Role[] {
  const { config, declaration } = stage;
  const used = new Set<string>();
  const roles = Object.entries(declaration.reads).map(([role, read]): Role => {
    const { kind, each, many } = readOf(read);
    const offered = offers(config, role, kind, all);
    if (offered.length === 0) throw nothingFits(stage, role, kind, all);
    if (offered.length > 1 && !many) {
      const names = offered.map((offer) => offer.stage);
      throw wrong(
        config.needs.source,
        'ambiguous-role',
        `${config.name} reads ${kind} from one stage, but ${names.join(' and ')} write it; ` +
          `say which, role by role: needs: { ${role}: ${names[0] ?? ''}, ... }.`,
      );
    }
    for (const { stage: producer } of offered) {
      used.add(producer);
      checkAxis(stage, role, each, all.get(producer));
    }
    return { role, kind, each, many, producers: offered };
  });
  for (const { name, source } of namedNeeds(config)) {
    if (used.has(name)) continue;
    throw wrong(
      source,
      'unused-need',
      `${config.name} reads nothing of what ${name} writes: leave it out.`,
    );
  }
  return roles;
}

/** The stage of an instance: `train` of `train[fold=3]`. */
export function stageOf(instance: string): string {
  return instance.replace(/\[.*/, '');
}

/** A stage's name as its user gave it: a sweep's variations of it carry a digest behind an @. */
export function spokenName(name: string): string {
  return name.replace(/@[0-9a-f]+/, '');
}

export function instancesOf(stage: StageNode): readonly Instance[] {
  const { axis, name } = stage;
  if (axis === undefined) return [{ id: name, stage, each: {} }];
  return Array.from({ length: axis.count }, (_, index) => ({
    id: `${name}[${axis.name}=${index + 1}]`,
    stage,
    each: { [axis.name]: index + 1 },
  }));
}

/** The stages named and all that they need, in running order. */
export function upTo(graph: Graph, targets: readonly string[]): readonly StageNode[] {
  return targets.length === 0 ? graph.stages : withNeeded(graph.stages, targets, producerNames);
}

/**
 * The stages named and all that they need.
 *
 * @param stages in an order in which they can run
 * @param needsOf the names of the stages that one needs itself
 */
export function withNeeded<Stage extends { readonly name: string }>(
  stages: readonly Stage[],
  targets: readonly string[],
  needsOf: (stage: Stage) => readonly string[],
): readonly Stage[] {
  const wanted = new Set(targets);
  for (const stage of stages.toReversed()) {
    if (wanted.has(stage.name)) for (const name of needsOf(stage)) wanted.add(name);
  }
  return stages.filter(({ name }) => wanted.has(name));
}

function producerNames({ roles }: StageNode): readonly string[] {
  return roles.flatMap(({ producers }) => producers.map(({ stage }) => stage));
}

/** What a stage below may know of one above it: names and parameters, paths included. */
export function describeStage(stage: StageNode): UpstreamStage {
  const needs = Object.fromEntries(
    stage.roles.map(({ role, producers }) => [role, producers.map((producer) => producer.stage)]),
  );
  return { name: stage.name, use: stage.use, params: stage.params, needs };
}

/** Whether nothing reads what a stage writes: then it is for a person. */
export function isLast(graph: Graph, stage: StageNode): boolean {
  return !graph.stages.some((other) => producerNames(other).includes(stage.name));
}

/** Every stage upstream of one, in running order, which is that of `stages`. */
export function upstreamOf(stages: readonly StageNode[], stage: StageNode): readonly StageNode[] {
  return withNeeded(stages, producerNames(stage), producerNames);
}

function readOf(read: Read): { kind: string; each: string | undefined; many: boolean } {
  if (typeof read === 'string') return { kind: read, each: undefined, many: false };
  return {
    kind: read.kind,
    each: 'each' in read ? read.each : undefined,
    many: read.many ?? false,
  };
}

function offers(
  config: StageConfig,
  role: string,
  kind: string,
  all: ReadonlyMap<string, DeclaredStage>,
): { stage: string; output: string }[] {
  const names =
    config.needs.kind === 'list'
      ? config.needs.stages.map(({ name }) => name)
      : (config.needs.roles.get(role) ?? []).map(({ name }) => name);
  return names.flatMap((name) =>
    Object.entries(all.get(name)?.declaration.writes ?? {})
      .filter(([, written]) => written === kind)
      .map(([output]) => ({ stage: name, output })),
  );
}

function nothingFits(
  { config }: DeclaredStage,
  role: string,
  kind: string,
  all: ReadonlyMap<string, DeclaredStage>,
): Error {
  const writers = [...all.values()]
    .filter(({ declaration }) => Object.values(declaration.writes).includes(kind))
    .map((other) => other.config.name);
  const hint =
    writers.length === 0
      ? 'no stage of this pipeline writes it'
      : `add ${writers.join(' or ')} to its needs${config.needs.kind === 'roles' ? ` as ${role}` : ''}`;
  return wrong(
    config.needs.source,
    'missing-need',
    `${config.name} reads ${kind} (${role}), which nothing that it needs writes: ${hint}.`,
  );
}

function checkAxis(
  { config }: DeclaredStage,
  role: string,
  each: string | undefined,
  producer: DeclaredStage | undefined,
): void {
  const produced = producer?.declaration.foreach;
  if (produced === each) return;
  if (each === undefined && produced === config.foreach?.axis) return;
  const name = producer?.config.name ?? '';
  throw wrong(
    config.needs.source,
    'wrong-axis',
    each === undefined
      ? `${config.name} reads one file as ${role}, but ${name} writes one for each ${produced ?? ''}.`
      : `${config.name} reads one file for each ${each} as ${role}, but ${name} writes one in all.`,
  );
}

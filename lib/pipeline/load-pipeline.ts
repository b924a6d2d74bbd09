import { readConfig, type ConfigRequest, type PipelineConfig, type StageConfig } from './config.ts';
import {
  bindRoles,
  describeStage,
  instancesOf,
  orderStages,
  spokenName,
  upstreamOf,
  type DeclaredStage,
  type Graph,
  type StageNode,
} from './graph.ts';
import { loadDeclaration } from './load.ts';
import { parameterSource, resolveParameters } from './parameters.ts';
import type { StageDeclaration } from './stage.ts';
import { didYouMean } from './words.ts';
import { wrong } from './source.ts';
import { mergeTrees, treeAt, type Tree } from './yaml.ts';

export interface PipelineRequest extends ConfigRequest {
  readonly root: string;
  /** Every stage that a pipeline may use: name -> file below root. */
  readonly registry: Readonly<Record<string, string>>;
  /** Told what a parameter that was left open (`auto`) means here, and why. */
  readonly say: (line: string) => void;
}

/**
 * From the YAML to the graph: stages declared, parameters resolved, roles bound, checks across stages
 * made. Runs nothing and reads no artifact.
 *
 * @throws UserError for the first thing that is wrong, with file, line and column.
 */
export async function loadPipeline(request: PipelineRequest): Promise<Graph> {
  return graphOf(readConfig(request), request, () =>
    loadPipeline({ ...request, say: () => undefined }),
  );
}

/**
 * The same from a configuration that was read already, and perhaps extended since.
 *
 * @param reload reads it all again, to see whether it changed
 */
export async function graphOf(
  config: PipelineConfig,
  request: PipelineRequest,
  reload: () => Promise<Graph>,
): Promise<Graph> {
  const ordered = orderStages(config.stages);
  const declared = new Map<string, DeclaredStage>();
  for (const stage of ordered) {
    const declaration = await loadDeclaration(request.root, entryOf(stage, request.registry));
    declared.set(stage.name, { config: stage, declaration });
  }
  const stages: StageNode[] = [];
  let lasting = true;
  for (const stage of declared.values()) {
    const resolved = await resolveStage(stage, stages, declared, config.corpus, request);
    stages.push(resolved.node);
    lasting &&= resolved.lasting;
  }
  refuseTooMany(stages, declared);
  return {
    stages,
    instances: stages.flatMap(instancesOf),
    files: config.files,
    reload,
    lasting,
  };
}

/** Each instance is a record, a fingerprint and a line of the plan. */
const MAX_INSTANCES = 10_000;

function refuseTooMany(
  stages: readonly StageNode[],
  declared: ReadonlyMap<string, DeclaredStage>,
): void {
  let instances = 0;
  for (const { name, axis } of stages) {
    instances += axis?.count ?? 1;
    const source = declared.get(name)?.config.source;
    if (instances <= MAX_INSTANCES || source === undefined) continue;
    const axisWords =
      axis === undefined ? '' : ` (${name}: one for each of ${axis.count} ${axis.name}s)`;
    const rule = `the pipeline would have more than ${MAX_INSTANCES} instances${axisWords}.`;
    throw wrong(source, 'too-many-instances', rule);
  }
}

function entryOf(config: StageConfig, registry: Readonly<Record<string, string>>): string {
  const entry = Object.hasOwn(registry, config.use) ? registry[config.use] : undefined;
  if (entry !== undefined) return entry;
  const hint = didYouMean(config.use, Object.keys(registry));
  throw wrong(
    config.useSource,
    'unknown-stage',
    `there is no stage file ${config.use}; ${hint} A stage under a name of your own says which it uses: \`use: train\`.`,
  );
}

async function resolveStage(
  declaredStage: DeclaredStage,
  upstream: readonly StageNode[],
  all: ReadonlyMap<string, DeclaredStage>,
  corpus: Tree | undefined,
  { registry, say }: PipelineRequest,
): Promise<{ node: StageNode; lasting: boolean }> {
  const { config, declaration } = declaredStage;
  const roles = bindRoles(declaredStage, all);
  const schema = declaration.parameters();
  const hasCorpus = corpus !== undefined && Object.hasOwn(schema.shape, 'corpus');
  const set = hasCorpus ? withCorpus(config.params, corpus) : config.params;
  const called = spokenName(config.name);
  const { params, paths } = resolveParameters(called, schema, set, config.source);
  const found = (await declaration.resolve?.(params as never, say)) ?? {};
  const settled = { ...params, ...found };
  const draft: StageNode = {
    name: config.name,
    use: config.use,
    entry: entryOf(config, registry),
    declaration,
    params: settled,
    paths,
    roles,
    axis: undefined,
    ...(config.shownIn === undefined ? {} : { shownIn: config.shownIn }),
  };
  const above = upstreamOf(upstream, draft);
  const [issue] = declaration.check?.(settled as never, above.map(describeStage)) ?? [];
  if (issue !== undefined) {
    const source = parameterSource(set, issue.parameter, config.source);
    throw wrong(source, 'wrong-parameter', `${called}.${issue.parameter}: ${issue.message}`);
  }
  const lasting = Object.keys(found).length === 0 || declaration.resolvesFromContent === true;
  return { node: { ...draft, axis: axisOf(config, declaration, above, all) }, lasting };
}

/** The top-level `corpus:` is the parameter `corpus` of every stage that has one and does not set it. */
function withCorpus(params: Tree | undefined, corpus: Tree): Tree {
  const under = treeAt(['corpus'], corpus);
  return params?.kind === 'map' ? mergeTrees(under, params) : under;
}

function axisOf(
  config: StageConfig,
  declaration: StageDeclaration,
  upstream: readonly StageNode[],
  all: ReadonlyMap<string, DeclaredStage>,
): StageNode['axis'] {
  const asked = config.foreach;
  if (asked?.axis !== declaration.foreach) {
    const rule =
      declaration.foreach === undefined
        ? `${config.use} runs once: leave \`foreach\` out.`
        : `${config.use} runs once for each ${declaration.foreach}: write \`foreach: ${declaration.foreach}\`.`;
    throw wrong(asked?.source ?? config.source, 'wrong-foreach', rule);
  }
  if (asked === undefined) return undefined;
  // The nearest: folds may have been dealt anew on the way.
  for (const stage of upstream.toReversed()) {
    const count = all.get(stage.name)?.declaration.axes?.[asked.axis]?.(stage.params as never);
    if (count !== undefined) return { name: asked.axis, count };
  }
  throw wrong(
    asked.source,
    'wrong-foreach',
    `nothing upstream of ${config.name} says how many ${asked.axis}s there are.`,
  );
}

import { canonicalJson } from '../pipeline/canonical.ts';
import { readConfig, type PipelineConfig, type StageConfig } from '../pipeline/config.ts';
import { UserError } from '../pipeline/errors.ts';
import { orderStages, type Graph, type StageNode } from '../pipeline/graph.ts';
import { graphOf, loadPipeline, type PipelineRequest } from '../pipeline/load-pipeline.ts';
import { wrong } from '../pipeline/source.ts';
import { shown } from '../pipeline/words.ts';
import { Clones } from './clones.ts';
import { comparisonStage, type Failed } from './comparison.ts';
import type { SweepDefinition } from './definition.ts';
import type { Setting } from './spaces.ts';
import { addInner } from './nested.ts';
import type { SweepRun } from './run.ts';
import { nameOf, pointCount, pointsOf, type Point } from './points.ts';
import { partsOf, type Parts } from './parts.ts';

/** A sweep held against its pipeline: every instance known, nothing run. */
export interface Sweep {
  readonly definition: SweepDefinition;
  readonly points: readonly Point[];
  readonly baseline: Point;
  readonly runs: readonly SweepRun[];
  readonly parts: Parts;
  /** All runs, and the comparison of all. */
  readonly graph: Graph;
  /** The same with a comparison of those runs that came to a result. */
  readonly without: (failed: readonly Failed[]) => Promise<Graph>;
}

export interface SweepRequest extends PipelineRequest {
  /** Finds the sweep in what was read. */
  readonly define: (config: PipelineConfig) => SweepDefinition;
  /** How many instances a sweep may have. */
  readonly max: number;
}

/**
 * From a definition to a graph: the pipeline once for each point and seed, what they share once.
 *
 * @throws UserError for anything wrong in the pipeline or the sweep, before anything runs
 */
export async function planSweep(request: SweepRequest): Promise<Sweep> {
  const config = readConfig(request);
  const definition = request.define(config);
  const base = await loadPipeline(request);
  const { space, seeds } = definition;
  // Before they are listed: how many instances they are is not known yet.
  refuseMany(pointCount(space) * seeds, 'runs', request.max, 'raise --max');

  const points = pointsOf(space);
  const parts = partsOf(base, definition, points);
  const settings = runSettings(definition, points, parts);
  const clones = new Clones(orderStages(config.stages));
  let runs = settings.map(({ point, seed, list }): SweepRun => {
    const names = clones.vary({ settings: list }, [parts.evaluate]);
    return { point, seed, settings: list, names, inner: [] };
  });
  const quiet = { ...request, say: () => undefined };
  const reload = async (): Promise<Graph> => (await planSweep(quiet)).graph;
  const graphWith = (stages: readonly StageConfig[]): Promise<Graph> =>
    graphOf({ ...config, stages }, quiet, reload);
  if (definition.select === 'nested') {
    const outer = await graphWith(clones.stages);
    runs = runs.map((run) => addInner(run, clones, parts, outer));
  }
  const baseline = baselineOf(definition, points, base);
  const comparison = (failed: readonly Failed[]): StageConfig =>
    comparisonStage({ definition, points, runs, baseline, parts }, failed);
  const graph = await graphWith([...clones.stages, comparison([])]);
  // The comparison itself is no instance that a user asked for.
  const instances = graph.instances.length - 1;
  refuseMany(instances, 'instances', request.max, `say --max ${instances}`);
  return {
    definition,
    points,
    baseline,
    runs,
    parts,
    graph,
    without: (failed) => graphWith([...clones.stages, comparison(failed)]),
  };
}

function refuseMany(count: number, what: string, max: number, more: string): void {
  if (count <= max) return;
  throw new UserError(
    'sweep-too-large',
    `The sweep has ${count} ${what}, more than ${max}: leave values out, or ${more}.`,
  );
}

function runSettings(
  definition: SweepDefinition,
  points: readonly Point[],
  { seed }: Parts,
): readonly { point: Point; seed: number; list: readonly Setting[] }[] {
  return points.flatMap((point) =>
    Array.from({ length: definition.seeds }, (_, repetition) => {
      const own = point.settings.find((setting) => nameOf(setting) === nameOf(seed));
      if (own !== undefined)
        return { point, seed: Number(point.parameters[nameOf(seed)]), list: point.settings };
      const value = seed.first + repetition;
      const scalar = { kind: 'scalar', source: seed.source, value } as const;
      const counted: Setting = {
        stage: seed.stage,
        key: seed.key,
        source: seed.source,
        value: scalar,
      };
      return { point, seed: value, list: [...point.settings, counted] };
    }),
  );
}

/** What is said, or the pipeline's own values where they are a point, or the first point. */
function baselineOf(
  { baseline, baselineSource }: SweepDefinition,
  points: readonly Point[],
  base: Graph,
): Point {
  const [first] = points;
  if (first === undefined) throw new Error('Internal error: a sweep without points');
  if (baseline === undefined) {
    return points.find((point) => isAsConfigured(point, base.stages)) ?? first;
  }
  const [asked] = pointsOf({ kind: 'points', source: baselineSource, points: [baseline] });
  const found = points.filter((point) =>
    Object.entries(asked?.parameters ?? {}).every(
      ([name, value]) =>
        name in point.parameters && canonicalJson(point.parameters[name]) === canonicalJson(value),
    ),
  );
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const many = found.length === 0 ? 'none' : String(found.length);
  throw wrong(
    baselineSource,
    'bad-baseline',
    `the baseline must be one of the sweep's points, and ${asked?.label ?? ''} fits ${many} of them. The points: ${shown(points.map(({ label }) => label).join('; '))}.`,
  );
}

function isAsConfigured(point: Point, stages: readonly StageNode[]): boolean {
  return point.settings.every(({ stage, key }) => {
    const value = stages.find(({ name }) => name === stage)?.params[key];
    return (
      value !== undefined &&
      canonicalJson(value) === canonicalJson(point.parameters[nameOf({ stage, key })])
    );
  });
}

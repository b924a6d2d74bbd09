import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, sha256 } from './canonical.ts';
import { differences, type Reason } from './explain.ts';
import {
  fingerprintOf,
  type Fingerprint,
  type FingerprintFields,
  type InputIdentity,
} from './fingerprint.ts';
import { isLast, upTo, type Graph, type Instance, type Role, type StageNode } from './graph.ts';
import { identify, type StageIdentity } from './identity.ts';
import type { SeenContents } from './named-content.ts';
import type { StoreRecord, StoredObject } from './store.ts';
import type { Workspace } from './workspace.ts';

export interface Selection {
  /** Run up to these stages; all when empty. */
  readonly targets: readonly string[];
  /** Exactly the targets, on the latest recorded inputs. */
  readonly only: boolean;
  /** Run the targets (all when empty) though fresh. */
  readonly force: boolean;
}

/** What is known of an instance before it runs. */
export type InstanceState =
  | { readonly state: 'fresh'; readonly record: StoreRecord; readonly restored: boolean }
  | { readonly state: 'will-run'; readonly reasons: readonly Reason[] }
  | { readonly state: 'may-run'; readonly upstream: readonly string[] };

export interface PlanEntry {
  readonly instance: Instance;
  readonly state: InstanceState;
  /** With `only`: input stages that are not fresh, though their latest results are used. */
  readonly staleInputs: readonly string[];
}

/** An input of an instance: which file of the store, and whose. */
export interface BoundInput {
  readonly role: string;
  readonly stage: StageNode;
  readonly instance: string;
  readonly output: string;
  readonly each: Readonly<Record<string, number>>;
  readonly object: StoredObject;
}

/** One look at a pipeline: what each stage is now, remembered for as long as the look lasts. */
export class Survey {
  readonly workspace: Workspace;
  readonly graph: Graph;
  readonly #identities = new Map<string, Promise<StageIdentity>>();

  readonly #seen: SeenContents;

  /** @param seen files and folders that the graph was read with, which need no second look */
  constructor(workspace: Workspace, graph: Graph, seen: SeenContents = new Map()) {
    this.workspace = workspace;
    this.graph = graph;
    this.#seen = seen;
  }

  identity(stage: StageNode): Promise<StageIdentity> {
    let known = this.#identities.get(stage.name);
    known ??= identify(this.workspace, this.graph.stages, stage, this.#seen);
    this.#identities.set(stage.name, known);
    return known;
  }

  /** Whether an instance is fresh, given its inputs; why not, otherwise. */
  async assess(
    instance: Instance,
    inputs: readonly BoundInput[],
    forced: boolean,
  ): Promise<InstanceState> {
    const { store, latest } = this.workspace;
    const { stage } = instance;
    const identity = await this.identity(stage);
    const fields = fieldsOf(instance, identity, inputs);
    const fingerprint = fingerprintOf(fields);
    if (forced) return { state: 'will-run', reasons: [{ cue: 'forced' }] };
    const record = store.record(fingerprint);
    if (record === undefined) {
      const reasons = this.#why(instance, identity, fields);
      const damaged = store.hasRecord(fingerprint);
      const own: readonly Reason[] = damaged ? [{ cue: 'record', fingerprint }] : reasons;
      return { state: 'will-run', reasons: own };
    }
    // What a person is given is checked byte by byte; what a stage reads is checked when it reads it.
    const last = isLast(this.graph, stage);
    const broken = brokenOutput(record, stage, (object) => {
      const state = store.objectState(object);
      return state === 'present' && last && !store.isWhole(object.sha256) ? 'damaged' : state;
    });
    if (broken !== undefined) return { state: 'will-run', reasons: [broken] };
    return { state: 'fresh', record, restored: latest.get(instance.id) !== fingerprint };
  }

  /** Reasons of an instance's own, when its inputs are not known yet. */
  async ownReasons(instance: Instance, forced: boolean): Promise<readonly Reason[]> {
    if (forced) return [{ cue: 'forced' }];
    return this.#why(instance, await this.identity(instance.stage), undefined);
  }

  /** The configuration file that was edited since, if that changed the stage. */
  async configurationMoved(stage: StageNode): Promise<string | undefined> {
    const moved = this.graph.files.find(({ file, sha256 }) => contentOf(file) !== sha256);
    if (moved === undefined) return undefined;
    const name = path.basename(moved.file);
    try {
      const now = (await this.graph.reload()).stages.find((other) => other.name === stage.name);
      return now === undefined || meaning(now) !== meaning(stage) ? name : undefined;
    } catch {
      return name;
    }
  }

  /** The record of an instance's latest success, fresh or not. */
  latestRecord(instance: Instance): StoreRecord | undefined {
    const fingerprint: Fingerprint | undefined = this.workspace.latest.get(instance.id);
    return fingerprint === undefined ? undefined : this.workspace.store.record(fingerprint);
  }

  #why(
    instance: Instance,
    { identity, sources, declarations, notes }: StageIdentity,
    fields: FingerprintFields | undefined,
  ): readonly Reason[] {
    const latest = this.latestRecord(instance);
    if (latest === undefined) return [{ cue: 'never-run' }];
    const inputs = fields === undefined ? {} : { inputs: fields.inputs };
    const now = { identity, sources, declarations, ...inputs };
    const stagesOf = (role: string): readonly string[] =>
      instance.stage.roles
        .find((other) => other.role === role)
        ?.producers.map(({ stage }) => stage) ?? [];
    const reasons = differences(
      latest,
      now,
      (hash) => notes.get(hash) ?? this.workspace.store.note(hash),
      stagesOf,
    );
    if (fields === undefined || reasons.length > 0) return reasons;
    return [{ cue: 'never-run' }];
  }
}

/** Says for every selected instance whether it is fresh, will run or may run. Changes nothing. */
export async function plan(survey: Survey, selection: Selection): Promise<readonly PlanEntry[]> {
  const { graph } = survey;
  const stages = upTo(graph, selection.targets);
  const selected = new Set(selection.only ? selection.targets : stages.map(({ name }) => name));
  const entries = new Map<string, PlanEntry>();
  const known = new Map<string, StoreRecord>();
  for (const instance of graph.instances.filter(({ stage }) => stages.includes(stage))) {
    const chosen = selected.has(instance.stage.name);
    const forced = chosen && isForced(instance.stage, selection);
    const { inputs, waiting } = bindInputs(graph, instance, known);
    const state = await stateOf(survey, instance, inputs, waiting, forced);
    if (state.state === 'fresh') known.set(instance.id, state.record);
    else if (!chosen) {
      const latest = survey.latestRecord(instance);
      if (latest !== undefined) known.set(instance.id, latest);
    }
    entries.set(instance.id, { instance, state, staleInputs: [] });
  }
  markRebuilds(survey, [...entries.values()], known, entries);
  return [...entries.values()]
    .filter(({ instance }) => selected.has(instance.stage.name))
    .map((entry) => ({ ...entry, staleInputs: staleInputsOf(entry, entries, selected) }));
}

export function isForced(stage: StageNode, { force, targets }: Selection): boolean {
  return force && (targets.length === 0 || targets.includes(stage.name));
}

/** Who feeds an instance, and what; `waiting` are those whose outputs are not known yet. */
export function bindInputs(
  graph: Graph,
  instance: Instance,
  known: ReadonlyMap<string, StoreRecord>,
): { inputs: readonly BoundInput[]; waiting: readonly string[] } {
  const inputs: BoundInput[] = [];
  const waiting = new Set<string>();
  for (const { role, producer, output } of producersOf(graph, instance)) {
    const record = known.get(producer.id);
    const object = record?.outputs[output];
    if (object === undefined) waiting.add(producer.id);
    else {
      const { stage, each, id } = producer;
      inputs.push({ role: role.role, stage, instance: id, output, each, object });
    }
  }
  return { inputs, waiting: [...waiting] };
}

/** The instances that feed an instance, role by role. */
export function producersOf(
  graph: Graph,
  instance: Instance,
): readonly { role: Role; producer: Instance; output: string }[] {
  return instance.stage.roles.flatMap((role) =>
    role.producers.flatMap(({ stage, output }) =>
      graph.instances
        .filter((other) => other.stage.name === stage)
        .filter((other) => role.each !== undefined || sameEach(other, instance))
        .map((producer) => ({ role, producer, output })),
    ),
  );
}

export function fieldsOf(
  instance: Instance,
  { identity }: StageIdentity,
  inputs: readonly BoundInput[],
): FingerprintFields {
  const byRole: Record<string, InputIdentity[]> = {};
  for (const { role, many } of instance.stage.roles) {
    byRole[role] = inputs
      .filter((input) => input.role === role)
      .map(({ object, each, stage }) => ({
        sha256: object.sha256,
        each,
        ...(many ? { stage: stage.name } : {}),
      }));
  }
  return { ...identity, each: instance.each, inputs: byRole };
}

async function stateOf(
  survey: Survey,
  instance: Instance,
  inputs: readonly BoundInput[],
  waiting: readonly string[],
  forced: boolean,
): Promise<InstanceState> {
  if (waiting.length === 0) return survey.assess(instance, inputs, forced);
  const reasons = await survey.ownReasons(instance, forced);
  return reasons.length > 0
    ? { state: 'will-run', reasons }
    : { state: 'may-run', upstream: waiting };
}

/** A dropped object is only missed when somebody must read it: then its producer runs again. */
function markRebuilds(
  survey: Survey,
  list: readonly PlanEntry[],
  known: ReadonlyMap<string, StoreRecord>,
  entries: Map<string, PlanEntry>,
): void {
  for (const { instance } of [...list].reverse()) {
    if (entries.get(instance.id)?.state.state === 'fresh') continue;
    for (const input of bindInputs(survey.graph, instance, known).inputs) {
      const producer = entries.get(input.instance);
      if (producer?.state.state !== 'fresh') continue;
      if (survey.workspace.store.objectState(input.object) === 'present') continue;
      const reason: Reason = { cue: 'rebuild', output: input.output, for: instance.stage.name };
      entries.set(input.instance, { ...producer, state: { state: 'will-run', reasons: [reason] } });
    }
  }
}

function staleInputsOf(
  { instance }: PlanEntry,
  entries: ReadonlyMap<string, PlanEntry>,
  selected: ReadonlySet<string>,
): readonly string[] {
  const names = instance.stage.roles.flatMap(({ producers }) =>
    producers.map(({ stage }) => stage),
  );
  const stale = [...entries.values()]
    .filter(({ state }) => state.state !== 'fresh')
    .map((entry) => entry.instance.stage.name);
  return [...new Set(names)].filter((name) => !selected.has(name) && stale.includes(name));
}

function brokenOutput(
  record: StoreRecord,
  stage: StageNode,
  stateOfObject: (object: StoredObject) => 'present' | 'missing' | 'damaged',
): Reason | undefined {
  for (const [output, object] of Object.entries(record.outputs)) {
    const state = stateOfObject(object);
    if (state === 'present' || (state === 'missing' && stage.declaration.keep === false)) continue;
    return { cue: 'object', output, state, sha256: object.sha256 };
  }
  return undefined;
}

function sameEach(producer: Instance, consumer: Instance): boolean {
  return Object.entries(producer.each).every(([axis, value]) => consumer.each[axis] === value);
}

/** What of a stage's configuration its result depends on. */
function meaning({ use, params, roles, axis }: StageNode): string {
  return canonicalJson({ use, params, roles, axis });
}

function contentOf(file: string): string | undefined {
  try {
    return sha256(fs.readFileSync(file));
  } catch {
    return undefined;
  }
}

import { byCodeUnit, canonicalJson, type Sha256 } from './canonical.ts';
import {
  notedDeclarations,
  sourceChangeText,
  sourceChanges,
  type SourceChange,
  type SourceDeclarations,
} from './declaration-changes.ts';
import type { FingerprintFields, Identity } from './fingerprint.ts';
import type { StoreRecord } from './store.ts';
import { shown, visible } from './words.ts';

/** Why an instance runs: one named cue for each way in which a result can be out of date. */
export type Reason =
  | { readonly cue: 'never-run' }
  | { readonly cue: 'forced' }
  | {
      readonly cue: 'parameter';
      readonly name: string;
      readonly old: unknown;
      readonly new: unknown;
    }
  | {
      readonly cue: 'choice';
      readonly name: string;
      readonly choice: string;
      readonly files: readonly string[];
      readonly changes: readonly SourceChange[];
    }
  | { readonly cue: 'content'; readonly name: string; readonly files: readonly string[] }
  | {
      readonly cue: 'code';
      readonly files: readonly string[];
      readonly changes: readonly SourceChange[];
    }
  | { readonly cue: 'package'; readonly name: string; readonly old: string; readonly new: string }
  | { readonly cue: 'tool'; readonly name: string; readonly old: string; readonly new: string }
  | {
      readonly cue: 'upstream';
      readonly name: string;
      readonly old: unknown;
      readonly new: unknown;
    }
  | { readonly cue: 'outputs' }
  | { readonly cue: 'format' }
  | { readonly cue: 'input'; readonly role: string; readonly stages: readonly string[] }
  | {
      readonly cue: 'object';
      readonly output: string;
      readonly state: 'missing' | 'damaged';
      readonly sha256: Sha256;
    }
  | { readonly cue: 'record'; readonly fingerprint: string }
  | { readonly cue: 'rebuild'; readonly output: string; readonly for: string };

export interface Compared {
  readonly identity: Identity;
  readonly inputs?: FingerprintFields['inputs'];
  readonly sources: Readonly<Record<string, Sha256>>;
  readonly declarations: () => SourceDeclarations;
}

/** What a computation that succeeded was made from. */
type Known = Pick<StoreRecord, 'fields' | 'sources' | 'declarations'>;

/**
 * Every field in which a computation differs from its latest success, in the order in which a person
 * would want to hear of them; empty when none does. Inputs are compared only when they are known.
 *
 * @param noteOf notes by their hash: listings of folders and lists of declarations, to name what changed
 * @param stagesOf the stages that feed a role
 */
export function differences(
  latest: Known,
  now: Compared,
  noteOf: (hash: Sha256) => string | undefined,
  stagesOf: (role: string) => readonly string[],
): readonly Reason[] {
  const { fields } = latest;
  const { identity } = now;
  const reasons: Reason[] = [];
  if (fields.format !== identity.format) reasons.push({ cue: 'format' });
  for (const [name, change] of changed(fields.params, identity.params)) {
    reasons.push({ cue: 'parameter', name, ...change });
  }
  for (const [name, { old, new: hash }] of changed(fields.content, identity.content)) {
    reasons.push({ cue: 'content', name, files: changedFiles(noteOf, old, hash) });
  }
  if (fields.code !== identity.code)
    reasons.push({ cue: 'code', ...changedCode(latest, now, noteOf) });
  for (const [name] of changed(fields.parts, identity.parts)) {
    const old = fields.parts[name];
    const part = identity.parts[name];
    if (part === undefined || old?.choice !== part.choice) continue;
    reasons.push({ cue: 'choice', name, choice: part.choice, ...changedCode(latest, now, noteOf) });
  }
  for (const [name, { old, new: version }] of changed(fields.packages, identity.packages)) {
    reasons.push({ cue: 'package', name, old: old ?? 'absent', new: version ?? 'absent' });
  }
  for (const [name, { old, new: version }] of changed(fields.tools, identity.tools)) {
    reasons.push({ cue: 'tool', name, old: old ?? 'absent', new: version ?? 'absent' });
  }
  for (const [name, { old, new: version }] of changed(
    fields.versions ?? {},
    identity.versions ?? {},
  )) {
    reasons.push({ cue: 'package', name, old: old ?? 'absent', new: version ?? 'absent' });
  }
  if (now.inputs !== undefined) {
    for (const [role] of changed(fields.inputs, now.inputs)) {
      reasons.push({ cue: 'input', role, stages: stagesOf(role) });
    }
  }
  for (const [name, change] of changed(flat(fields.upstream), flat(identity.upstream))) {
    reasons.push({ cue: 'upstream', name, ...change });
  }
  if (canonicalJson(fields.writes) !== canonicalJson(identity.writes))
    reasons.push({ cue: 'outputs' });
  return reasons;
}

/** A reason in a person's words: `lambda 0.8 -> 0.5`. */
export function reasonText(reason: Reason): string {
  switch (reason.cue) {
    case 'never-run':
      return 'has not run yet';
    case 'forced':
      return 'forced';
    case 'parameter':
    case 'upstream':
      return `${reason.name} ${shownOrUnset(reason.old)} -> ${shownOrUnset(reason.new)}`;
    case 'choice':
      return `code of ${reason.name} ${reason.choice} changed${inSources(reason)}`;
    case 'content':
      return `content of ${reason.name} changed${inFiles(reason.files)}`;
    case 'code':
      return `code changed${inSources(reason)}`;
    case 'package':
    case 'tool':
      return `${reason.name} ${reason.old} -> ${reason.new}`;
    case 'outputs':
      return 'writes other files than before';
    case 'format':
      return 'the store has a new format';
    case 'input':
      return `${reason.stages.join(' and ')} came out different`;
    case 'object':
      return `its ${reason.output} is ${reason.state}`;
    case 'record':
      return 'its record is damaged';
    case 'rebuild':
      return `its ${reason.output} was dropped and ${reason.for} needs it`;
    default:
      return reason satisfies never;
  }
}

function shownOrUnset(value: unknown): string {
  return value === undefined ? '(unset)' : shown(value);
}

function inSources({ files, changes }: Extract<Reason, { cue: 'code' | 'choice' }>): string {
  return inFiles(
    files.map((file) => {
      const change = changes.find((one) => one.file === file);
      return change === undefined ? file : sourceChangeText(change);
    }),
  );
}

function inFiles(files: readonly string[]): string {
  if (files.length === 0) return '';
  const rest = files.length > 3 ? ` and ${files.length - 3} more` : '';
  return `: ${files.slice(0, 3).map(visible).join(', ')}${rest}`;
}

function changed<T>(
  old: Readonly<Record<string, T>>,
  now: Readonly<Record<string, T>>,
): readonly [string, { old: T | undefined; new: T | undefined }][] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(byCodeUnit);
  // A name may be one that every object has, such as `constructor`.
  const of = (side: Readonly<Record<string, T>>, name: string): T | undefined =>
    Object.hasOwn(side, name) ? side[name] : undefined;
  return names
    .map((name) => [name, { old: of(old, name), new: of(now, name) }] as const)
    .filter(([, side]) => canonicalJson({ value: side.old }) !== canonicalJson({ value: side.new }))
    .map(([name, side]) => [name, side]);
}

function changedCode(
  latest: Known,
  now: Compared,
  noteOf: (hash: Sha256) => string | undefined,
): { readonly files: readonly string[]; readonly changes: readonly SourceChange[] } {
  const files = changed(latest.sources, now.sources).map(([file]) => file);
  const before = notedDeclarations(latest.declarations, noteOf);
  const changes = sourceChanges(files, before, now.declarations());
  return { files, changes };
}

function changedFiles(
  noteOf: (hash: Sha256) => string | undefined,
  old: Sha256 | undefined,
  now: Sha256 | undefined,
): readonly string[] {
  const before = old === undefined ? undefined : noteOf(old);
  const after = now === undefined ? undefined : noteOf(now);
  if (before === undefined || after === undefined) return [];
  const listing = (text: string): Record<string, Sha256> =>
    Object.fromEntries(JSON.parse(text) as [string, Sha256][]);
  try {
    return changed(listing(before), listing(after)).map(([name]) => name);
  } catch {
    // A note that is no listing: which file it was is not known.
    return [];
  }
}

/** `train.lambda` -> 0.8, out of what a report says of the stages above it. */
function flat(upstream: unknown): Readonly<Record<string, unknown>> {
  const stages = (upstream ?? []) as readonly {
    name: string;
    params: Record<string, unknown>;
    needs: unknown;
  }[];
  return Object.fromEntries(
    stages.flatMap(({ name, params, needs }) =>
      Object.entries({ ...params, needs }).map(([key, value]) => [`${name}.${key}`, value]),
    ),
  );
}

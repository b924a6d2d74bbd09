import type { Sha256 } from './canonical.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { StoreRecord } from './store.ts';

/** What the roots of the store lead to. */
export interface Reached {
  readonly records: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
  /** Hashes under which notes may lie: of what is outside the store, and of lists of declarations. */
  readonly noted: ReadonlySet<string>;
  /** Objects that a running instance reads. */
  readonly busy: ReadonlySet<string>;
}

/** From the roots upstream: a record's outputs, its inputs, and a record that made each input. */
export function reachedFrom(
  known: ReadonlyMap<Fingerprint, StoreRecord>,
  roots: readonly Fingerprint[],
  busy: readonly Sha256[],
): Reached {
  const makers = new Map<Sha256, Fingerprint[]>();
  for (const [fingerprint, { outputs }] of known) {
    for (const { sha256 } of Object.values(outputs)) {
      makers.set(sha256, [...(makers.get(sha256) ?? []), fingerprint]);
    }
  }
  const records = new Set<string>();
  const objects = new Set<string>(busy);
  const noted = new Set<string>();
  const unmade: Sha256[] = [];
  const add = (fingerprint: Fingerprint): void => {
    const record = known.get(fingerprint);
    if (record === undefined || records.has(fingerprint)) return;
    records.add(fingerprint);
    for (const { sha256 } of Object.values(record.outputs)) objects.add(sha256);
    for (const hash of Object.values(record.fields.content)) noted.add(hash);
    if (record.declarations !== undefined) noted.add(record.declarations);
    for (const { sha256 } of Object.values(record.fields.inputs).flat()) {
      objects.add(sha256);
      unmade.push(sha256);
    }
  };
  for (const root of roots) add(root);
  unmade.push(...busy);
  // One object may have several makers: those that a root reaches are enough, and only where there is none
  // does another stay, or every earlier variation that gave the same bytes would stay with its inputs.
  for (let hash = unmade.pop(); hash !== undefined; hash = unmade.pop()) {
    const made = makers.get(hash) ?? [];
    if (!made.some((fingerprint) => records.has(fingerprint))) made.forEach(add);
  }
  return { records, objects, noted, busy: new Set(busy) };
}

/** `means of mel` for each object that a record names. */
export function wordsOfObjects(
  known: ReadonlyMap<Fingerprint, StoreRecord>,
): ReadonlyMap<Sha256, string> {
  const words = new Map<Sha256, string>();
  for (const { instance, outputs } of known.values()) {
    for (const [name, { sha256 }] of Object.entries(outputs))
      words.set(sha256, `${name} of ${instance}`);
  }
  return words;
}

/** Objects that nothing but stages with `keep: false` wrote. */
export function temporaryObjects(
  known: ReadonlyMap<Fingerprint, StoreRecord>,
  kinds: ReadonlySet<string>,
): ReadonlySet<Sha256> {
  const found = new Set<Sha256>();
  const others = new Set<Sha256>();
  for (const { fields, outputs } of known.values()) {
    for (const [name, { sha256 }] of Object.entries(outputs)) {
      (kinds.has(fields.writes[name] ?? '') ? found : others).add(sha256);
    }
  }
  return new Set([...found].filter((hash) => !others.has(hash)));
}

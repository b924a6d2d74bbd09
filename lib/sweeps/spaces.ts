import { canonicalJson } from '../pipeline/canonical.ts';
import { mapOf, refuseUnknown } from '../pipeline/config.ts';
import { wrong, type Source } from '../pipeline/source.ts';
import { shown } from '../pipeline/words.ts';
import { plain, type Entry, type Tree } from '../pipeline/yaml.ts';

/** A parameter that a sweep sets: which one, to what, and where each was written. */
export interface Setting {
  readonly stage: string;
  readonly key: string;
  readonly source: Source;
  readonly value: Tree;
}

/** A parameter with the values that it takes. */
export interface Values {
  readonly stage: string;
  readonly key: string;
  readonly source: Source;
  readonly values: readonly Tree[];
}

/** A parameter that is drawn: uniformly between two ends (of itself or its logarithm), or from a list. */
export type Range = {
  readonly stage: string;
  readonly key: string;
  readonly source: Source;
} & (
  | { readonly kind: 'among'; readonly values: readonly Tree[] }
  | {
      readonly kind: 'between';
      readonly from: number;
      readonly to: number;
      readonly scale: 'linear' | 'log';
      readonly whole: boolean;
    }
);

/** How the points of a sweep are found. */
export type Space =
  | { readonly kind: 'grid'; readonly source: Source; readonly axes: readonly Values[] }
  | {
      readonly kind: 'points';
      readonly source: Source;
      readonly points: readonly (readonly Setting[])[];
    }
  | {
      readonly kind: 'random';
      readonly source: Source;
      readonly draws: number;
      readonly seed: number;
      readonly ranges: readonly Range[];
    };

/**
 * Reads how the points are found.
 *
 * @param kind grid, points or random: which of them the map has
 * @throws UserError for anything that is not as it should be
 */
export function spaceOf(map: ReadonlyMap<string, Entry>, kind: string): Space {
  const entry = map.get(kind);
  if (entry === undefined) throw new Error('Internal error: a sweep without its space');
  const { value } = entry;
  const { source } = value;
  if (kind === 'grid') {
    const axes = [...mapOf(value, '`grid`')].map(([name, { key, value: values }]) => ({
      ...parameterNamed(name, key),
      values: listed(values, name),
    }));
    if (axes.length === 0) {
      throw wrong(entry.key, 'empty-grid', 'this grid is empty: write train.lambda: [0.3, 0.8].');
    }
    return { kind, source, axes };
  }
  if (kind === 'points') {
    if (value.kind !== 'list' || value.items.length === 0) {
      throw wrong(source, 'empty-grid', '`points` lists at least one point: - train.lambda: 0.3');
    }
    return { kind, source, points: value.items.map((item) => settingsOf(item, 'a point')) };
  }
  const random = mapOf(value, '`random`');
  refuseUnknown(random, ['draws', 'seed', 'ranges'], '`random`');
  const ranges = random.get('ranges');
  const list =
    ranges === undefined
      ? []
      : [...mapOf(ranges.value, '`ranges`')].map(([name, range]) => rangeOf(name, range));
  if (list.length === 0) {
    throw wrong(
      entry.key,
      'empty-grid',
      '`random` needs ranges: { train.lambda: { from: 0, to: 2 } }.',
    );
  }
  const draws = wholeNumber(random.get('draws') ?? entry, 'random.draws', 1);
  const seed = random.has('seed') ? wholeNumber(random.get('seed'), 'random.seed', 0) : 1;
  return { kind: 'random', source, draws, seed, ranges: list };
}

function rangeOf(name: string, { key, value }: Entry): Range {
  const parameter = parameterNamed(name, key);
  if (value.kind === 'list') return { ...parameter, kind: 'among', values: listed(value, name) };
  const map = mapOf(value, `the range of ${name}`);
  refuseUnknown(map, ['from', 'to', 'scale', 'whole'], `the range of ${name}`);
  const end = (which: 'from' | 'to'): number => {
    const entry = map.get(which);
    const found = entry === undefined ? undefined : plain(entry.value);
    if (typeof found === 'number' && Number.isFinite(found)) return found;
    const where = entry?.value.source ?? value.source;
    const instead = entry === undefined ? '' : `, not ${shown(found)}`;
    throw wrong(
      where,
      'bad-range',
      `the range of ${name} needs a number as \`${which}\`${instead}.`,
    );
  };
  const [from, to] = [end('from'), end('to')];
  const scale = map.has('scale') ? plain(map.get('scale')?.value ?? value) : 'linear';
  const whole = map.has('whole') ? plain(map.get('whole')?.value ?? value) : false;
  if (scale !== 'linear' && scale !== 'log') {
    throw wrong(
      map.get('scale')?.value.source ?? key,
      'bad-range',
      `scale is linear or log, not ${shown(scale)}.`,
    );
  }
  if (typeof whole !== 'boolean') {
    throw wrong(
      map.get('whole')?.value.source ?? key,
      'bad-range',
      `whole is true or false, not ${shown(whole)}.`,
    );
  }
  if (from >= to || (scale === 'log' && from <= 0)) {
    const rule = scale === 'log' ? '0 < from < to' : 'from < to';
    throw wrong(
      value.source,
      'bad-range',
      `the range of ${name} needs ${rule}, not ${from} to ${to}.`,
    );
  }
  return { ...parameter, kind: 'between', from, to, scale, whole };
}

/** The values of one parameter. @throws UserError unless there is at least one, and none twice */
export function listed(tree: Tree, name: string): readonly Tree[] {
  if (tree.kind !== 'list') {
    throw wrong(
      tree.source,
      'wrong-type',
      `${name} needs a list of values: ${name}: [${shown(plain(tree))}].`,
    );
  }
  if (tree.items.length === 0) {
    throw wrong(tree.source, 'empty-grid', `${name} has no value to take: this grid is empty.`);
  }
  const seen = new Set<string>();
  for (const item of tree.items) {
    const text = canonicalText(item, name);
    if (seen.has(text)) {
      throw wrong(item.source, 'value-twice', `${name} lists ${shown(plain(item))} twice.`);
    }
    seen.add(text);
  }
  return tree.items;
}

function canonicalText(tree: Tree, name: string): string {
  try {
    return canonicalJson(plain(tree));
  } catch {
    throw wrong(
      tree.source,
      'wrong-parameter',
      `${name} is ${shown(plain(tree))}, but should be finite.`,
    );
  }
}

/** What a map sets, such as a point. @throws UserError where it sets nothing */
export function settingsOf(tree: Tree, what: string): readonly Setting[] {
  const settings = [...mapOf(tree, what)].map(([name, { key, value }]) => ({
    ...parameterNamed(name, key),
    value,
  }));
  if (settings.length === 0) {
    throw wrong(tree.source, 'empty-grid', `${what} sets nothing: write { train.lambda: 0.3 }.`);
  }
  return settings;
}

/** `train.lambda`, taken apart. @throws UserError for a text of another form */
export function parameterNamed(
  name: string,
  source: Source,
): { readonly stage: string; readonly key: string; readonly source: Source } {
  const match = /^([^.=\s]+)\.([^.=\s]+)$/.exec(name);
  if (match === null) {
    throw wrong(
      source,
      'bad-sweep',
      `${shown(name)} is no parameter: name one as stage.key, such as train.lambda.`,
    );
  }
  return { stage: match[1] ?? '', key: match[2] ?? '', source };
}

/** @throws UserError unless the entry is a whole number of at least `least` */
export function wholeNumber(entry: Entry | undefined, name: string, least: number): number {
  const value = entry === undefined ? undefined : plain(entry.value);
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  const found = value !== null && typeof value === 'object' ? 'and missing' : `not ${shown(value)}`;
  throw wrong(
    entry?.value.source ?? { option: name, folder: '' },
    'bad-sweep',
    `${name} is a whole number of at least ${least}, ${found}.`,
  );
}

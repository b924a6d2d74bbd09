import { canonicalJson } from '../pipeline/canonical.ts';
import { shortNames } from '../pipeline/parameter-names.ts';
import { wrong } from '../pipeline/source.ts';
import { plain, type Tree } from '../pipeline/yaml.ts';
import { exp, log } from '../math/portable.ts';
import { randomStream, type Random } from '../math/random.ts';
import type { Range, Setting, Space, Values } from './spaces.ts';

/** One choice of every parameter that a sweep varies. */
export interface Point {
  /** `lambda=0.3 channels=[5,10,20,30]`: unique in its sweep. */
  readonly label: string;
  /** `train.lambda` -> 0.3, in the order of the sweep. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly settings: readonly Setting[];
}

/** Digits that a drawn number keeps: enough to tell points apart, few enough to be typed again. */
const DRAWN_DIGITS = 4;

/** How many points a space holds; random draws that coincide are counted once only when drawn. */
export function pointCount(space: Space): number {
  switch (space.kind) {
    case 'grid':
      return space.axes.reduce((product, { values }) => product * values.length, 1);
    case 'points':
      return space.points.length;
    case 'random':
      return space.draws;
    default:
      return space satisfies never;
  }
}

/**
 * The points of a space, in its order: of a grid, the last parameter runs fastest.
 *
 * @throws UserError for a point that is listed twice
 */
export function pointsOf(space: Space): readonly Point[] {
  const settings = settingsOf(space);
  const names = [...new Set(settings.flat().map(nameOf))];
  const points = settings.map((list) => pointOf(list, names));
  const seen = new Set<string>();
  return points.filter((point, index) => {
    const text = canonicalJson(point.parameters);
    if (!seen.has(text)) {
      seen.add(text);
      return true;
    }
    if (space.kind === 'random') return false;
    const { source } = settings[index]?.[0] ?? space;
    throw wrong(source, 'value-twice', `the point ${point.label} is listed twice.`);
  });
}

function settingsOf(space: Space): readonly (readonly Setting[])[] {
  switch (space.kind) {
    case 'grid':
      return product(space.axes);
    case 'points':
      return space.points;
    case 'random':
      return Array.from({ length: space.draws }, (_, draw) =>
        drawn(space.ranges, space.seed, draw),
      );
    default:
      return space satisfies never;
  }
}

function product(axes: readonly Values[]): readonly (readonly Setting[])[] {
  return axes.reduce<readonly (readonly Setting[])[]>(
    (points, { stage, key, source, values }) =>
      points.flatMap((point) => values.map((value) => [...point, { stage, key, source, value }])),
    [[]],
  );
}

/** Each draw has a stream of its own, so that asking for more draws keeps those there were. */
function drawn(ranges: readonly Range[], seed: number, draw: number): readonly Setting[] {
  const random = randomStream({ seed, stage: 'sweep', fold: draw + 1, purpose: 'sweep' });
  return ranges.map((range) => {
    const { stage, key, source } = range;
    return { stage, key, source, value: drawnValue(range, random) };
  });
}

function drawnValue(range: Range, random: Random): Tree {
  if (range.kind === 'among') {
    const value = range.values[random.below(range.values.length)];
    if (value === undefined) throw new Error('Internal error: a list without values');
    return value;
  }
  const { from, to, scale, whole, source } = range;
  const share = random.uniform();
  const value =
    scale === 'linear'
      ? from + share * (to - from)
      : exp(log(from) + share * (log(to) - log(from)));
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(DRAWN_DIGITS));
  return { kind: 'scalar', source, value: Math.min(to, Math.max(from, rounded)) };
}

/** @param names the parameters that any point of the space sets */
function pointOf(settings: readonly Setting[], names: readonly string[]): Point {
  const parameters = Object.fromEntries(
    settings.map((setting): [string, unknown] => [nameOf(setting), plain(setting.value)]),
  );
  return { label: labelOf(parameters, names), parameters, settings };
}

export function nameOf({ stage, key }: Pick<Setting, 'stage' | 'key'>): string {
  return `${stage}.${key}`;
}

/**
 * `lambda=0.3 channels=[5,10,20,30]`: a point's parameters in its order.
 *
 * @param names those of all points that it is to be told from: a stage is named where two have a key
 */
export function labelOf(
  parameters: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string {
  const short = shortNames(names);
  return Object.entries(parameters)
    .map(([name, value]) => `${short[names.indexOf(name)] ?? name}=${valueText(value)}`)
    .join(' ');
}

/** A value as it is typed behind `--set`. */
export function valueText(value: unknown): string {
  if (
    typeof value === 'string' &&
    /^[\w./-]+$/.test(value) &&
    !/^(true|false|null|[\d.-].*)$/.test(value)
  )
    return value;
  return JSON.stringify(value);
}

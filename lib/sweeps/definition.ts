import { mapOf, refuseUnknown } from '../pipeline/config.ts';
import { wrong, type Source } from '../pipeline/source.ts';
import { didYouMean, shown } from '../pipeline/words.ts';
import { plain, type Entry, type Tree } from '../pipeline/yaml.ts';
import {
  parameterNamed,
  settingsOf,
  spaceOf,
  wholeNumber,
  type Setting,
  type Space,
} from './spaces.ts';

/** A sweep as it is written, not yet held against the pipeline. */
export interface SweepDefinition {
  readonly name: string;
  readonly source: Source;
  readonly space: Space;
  /** How often each point is run, each time with the next seed. */
  readonly seeds: number;
  /** The parameter that counts the repetitions; what trains has one. */
  readonly seed:
    { readonly stage: string; readonly key: string; readonly source: Source } | undefined;
  /** What the other points are tested against; the pipeline's own values where nothing is said. */
  readonly baseline: readonly Setting[] | undefined;
  readonly baselineSource: Source;
  /** What chooses the best point: the test folds themselves, or folds within the training part. */
  readonly select: 'test' | 'nested';
  /** The stage whose scores are compared, where the pipeline has several. */
  readonly evaluate: { readonly name: string; readonly source: Source } | undefined;
}

const KEYS = ['grid', 'points', 'random', 'seeds', 'seed', 'baseline', 'select', 'evaluate'];
const SPACES = ['grid', 'points', 'random'];

/**
 * Finds a sweep in the `sweeps:` of a pipeline.
 *
 * @throws UserError for a name that is not there, and for anything in it that is not as it should be
 */
export function readSweep(sweeps: Tree | undefined, name: string, file: string): SweepDefinition {
  const source: Source = { option: `sweep ${name}`, folder: '' };
  if (sweeps === undefined) {
    throw wrong(
      source,
      'no-sweeps',
      `${file} has no \`sweeps:\`. Write one there, or say what to vary: npm run sweep -- --grid train.lambda=0.3,0.8`,
    );
  }
  const all = mapOf(sweeps, '`sweeps`');
  const entry = all.get(name);
  if (entry === undefined) {
    const hint = didYouMean(name, [...all.keys()]);
    throw wrong(source, 'no-such-sweep', `there is no sweep of that name; ${hint}`);
  }
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw wrong(
      entry.key,
      'bad-sweep-name',
      'a sweep is named in lower-case letters, digits and dashes.',
    );
  }
  return definitionOf(name, entry);
}

function definitionOf(name: string, { key, value }: Entry): SweepDefinition {
  const map = mapOf(value, `the sweep ${name}`);
  refuseUnknown(map, KEYS, `the sweep ${name}`);
  const spaces = SPACES.filter((space) => map.has(space));
  if (spaces.length !== 1) {
    const found = spaces.length === 0 ? 'says none' : `has ${spaces.join(' and ')}`;
    throw wrong(key, 'bad-sweep', `a sweep says one of grid, points and random; ${name} ${found}.`);
  }
  const baseline = map.get('baseline');
  const seed = map.get('seed');
  const evaluate = map.get('evaluate');
  return {
    name,
    source: key,
    space: spaceOf(map, spaces[0] ?? ''),
    seeds: map.has('seeds') ? wholeNumber(map.get('seeds'), 'seeds', 1) : 1,
    seed: seed === undefined ? undefined : parameterNamed(textOf(seed), seed.value.source),
    baseline: baseline === undefined ? undefined : settingsOf(baseline.value, '`baseline`'),
    baselineSource: baseline?.value.source ?? key,
    select: selectOf(map.get('select')),
    evaluate:
      evaluate === undefined
        ? undefined
        : { name: textOf(evaluate), source: evaluate.value.source },
  };
}

function selectOf(entry: Entry | undefined): 'test' | 'nested' {
  const value = entry === undefined ? 'test' : plain(entry.value);
  if (value === 'test' || value === 'nested') return value;
  throw wrong(
    entry?.value.source ?? { option: 'select', folder: '' },
    'bad-sweep',
    `select is test or nested, not ${shown(value)}.`,
  );
}

function textOf({ value }: Entry): string {
  const text = plain(value);
  if (typeof text === 'string') return text;
  throw wrong(value.source, 'wrong-type', `this should be a name, not ${shown(text)}.`);
}

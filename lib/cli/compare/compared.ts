import { canonicalJson } from '../../pipeline/canonical.ts';
import { UserError } from '../../pipeline/errors.ts';
import type { InputFile } from '../../pipeline/stage.ts';
import { valueText } from '../../sweeps/points.ts';
import { filesOf, sameResult, type Candidate } from './candidates.ts';

/** What the stage `compare` is given. */
export interface Compared {
  readonly params: {
    readonly title: string;
    readonly points: readonly ComparedPoint[];
    readonly baseline: string;
    readonly select: 'test';
  };
  readonly inputs: Readonly<Record<string, readonly InputFile[]>>;
}

interface ComparedPoint {
  readonly label: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly runs: readonly { seed: number; evaluate: string; train: string }[];
}

/**
 * Sorts results into points: those that differ in nothing but the seed of the training are one point.
 * The first that was named is what the others are tested against.
 *
 * @throws UserError for fewer than two different results
 */
export function comparedOf(
  candidates: readonly Candidate[],
  objectPath: (sha256: string) => string,
): Compared {
  const distinct = candidates.filter(
    (one, index) => !candidates.slice(0, index).some((other) => sameResult(one, other)),
  );
  if (distinct.length < 2) {
    throw new UserError(
      'nothing-to-compare',
      'These are one and the same result: name runs that differ in a parameter, a seed, or the code.',
    );
  }
  const groups = groupsOf(distinct);
  const varying = varyingNames(groups.map(([first]) => first?.parameters ?? {}));
  const labels = groups.map(([first]) => labelOf(first, varying));
  const names = new Map(distinct.map((one, index) => [one, String(index + 1)]));
  const points = groups.map((group, index): ComparedPoint => {
    const label = labels[index] ?? '';
    const clash = labels.filter((other) => other === label).length > 1;
    return {
      label: clash ? (group[0]?.word ?? label) : label,
      parameters: pick(group[0]?.parameters ?? {}, varying),
      runs: group.map((one) => {
        const name = names.get(one) ?? '';
        return { seed: one.seed, evaluate: `evaluate ${name}`, train: `train ${name}` };
      }),
    };
  });
  const gather = (kind: string, role: 'evaluate' | 'train' | 'clips'): readonly InputFile[] =>
    distinct.flatMap((one) =>
      filesOf(one[role], kind, `${role} ${names.get(one) ?? ''}`, objectPath),
    );
  return {
    params: { title: 'runs', points, baseline: points[0]?.label ?? '', select: 'test' },
    inputs: {
      clips: gather('clips.arrow', 'clips'),
      scores: gather('scores.arrow', 'evaluate'),
      predictions: gather('predictions.arrow', 'evaluate'),
      models: gather('model.arrow', 'train'),
      history: gather('history.arrow', 'train'),
    },
  };
}

/** Results of equal parameters are seeds of one point, unless the same seed gave two results. */
function groupsOf(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const groups: Candidate[][] = [];
  for (const one of candidates) {
    const text = canonicalJson(one.parameters);
    const group = groups.find(
      (list) =>
        canonicalJson(list[0]?.parameters ?? {}) === text &&
        !list.some(({ seed }) => seed === one.seed),
    );
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups;
}

function varyingNames(list: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const names = [...new Set(list.flatMap((parameters) => Object.keys(parameters)))].sort();
  return names.filter(
    (name) => new Set(list.map((parameters) => JSON.stringify(parameters[name]))).size > 1,
  );
}

function labelOf(first: Candidate | undefined, varying: readonly string[]): string {
  if (first === undefined || varying.length === 0) return first?.word ?? '';
  return varying
    .filter((name) => first.parameters[name] !== undefined)
    .map((name) => {
      const [, key = name] = name.split('.');
      const alike = varying.filter((other) => other.split('.')[1] === key).length > 1;
      return `${alike ? name : key}=${valueText(first.parameters[name])}`;
    })
    .join(' ');
}

function pick(
  parameters: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => name in parameters).map((name) => [name, parameters[name]]),
  );
}

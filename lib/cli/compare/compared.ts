import { canonicalJson } from '../../pipeline/canonical.ts';
import { UserError } from '../../pipeline/errors.ts';
import { picked, varyingNames } from '../../pipeline/parameter-names.ts';
import type { InputFile } from '../../pipeline/stage.ts';
import { labelOf } from '../../sweeps/points.ts';
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
  const varying = varyingNames(groups.map(([first]) => first?.parameters ?? {})).toSorted();
  const parameters = groups.map(([first]) => picked(first?.parameters ?? {}, varying));
  const labels = parameters.map((own) => labelOf(own, varying));
  const names = new Map(distinct.map((one, index) => [one, String(index + 1)]));
  const points = groups.map((group, index): ComparedPoint => {
    const label = labels[index] ?? '';
    const tells = label !== '' && labels.filter((other) => other === label).length === 1;
    return {
      label: tells ? label : (group[0]?.word ?? ''),
      parameters: parameters[index] ?? {},
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

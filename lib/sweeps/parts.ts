import { UserError } from '../pipeline/errors.ts';
import { upstreamOf, type Graph, type StageNode } from '../pipeline/graph.ts';
import { wrong, type Source } from '../pipeline/source.ts';
import { didYouMean } from '../pipeline/words.ts';
import type { SweepDefinition } from './definition.ts';
import { nameOf, type Point } from './points.ts';

/** Which stages of a pipeline a sweep is about, by name. */
export interface Parts {
  /** Its scores are compared. */
  readonly evaluate: string;
  /** Its models are scored. */
  readonly train: string;
  /** Deals the clips into the folds of the models. */
  readonly split: string;
  /** Lists the clips. */
  readonly decode: string;
  /** The parameter that counts the repetitions. */
  readonly seed: {
    readonly stage: string;
    readonly key: string;
    readonly source: Source;
    /** The pipeline's own: the first repetition has it. */
    readonly first: number;
  };
  /** Whether `evaluate` has bootstrap draws that can be saved where nobody looks at its intervals. */
  readonly draws: boolean;
}

/**
 * Finds who scores, who trains and who deals folds.
 *
 * @throws UserError where a swept parameter belongs to no stage above the scores, or nothing trains
 */
export function partsOf(
  { stages }: Graph,
  definition: SweepDefinition,
  points: readonly Point[],
): Parts {
  const swept = points.flatMap(({ settings }) => settings);
  for (const { stage, source } of swept) {
    const names = stages.map(({ name }) => name);
    if (names.includes(stage)) continue;
    throw wrong(source, 'unknown-stage', `there is no stage ${stage}; ${didYouMean(stage, names)}`);
  }
  const evaluate = scorerOf(stages, definition, new Set(swept.map(({ stage }) => stage)));
  const above = [...upstreamOf(stages, evaluate), evaluate];
  for (const { stage, key, source } of swept) {
    if (above.some(({ name }) => name === stage)) continue;
    throw wrong(
      source,
      'sweeps-nothing',
      `${stage}.${key} changes nothing that is compared: ${evaluate.name} does not depend on ${stage}.`,
    );
  }
  const train = feeding(evaluate, above, 'model.arrow');
  const seed = seedOf(definition, train, above);
  const counted = swept.find((setting) => nameOf(setting) === nameOf(seed));
  if (counted !== undefined && definition.seeds > 1) {
    throw wrong(
      counted.source,
      'bad-sweep',
      `${nameOf(seed)} is what \`seeds\` counts: vary it, or say how many seeds, not both.`,
    );
  }
  return {
    evaluate: evaluate.name,
    train: train.name,
    split: feeding(train, above, 'folds.arrow').name,
    decode: feeding(evaluate, above, 'clips.arrow').name,
    seed,
    draws: 'draws' in evaluate.params,
  };
}

function scorerOf(
  stages: readonly StageNode[],
  { evaluate, source }: SweepDefinition,
  swept: ReadonlySet<string>,
): StageNode {
  const scorers = stages.filter((stage) => writes(stage, 'scores.arrow'));
  const names = scorers.map(({ name }) => name);
  if (evaluate !== undefined) {
    const asked = scorers.find(({ name }) => name === evaluate.name);
    if (asked !== undefined) return asked;
    const hint = didYouMean(evaluate.name, names);
    throw wrong(
      evaluate.source,
      'unknown-stage',
      `no stage ${evaluate.name} writes scores; ${hint}`,
    );
  }
  const touched = scorers.filter((scorer) =>
    [...upstreamOf(stages, scorer), scorer].some(({ name }) => swept.has(name)),
  );
  const [only, second] = touched.length > 0 ? touched : scorers;
  if (only === undefined) {
    throw wrong(
      source,
      'nothing-to-compare',
      'no stage of this pipeline writes scores to compare.',
    );
  }
  if (second === undefined) return only;
  throw wrong(
    source,
    'ambiguous-sweep',
    `${names.join(' and ')} write scores: say whose are compared, as \`evaluate: ${only.name}\` in the sweep or --evaluate ${only.name}.`,
  );
}

function feeding(stage: StageNode, above: readonly StageNode[], kind: string): StageNode {
  const direct = stage.roles.flatMap(({ producers }) => producers.map((one) => one.stage));
  const found = above.find((other) => direct.includes(other.name) && writes(other, kind));
  if (found !== undefined) return found;
  throw new UserError(
    'nothing-to-compare',
    `A sweep compares models, but nothing that ${stage.name} needs writes ${kind}.`,
  );
}

function seedOf(
  { seed, source }: SweepDefinition,
  train: StageNode,
  above: readonly StageNode[],
): Parts['seed'] {
  const asked = seed ?? { stage: train.name, key: 'seed', source };
  const owner = above.find(({ name }) => name === asked.stage);
  const first = owner?.params[asked.key];
  if (typeof first === 'number' && Number.isInteger(first)) return { ...asked, first };
  const seeds = above.flatMap(({ name, params }) => ('seed' in params ? [`${name}.seed`] : []));
  throw wrong(
    asked.source,
    'bad-sweep',
    `${nameOf(asked)} is no seed to count with; ${didYouMean(nameOf(asked), seeds)}`,
  );
}

function writes({ declaration }: StageNode, kind: string): boolean {
  return Object.values(declaration.writes).includes(kind);
}

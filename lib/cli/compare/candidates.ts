import { canonicalJson } from '../../pipeline/canonical.ts';
import { UserError } from '../../pipeline/errors.ts';
import { spokenName, stageOf, withNeeded } from '../../pipeline/graph.ts';
import type { RunInstance, RunOutput, RunRecord } from '../../pipeline/run-record.ts';
import type { InputFile, UpstreamStage } from '../../pipeline/stage.ts';

/** One set of scores of a recorded run, with all that they came from. */
export interface Candidate {
  /** The run as the user named it, and which of its scores. */
  readonly word: string;
  /** `train.lambda` -> 0.8, of every stage that the scores depend on; the seed apart. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly evaluate: Source;
  readonly train: Source;
  readonly clips: Source;
}

/** A stage of a run, and its files by kind. */
interface Source {
  readonly instances: readonly RunInstance[];
}

/**
 * The scores that a run left: one set of most, one for each point and seed of a sweep.
 *
 * @throws UserError where it left none, or not all that they came from
 */
export function candidatesOf(record: RunRecord, word: string): readonly Candidate[] {
  const scorers = record.instances.filter((instance) => outputOf(instance, 'scores.arrow'));
  const told = scorers.filter(({ instance }) => !isInner(record, instance));
  const [first] = told;
  if (first === undefined) {
    throw new UserError(
      'nothing-to-compare',
      `The run ${word} has no scores to compare: it stopped before them, or was never asked for them.`,
    );
  }
  return told.map((scorer) => candidateOf(record, scorer, word, told.length > 1));
}

function candidateOf(
  record: RunRecord,
  scorer: RunInstance,
  word: string,
  several: boolean,
): Candidate {
  const stage = stageNamed(record, scorer.instance);
  const feeding = (kind: string): Source => {
    const names = Object.values(stage?.needs ?? {}).flat();
    const instances = record.instances.filter(
      (instance) => names.includes(stageOf(instance.instance)) && outputOf(instance, kind),
    );
    if (instances.length > 0) return { instances };
    throw new UserError(
      'nothing-to-compare',
      `The run ${word} does not say which ${kind} ${spokenName(scorer.instance)} scored: it failed, or was of other stages than those that are compared.`,
    );
  };
  const train = feeding('model.arrow');
  const trainName = stageOf(train.instances[0]?.instance ?? '');
  const seed = stageNamed(record, trainName)?.params['seed'];
  const all = Object.fromEntries(
    stagesAbove(record, scorer.instance).flatMap(({ name, params }) =>
      Object.entries(params).map(([key, value]) => [`${spokenName(name)}.${key}`, value]),
    ),
  );
  const { [`${spokenName(trainName)}.seed`]: _, ...parameters } = all;
  return {
    word: several ? `${word} ${scorer.instance}` : word,
    parameters,
    seed: typeof seed === 'number' ? seed : 0,
    evaluate: { instances: [scorer] },
    train,
    clips: feeding('clips.arrow'),
  };
}

/** Scores of validation folds choose a point; they are none. */
function isInner(record: RunRecord, scorer: string): boolean {
  return stagesAbove(record, scorer).some(({ use }) => use === 'inner-folds');
}

function stagesAbove(record: RunRecord, name: string): readonly UpstreamStage[] {
  return withNeeded(record.stages, [name], ({ needs }) => Object.values(needs).flat());
}

function stageNamed(record: RunRecord, instance: string): UpstreamStage | undefined {
  return record.stages.find(({ name }) => name === stageOf(instance));
}

function outputOf({ outputs }: RunInstance, kind: string): RunOutput | undefined {
  return Object.values(outputs).find((output) => output.kind === kind);
}

/** Whether two candidates are the same result: of one run named twice, or of runs that came out alike. */
export function sameResult(a: Candidate, b: Candidate): boolean {
  return canonicalJson(hashes(a)) === canonicalJson(hashes(b));
}

function hashes({ evaluate, train, seed, parameters }: Candidate): unknown {
  const of = ({ instances }: Source): unknown => instances.map(({ outputs }) => outputs);
  return [of(evaluate), of(train), seed, parameters];
}

/**
 * The files of one kind that a source left, as a stage is given them.
 *
 * @param stage what the comparison calls it
 * @param objectPath where an object of the store lies
 */
export function filesOf(
  { instances }: Source,
  kind: string,
  stage: string,
  objectPath: (sha256: string) => string,
): readonly InputFile[] {
  return instances.flatMap((instance) => {
    const output = outputOf(instance, kind);
    if (output === undefined) return [];
    const each = Object.fromEntries(
      [...instance.instance.matchAll(/\[([^=\]]+)=(\d+)\]/g)].map(
        ([, axis, value]): [string, number] => [axis ?? '', Number(value)],
      ),
    );
    return { path: objectPath(output.sha256), sha256: output.sha256, stage, each };
  });
}

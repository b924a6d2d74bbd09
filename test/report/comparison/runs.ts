import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePredictions, type Prediction } from '../../../lib/artifacts/predictions.ts';
import { writeScores } from '../../../lib/artifacts/scores.ts';
import type { InputFile } from '../../../lib/pipeline/stage.ts';
import type { Sources } from '../../../lib/report/comparison/gather.ts';
import type { Request, RequestedPoint } from '../../../lib/report/comparison/request.ts';
import { writeCorpus, writeEpochs, writeNetwork } from './files.ts';
import {
  baselines,
  classes,
  clipsOf,
  predictions,
  scoresFor,
  withoutLastSpeaker,
  type Dealt,
} from './made-up.ts';

/** A point to make up: how many of its clips its networks call right. */
export interface PlannedPoint {
  readonly label: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Share of clips called right, 0 to 1; the rest are guessed. */
  readonly skill: number;
  /** Folds in which it predicts one class. */
  readonly collapsed?: readonly number[];
  /** Repetitions in which it predicts one class everywhere. */
  readonly collapsedSeeds?: readonly number[];
  /** The repetitions that finished; all of the plan's where it is left out. */
  readonly seeds?: readonly number[];
  /** Tested without the last speaker. */
  readonly fewerClips?: boolean;
  /** On the inner folds it does so well instead. */
  readonly innerSkill?: number;
  /** Takes its files from the stages of another point. */
  readonly sameAs?: string;
}

export interface Plan extends Dealt {
  readonly points: readonly PlannedPoint[];
  readonly baseline?: string;
  readonly title?: string;
  readonly seeds?: readonly number[];
  /** Every seed deals the clips into other folds. */
  readonly dealtBySeed?: boolean;
  readonly synthetic?: boolean;
  readonly loudness?: number;
  /** Writes the inner evaluations that nested selection goes by. */
  readonly select?: 'test' | 'nested';
  readonly failed?: Request['failed'];
  readonly draws?: number;
  readonly level?: number;
}

/** Writes the artifacts of made-up runs into a folder; gives what the stage `compare` is asked with. */
export async function writeRuns(
  folder: string,
  plan: Plan,
): Promise<{ readonly params: Request; readonly inputs: Sources['inputs'] }> {
  const seeds = plan.seeds ?? [1, 2, 3];
  const inputs = {
    clips: [] as InputFile[],
    scores: [] as InputFile[],
    predictions: [] as InputFile[],
    models: [] as InputFile[],
    history: [] as InputFile[],
  };
  let files = 0;
  const written = async (
    stage: string,
    write: (path: string) => Promise<void>,
    each: Record<string, number> = {},
  ): Promise<InputFile> => {
    const path = join(folder, `${String(++files)}.arrow`);
    await write(path);
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return { path, sha256, stage, each };
  };
  const all = clipsOf(plan);
  inputs.clips.push(
    await written('decode', (path) => writeCorpus(path, all, plan.synthetic ?? true)),
  );

  const evaluate = async (stage: string, network: readonly Prediction[]): Promise<void> => {
    const others = baselines(network, plan.loudness ?? 0.3);
    const facts = {
      classes: [...classes],
      level: plan.level ?? 0.95,
      draws: 10,
      by: plan.by ?? 'clip',
      speakersShared: plan.by === 'speaker' ? 0 : (plan.speakers ?? 8),
    } as const;
    const models = [network, ...others];
    inputs.scores.push(
      await written(stage, (path) => writeScores(path, facts, models.flatMap(scoresFor))),
    );
    inputs.predictions.push(
      await written(stage, (path) =>
        writePredictions(path, { classes: [...classes] }, models.flat()),
      ),
    );
  };

  const points: RequestedPoint[] = [];
  for (const [index, point] of plan.points.entries()) {
    const tested = point.fewerClips === true ? withoutLastSpeaker(all) : all;
    const runs: RequestedPoint['runs'][number][] = [];
    for (const seed of point.seeds ?? seeds) {
      const origin = plan.points.findIndex(({ label }) => label === (point.sameAs ?? point.label));
      const name = `p${String(origin + 1)}-s${String(seed)}`;
      const run = { seed, evaluate: `evaluate-${name}`, train: `train-${name}` };
      const turn = plan.dealtBySeed === true ? seed : 0;
      const clips = tested.map((clip, at) => ({
        ...clip,
        fold: turn === 0 ? clip.fold : ((at * (turn + 1)) % (plan.folds ?? 5)) + 1,
      }));
      const folds = [...new Set(clips.map(({ fold }) => fold))].sort((a, b) => a - b);
      const inner = plan.select === 'nested' ? folds : [];
      runs.push({
        ...run,
        inner: inner.map((fold) => ({ fold, evaluate: `${run.evaluate}-without-${String(fold)}` })),
      });
      if (point.sameAs !== undefined) continue;
      const salt = index * 1000 + seed;
      const collapsed = point.collapsedSeeds?.includes(seed) === true ? folds : point.collapsed;
      await evaluate(run.evaluate, predictions(clips, point.skill, salt, collapsed));
      for (const fold of inner) {
        const rest = clips.filter((clip) => clip.fold !== fold);
        const skill = point.innerSkill ?? point.skill;
        await evaluate(
          `${run.evaluate}-without-${String(fold)}`,
          predictions(rest, skill, salt + 500_000 + fold),
        );
      }
      for (const fold of folds) {
        inputs.models.push(await written(run.train, (path) => writeNetwork(path, fold), { fold }));
        inputs.history.push(await written(run.train, (path) => writeEpochs(path, fold), { fold }));
      }
    }
    points.push({ label: point.label, parameters: point.parameters, runs });
  }
  // Backwards: the order in which files are given says nothing.
  for (const of of Object.values(inputs)) of.reverse();
  return {
    params: {
      title: plan.title ?? 'lambda-channels',
      points,
      failed: plan.failed ?? [],
      baseline: plan.baseline ?? plan.points[0]!.label,
      select: plan.select ?? 'test',
      draws: plan.draws ?? 200,
      seed: 1,
      level: plan.level ?? 0.95,
    },
    inputs,
  };
}

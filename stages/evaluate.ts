import { z } from 'zod';
import { readBaselinePredictions } from '../lib/artifacts/baseline-predictions.ts';
import { readClips } from '../lib/artifacts/clips.ts';
import { readFoldPredictions } from '../lib/artifacts/fold-predictions.ts';
import { readFolds } from '../lib/artifacts/folds.ts';
import { writePredictions, type Prediction } from '../lib/artifacts/predictions.ts';
import { writeScores, type Score } from '../lib/artifacts/scores.ts';
import { randomStream } from '../lib/math/random.ts';
import { bootstrapIntervals } from '../lib/metrics/bootstrap.ts';
import { confusionMatrix } from '../lib/metrics/confusion.ts';
import { scoresOf } from '../lib/metrics/scores.ts';
import { UserError } from '../lib/pipeline/errors.ts';
import type { InputFile, Run } from '../lib/pipeline/stage.ts';

export const summary = 'scores the predictions for each fold and over all, beside the baselines';

export const parameters = () =>
  z.strictObject({
    draws: z.int().min(1).default(2000).describe('How many bootstrap samples the intervals are of'),
    seed: z.int().min(0).default(1).describe('Seed of the bootstrap'),
    level: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.95)
      .describe('Share of the bootstrap samples within an interval'),
  });

export const reads = {
  clips: 'clips.arrow',
  folds: 'folds.arrow',
  predictions: { kind: 'fold-predictions.arrow', each: 'fold' },
  baselines: 'baseline-predictions.arrow',
} as const;
export const writes = { predictions: 'predictions.arrow', scores: 'scores.arrow' } as const;
export const leavesNothing = true;

/**
 * The pooled scores (fold 0) are those of all test clips together; only they have intervals. Every
 * model's bootstrap draws the same clips.
 */
export async function run({
  params,
  inputs,
  outputs,
  progress,
  log,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const clips = await readClips(inputs.clips.path);
  const folds = await readFolds(inputs.folds.path);
  const { classes } = clips.facts;
  const baselines = await readBaselinePredictions(inputs.baselines.path);

  const speakerOf = new Map(clips.rows.map(({ clip, speaker }) => [clip, speaker]));
  const models = [
    { id: NETWORK, rows: await readNetwork(inputs.predictions) },
    ...baselines.facts.models.map(({ id }) => ({
      id,
      rows: baselines.rows
        .filter(({ model }) => model === id)
        .map((row) => ({ ...row, attention: new Float32Array(0) })),
    })),
  ].map(({ id, rows }) => ({ id, rows: inOrder(id, rows, folds.rows, speakerOf) }));

  const scores = models.flatMap(({ id, rows }, m) => {
    const onDraw = (done: number) => {
      signal.throwIfAborted();
      progress(m * params.draws + done, models.length * params.draws, id);
    };
    const ofFolds = Array.from({ length: folds.facts.folds }, (_, f) =>
      scoreOf(
        id,
        f + 1,
        rows.filter(({ fold }) => fold === f + 1),
        classes.length,
      ),
    );
    return [...ofFolds, withIntervals(scoreOf(id, 0, rows, classes.length), rows, params, onDraw)];
  });

  await writePredictions(
    outputs.predictions,
    { classes },
    models.flatMap(({ rows }) => rows),
  );
  const { by, speakersShared } = folds.facts;
  const { level, draws } = params;
  await writeScores(outputs.scores, { classes, level, draws, by, speakersShared }, scores);
  for (const line of told(scores)) log(line);
}

type Params = z.output<ReturnType<typeof parameters>>;
type Predicted = Omit<Prediction, 'model' | 'speaker'>;

const NETWORK = 'network';

async function readNetwork(files: readonly InputFile[]): Promise<readonly Predicted[]> {
  const tables = await Promise.all(files.map(({ path }) => readFoldPredictions(path)));
  return tables.flatMap(({ rows }) => rows);
}

/**
 * The predictions of a model in the order of the folds, each clip once.
 *
 * @throws UserError `predictions-of-other-folds` where the two do not match, which takes a pipeline
 *   whose stages need different splits
 */
function inOrder(
  model: string,
  rows: readonly Predicted[],
  folds: readonly { readonly clip: string; readonly fold: number }[],
  speakerOf: ReadonlyMap<string, string>,
): readonly Prediction[] {
  const refuse = (what: string): never => {
    throw new UserError(
      'predictions-of-other-folds',
      `${what}. The stages that predict must need the same split as the stage that evaluates.`,
    );
  };
  const byClip = new Map<string, Predicted>();
  for (const row of rows) {
    if (byClip.has(row.clip)) refuse(`The model ${model} predicts the clip ${row.clip} twice`);
    byClip.set(row.clip, row);
  }
  if (rows.length > folds.length) {
    refuse(`The model ${model} predicts ${rows.length} clips, but the folds hold ${folds.length}`);
  }
  return folds.map(({ clip, fold }) => {
    const row = byClip.get(clip);
    const speaker = speakerOf.get(clip);
    if (row === undefined) return refuse(`The model ${model} does not predict the clip ${clip}`);
    if (row.fold !== fold) {
      refuse(
        `The model ${model} predicts the clip ${clip} in fold ${row.fold}, but it belongs to fold ${fold}`,
      );
    }
    if (speaker === undefined)
      throw new Error(`the clip ${clip} of the folds is none of the clips`);
    return { ...row, model, speaker };
  });
}

/** The scores of some clips, their intervals not yet known: both ends at the value. */
function scoreOf(model: string, fold: number, rows: readonly Prediction[], classes: number): Score {
  const confusion = confusionMatrix(
    rows.map(({ truth }) => truth),
    rows.map(({ predicted }) => predicted),
    classes,
  );
  const scores = scoresOf(confusion, classes);
  const { wa, uar } = scores;
  const ends = { waLow: wa, waHigh: wa, uarLow: uar, uarHigh: uar };
  return { model, fold, clips: rows.length, ...scores, ...ends, confusion, redraws: 0 };
}

function withIntervals(
  score: Score,
  rows: readonly Prediction[],
  { draws, level, seed }: Params,
  onDraw: (done: number) => void,
): Score {
  const names = [...new Set(rows.map(({ speaker }) => speaker))];
  const indexOf = new Map(names.map((speaker, index) => [speaker, index]));
  const { wa, uar, redraws } = bootstrapIntervals({
    truth: rows.map(({ truth }) => truth),
    predicted: rows.map(({ predicted }) => predicted),
    speakers: rows.map(({ speaker }) => indexOf.get(speaker)!),
    classes: score.recall.length,
    draws,
    level,
    random: randomStream({ seed, stage: 'evaluate', fold: 0, purpose: 'bootstrap' }),
    onDraw,
  });
  return { ...score, waLow: wa[0], waHigh: wa[1], uarLow: uar[0], uarHigh: uar[1], redraws };
}

/** What a person wants to know at once. */
function told(scores: readonly Score[]): readonly string[] {
  const pooled = (id: string) => scores.find(({ model, fold }) => model === id && fold === 0);
  const network = pooled(NETWORK);
  if (network === undefined) throw new Error('there are no scores of the network');
  const loudness = pooled('loudness');
  const collapsed = scores
    .filter(({ model, fold, collapsed: one }) => model === NETWORK && fold > 0 && one)
    .map(({ fold }) => String(fold));
  return [
    `UAR ${percent(network.uar)} % [${percent(network.uarLow)}, ${percent(network.uarHigh)}], ` +
      `WA ${percent(network.wa)} %` +
      (loudness === undefined ? '' : `; loudness baseline UAR ${percent(loudness.uar)} %`),
    ...(collapsed.length === 0
      ? []
      : [`collapsed folds (a single class predicted): ${collapsed.join(', ')}`]),
  ];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

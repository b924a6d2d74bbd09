import { z } from 'zod';
import { writeBaselinePredictions } from '../lib/artifacts/baseline-predictions.ts';
import { readClips } from '../lib/artifacts/clips.ts';
import { readFolds } from '../lib/artifacts/folds.ts';
import { loadMelMeans } from '../lib/artifacts/mel-means.ts';
import {
  hearing,
  hearingColumns,
  largest,
  learnLoudness,
  learnMajority,
  predictFolds,
} from '../lib/model/baselines.ts';
import type { Run } from '../lib/pipeline/stage.ts';

export const summary = 'what a model that hardly listens would score on the same folds';

export const parameters = () =>
  z.strictObject({
    c: z
      .number()
      .positive()
      .default(1)
      .describe(
        'Inverse strength of the L2 penalty of the logistic regression (the C of scikit-learn)',
      ),
  });

export const reads = {
  clips: 'clips.arrow',
  melMeans: 'mel-means.arrow',
  folds: 'folds.arrow',
} as const;
export const writes = { predictions: 'baseline-predictions.arrow' } as const;
export const leavesNothing = true;

const models = [
  {
    id: 'majority',
    name: 'Majority class',
    description: 'the commonest class of the training folds, whatever is said',
  },
  {
    id: 'loudness',
    name: 'Length and loudness',
    description:
      "logistic regression that hears only the recording's length and the mean, maximum and range of its loudness curve; classes weighted alike",
  },
] as const;

/**
 * Trains each baseline on all folds but one and lets it predict that one.
 *
 * The regression is what DESIGN's table calls "logistic regression on three loudness numbers", with
 * the length as a fourth: inputs standardised by the training folds, L2 with C = 1, Newton's method
 * from zero, and classes weighted alike. The weighting is what gives that table's figures on the
 * authors' folds (three numbers: WA 51, UAR 54 to 55; without it WA 51 to 52, UAR 41 to 42).
 */
export async function run({
  params,
  inputs,
  outputs,
  progress,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const clips = await readClips(inputs.clips.path);
  const melMeans = await loadMelMeans(inputs.melMeans.path);
  const folds = await readFolds(inputs.folds.path);
  const { classes } = clips.facts;
  const clipOf = new Map(clips.rows.map((clip) => [clip.clip, clip]));
  const meanDbOf = new Map(melMeans.rows.map(({ clip, meanDb }) => [clip, meanDb]));

  const labels = new Int32Array(folds.rows.length);
  const heard = new Float64Array(folds.rows.length * hearingColumns);
  folds.rows.forEach(({ clip }, row) => {
    const known = clipOf.get(clip);
    const meanDb = meanDbOf.get(clip);
    if (known === undefined || meanDb === undefined) {
      throw new Error(`the folds hold the clip ${clip}, which clips or mel means do not`);
    }
    labels[row] = known.label;
    heard.set(hearing(known.durationSeconds, meanDb), row * hearingColumns);
  });

  const data = { labels, classes: classes.length, heard };
  const fold = folds.rows.map((row) => row.fold);
  const learn = {
    majority: (training: readonly number[]) => learnMajority(data, training),
    loudness: (training: readonly number[]) => learnLoudness(data, training, params.c),
  };
  const count = folds.facts.folds;
  const predictions = models.flatMap(({ id }, m) => {
    const probabilities = predictFolds(data, fold, count, learn[id], (f) => {
      signal.throwIfAborted();
      progress(m * count + f - 1, models.length * count, id);
    });
    return folds.rows.map(({ clip }, row) => {
      const ofClip = Float32Array.from(
        probabilities.subarray(row * classes.length, (row + 1) * classes.length),
      );
      return {
        model: id,
        clip,
        fold: fold[row]!,
        truth: labels[row]!,
        predicted: largest(ofClip),
        probabilities: ofClip,
      };
    });
  });
  await writeBaselinePredictions(
    outputs.predictions,
    { classes, models: models.map((model) => ({ ...model })) },
    predictions,
  );
}

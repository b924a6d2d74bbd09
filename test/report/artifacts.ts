import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clip, writeClips } from '../../lib/artifacts/clips.ts';
import { writeFolds } from '../../lib/artifacts/folds.ts';
import { writeHistory } from '../../lib/artifacts/history.ts';
import { writeMelMeans } from '../../lib/artifacts/mel-means.ts';
import { writeMelSpectrograms } from '../../lib/artifacts/mel-spectrogram.ts';
import { writePredictions } from '../../lib/artifacts/predictions.ts';
import { writeScores } from '../../lib/artifacts/scores.ts';
import type { InputFile } from '../../lib/pipeline/stage.ts';
import type { Sources } from '../../lib/report/gather.ts';
import { reportData, type Wishes } from './fixture.ts';

export type ReportInputs = Pick<Sources, 'inputs' | 'upstream'>;

/** Writes the fixture as the artifacts that a report reads, into a folder. */
export async function writeInputs(folder: string, wishes: Wishes): Promise<ReportInputs> {
  const data = reportData(wishes);
  const { classes, features } = data;
  const kept = data.clips.filter((clip) => clip.fate === 'kept');
  const clips = data.clips.map((clip) => ({
    ...clip,
    intensity: 'normal',
    statement: '1',
    repetition: 1,
  })) as Clip[];
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

  const { rateHz, samples, ...corpus } = data.corpus;
  const positions = new Map<number, number>();
  const folds = [...data.folds]
    .sort(([, a], [, b]) => a - b)
    .map(([clip, fold]) => {
      const position = positions.get(fold) ?? 0;
      positions.set(fold, position + 1);
      return { clip, fold, position };
    });
  const inputs = {
    clips: await written('decode', (path) =>
      writeClips(path, { corpus, classes, rateHz, samples }, clips),
    ),
    folds: await written('split', (path) =>
      writeFolds(path, { ...data.split, by: wishes.by ?? 'clip' }, folds),
    ),
    means: await written('mel', (path) =>
      writeMelMeans(
        path,
        features,
        kept.map(({ clip, label }) => ({
          clip,
          meanDb: Float32Array.from(data.levels[label] ?? []),
        })),
      ),
    ),
    spectrograms: await written('mel', (path) =>
      writeMelSpectrograms(
        path,
        features,
        kept.map(({ clip }, index) => ({
          clip,
          frames: features.frames,
          bands: features.bands,
          db: Float32Array.from(data.examples[index % data.examples.length]?.decibels ?? []),
        })),
      ),
    ),
    history: [] as InputFile[],
    scores: [] as InputFile[],
    predictions: [] as InputFile[],
  };
  // Backwards: the order in which files are given says nothing.
  for (const evaluation of [...data.evaluations].reverse()) {
    for (const { fold, backend, epochs } of [...evaluation.histories].reverse()) {
      const write = (path: string): Promise<void> => writeHistory(path, { fold, backend }, epochs);
      inputs.history.push(await written(evaluation.train, write, { fold }));
    }
    const facts = {
      classes,
      level: evaluation.level,
      draws: evaluation.draws,
      by: wishes.by ?? ('clip' as const),
      speakersShared: data.split.speakersShared,
    };
    const scores = evaluation.scores.map((score) => ({
      ...score,
      confusion: Int32Array.from(score.confusion),
      recall: Float64Array.from(score.recall),
      precision: Float64Array.from(score.precision),
      f1: Float64Array.from(score.f1),
    }));
    const predictions = evaluation.predictions.map((prediction) => ({
      ...prediction,
      probabilities: Float32Array.from(prediction.probabilities),
      attention: Float32Array.from(prediction.attention),
    }));
    inputs.scores.push(await written(evaluation.name, (path) => writeScores(path, facts, scores)));
    inputs.predictions.push(
      await written(evaluation.name, (path) => writePredictions(path, { classes }, predictions)),
    );
  }
  return { inputs, upstream: data.stages };
}

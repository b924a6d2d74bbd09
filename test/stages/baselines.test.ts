import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBaselinePredictions } from '../../lib/artifacts/baseline-predictions.ts';
import { writeClips } from '../../lib/artifacts/clips.ts';
import { writeFolds } from '../../lib/artifacts/folds.ts';
import { openMelMeansWriter } from '../../lib/artifacts/mel-means.ts';
import { parameters, run } from '../../stages/baselines.ts';
import { corpusFacts, inputFile, smallCorpus, surroundings } from './small-corpus.ts';

const kept = smallCorpus().filter(({ fate }) => fate === 'kept');
const foldRows = [1, 2].flatMap((fold) =>
  kept
    .filter(({ repetition }) => repetition === fold)
    .map(({ clip }, position) => ({ clip, fold, position })),
);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baselines-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the stage on clips whose loudness curves `curve` gives. */
async function baselines(curve: (label: number) => readonly number[]) {
  const file = (name: string) => path.join(folder, name);
  await writeClips(file('clips.arrow'), corpusFacts, smallCorpus());
  const melMeans = await openMelMeansWriter(file('mel-means.arrow'), {
    frames: 3,
    bands: 128,
    fmin: 0,
    fmax: 8000,
    hopSeconds: 512 / 44100,
    centred: true,
  });
  for (const { clip, label } of kept) {
    await melMeans.write({ clip, meanDb: Float32Array.from(curve(label)) });
  }
  await melMeans.close();
  await writeFolds(
    file('folds.arrow'),
    { folds: 2, by: 'list', seed: 1, stratify: false, speakersShared: 6 },
    foldRows,
  );
  await run({
    ...surroundings(),
    params: parameters().parse({}),
    inputs: {
      clips: inputFile(file('clips.arrow'), 'decode'),
      melMeans: inputFile(file('mel-means.arrow'), 'mel'),
      folds: inputFile(file('folds.arrow'), 'split'),
    },
    outputs: { predictions: file('baseline-predictions.arrow') },
  });
  return readBaselinePredictions(file('baseline-predictions.arrow'));
}

describe('baselines', () => {
  test('predict every clip of the folds once with each model, in the order of the folds', async () => {
    const { facts, rows } = await baselines(() => [-40, -30, -20]);
    expect(facts.classes).toEqual(corpusFacts.classes);
    expect(facts.models.map(({ id }) => id)).toEqual(['majority', 'loudness']);
    for (const id of ['majority', 'loudness']) {
      const ofModel = rows.filter(({ model }) => model === id);
      expect(ofModel.map(({ clip, fold }) => ({ clip, fold }))).toEqual(
        foldRows.map(({ clip, fold }) => ({ clip, fold })),
      );
      for (const { clip, truth, predicted, probabilities } of ofModel) {
        expect(truth).toBe(kept.find((known) => known.clip === clip)?.label);
        expect(probabilities).toHaveLength(3);
        expect(probabilities[predicted]).toBe(Math.max(...probabilities));
      }
    }
  });

  test('of equally common classes predict the first', async () => {
    const { rows } = await baselines(() => [-40, -30, -20]);
    const majority = rows.filter(({ model }) => model === 'majority');
    expect(new Set(majority.map(({ predicted }) => predicted))).toEqual(new Set([0]));
    for (const share of majority[0]!.probabilities) expect(share).toBeCloseTo(1 / 3, 6);
  });

  test('hear loudness where it tells the classes apart', async () => {
    const { rows } = await baselines((label) => [-40 + 10 * label, -30 + 5 * label, -20]);
    const loudness = rows.filter(({ model }) => model === 'loudness');
    expect(loudness.filter(({ truth, predicted }) => truth === predicted)).toHaveLength(36);
  });
});

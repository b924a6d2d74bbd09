import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeBaselinePredictions } from '../../lib/artifacts/baseline-predictions.ts';
import { writeClips } from '../../lib/artifacts/clips.ts';
import { writeFoldPredictions, type FoldPrediction } from '../../lib/artifacts/fold-predictions.ts';
import { writeFolds } from '../../lib/artifacts/folds.ts';
import { readPredictions } from '../../lib/artifacts/predictions.ts';
import { readScores } from '../../lib/artifacts/scores.ts';
import { UserError } from '../../lib/pipeline/errors.ts';
import { parameters, run } from '../../stages/evaluate.ts';
import { corpusFacts, inputFile, smallCorpus, surroundings } from './small-corpus.ts';

const { classes } = corpusFacts;
const kept = smallCorpus().filter(({ fate }) => fate === 'kept');
const foldRows = [1, 2].flatMap((fold) =>
  kept
    .filter(({ repetition }) => repetition === fold)
    .map(({ clip, label }, position) => ({ clip, fold, position, truth: label })),
);

/** Fold 1: neutral for every clip. Fold 2: right, but for the first clip. */
const network: readonly FoldPrediction[] = foldRows.map(({ clip, fold, position, truth }) => {
  const predicted = fold === 1 ? 0 : position === 0 ? (truth + 1) % 3 : truth;
  return {
    clip,
    fold,
    truth,
    predicted,
    probabilities: Float32Array.from(classes, (_, label) => (label === predicted ? 0.5 : 0.25)),
    attention: Float32Array.of(0.125, 0.875),
  };
});

const baselines = ['majority', 'loudness'].flatMap((model) =>
  foldRows.map(({ clip, fold, truth }) => ({
    model,
    clip,
    fold,
    truth,
    predicted: model === 'majority' ? 0 : truth,
    probabilities: Float32Array.of(0.5, 0.25, 0.25),
  })),
);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'evaluate-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function evaluate(
  ofNetwork: readonly FoldPrediction[] = network,
  ofBaselines: typeof baselines = baselines,
) {
  const file = (name: string) => path.join(folder, name);
  await writeClips(file('clips.arrow'), corpusFacts, smallCorpus());
  await writeFolds(
    file('folds.arrow'),
    { folds: 2, by: 'list', seed: 1, stratify: false, speakersShared: 6 },
    foldRows.map(({ clip, fold, position }) => ({ clip, fold, position })),
  );
  for (const fold of [1, 2]) {
    await writeFoldPredictions(
      file(`fold-${fold}.arrow`),
      { classes, fold, model: 'network', receptive: { frames: 55, stride: 16 } },
      ofNetwork.filter((row) => row.fold === fold),
    );
  }
  await writeBaselinePredictions(
    file('baselines.arrow'),
    {
      classes,
      models: ['majority', 'loudness'].map((id) => ({ id, name: id, description: id })),
    },
    ofBaselines,
  );
  const around = surroundings();
  await run({
    ...around,
    params: parameters().parse({ draws: 200 }),
    inputs: {
      clips: inputFile(file('clips.arrow'), 'decode'),
      folds: inputFile(file('folds.arrow'), 'split'),
      predictions: [1, 2].map((fold) => inputFile(file(`fold-${fold}.arrow`), 'train', { fold })),
      baselines: inputFile(file('baselines.arrow'), 'baselines'),
    },
    outputs: { predictions: file('predictions.arrow'), scores: file('scores.arrow') },
  });
  return {
    scores: await readScores(file('scores.arrow')),
    predictions: await readPredictions(file('predictions.arrow')),
    logged: around.logged,
  };
}

describe('evaluate', () => {
  test('scores each model for each fold and over all clips pooled', async () => {
    const { scores } = await evaluate();
    expect(scores.facts).toEqual({
      classes,
      level: 0.95,
      draws: 200,
      by: 'list',
      speakersShared: 6,
    });
    expect(scores.rows.map(({ model, fold, clips }) => [model, fold, clips])).toEqual(
      ['network', 'majority', 'loudness'].flatMap((model) => [
        [model, 1, 18],
        [model, 2, 18],
        [model, 0, 36],
      ]),
    );
    const [first, second, pooled] = scores.rows;
    expect([...first!.confusion]).toEqual([6, 0, 0, 6, 0, 0, 6, 0, 0]);
    expect(first).toMatchObject({ wa: 1 / 3, uar: 1 / 3, collapsed: true, redraws: 0 });
    expect(second).toMatchObject({ wa: 17 / 18, collapsed: false });
    expect([...pooled!.confusion]).toEqual(
      [...first!.confusion].map((count, cell) => count + second!.confusion[cell]!),
    );
    expect(pooled?.wa).toBeCloseTo(23 / 36, 14);
  });

  test('gives intervals to the pooled scores alone', async () => {
    const { scores } = await evaluate();
    for (const { fold, model, wa, waLow, waHigh, uar, uarLow, uarHigh } of scores.rows) {
      if (fold === 0 && model === 'network') {
        expect(waLow).toBeLessThan(wa);
        expect(waHigh).toBeGreaterThan(wa);
        expect(uarLow).toBeLessThan(uar);
        expect(uarHigh).toBeGreaterThan(uar);
        expect(uarLow).toBeGreaterThan(0);
        expect(uarHigh).toBeLessThan(1);
      } else if (fold > 0) {
        expect([waLow, waHigh, uarLow, uarHigh]).toEqual([wa, wa, uar, uar]);
      }
    }
  });

  test('keeps every prediction, with its speaker and where the network looked', async () => {
    const { predictions } = await evaluate();
    expect(predictions.rows).toHaveLength(3 * 36);
    expect(predictions.rows.map(({ model, clip, fold }) => ({ model, clip, fold }))).toEqual(
      ['network', 'majority', 'loudness'].flatMap((model) =>
        foldRows.map(({ clip, fold }) => ({ model, clip, fold })),
      ),
    );
    for (const { clip, speaker, model, attention } of predictions.rows) {
      expect(speaker).toBe(clip.slice(0, 2));
      expect([...attention]).toEqual(model === 'network' ? [0.125, 0.875] : []);
    }
  });

  test('says the result beside the loudness baseline, and names collapsed folds', async () => {
    const { logged } = await evaluate();
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatch(
      /^UAR \d\d\.\d % \[\d\d\.\d, \d\d\.\d\], WA 63\.9 %; loudness baseline UAR 100\.0 %$/,
    );
    expect(logged[1]).toBe('collapsed folds (a single class predicted): 1');
  });

  test.each([
    [
      'lack a clip',
      network.slice(1),
      'The model network does not predict the clip A1/happy-1. The stages that predict must need the same split as the stage that evaluates.',
    ],
    [
      'hold a clip twice',
      [...network.slice(0, 1), ...network],
      'The model network predicts the clip A1/happy-1 twice. The stages that predict must need the same split as the stage that evaluates.',
    ],
    [
      'put a clip into another fold',
      network.map((row) => (row.clip === 'A1/happy-1' ? { ...row, fold: 2 } : row)),
      'The model network predicts the clip A1/happy-1 in fold 2, but it belongs to fold 1. The stages that predict must need the same split as the stage that evaluates.',
    ],
    [
      'hold a clip too many',
      [...network, { ...network[0]!, clip: 'A1/short' }],
      'The model network predicts 37 clips, but the folds hold 36. The stages that predict must need the same split as the stage that evaluates.',
    ],
  ])('refuses predictions that %s', async (_, rows, message) => {
    await expect(evaluate(rows)).rejects.toThrow(
      new UserError('predictions-of-other-folds', message),
    );
  });
});

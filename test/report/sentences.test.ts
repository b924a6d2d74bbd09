import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../lib/report/data.ts';
import { answer, methods, verdict } from '../../lib/report/sentences.ts';
import { reportData } from './fixture.ts';

/** The fixture's headline with other UARs, [value, low, high]. */
function withUars(network: Uar, loudness: Uar | undefined): Evaluation {
  const [headline] = reportData().evaluations;
  const wanted: Readonly<Record<string, Uar | undefined>> = { network, loudness };
  return {
    ...headline,
    scores: headline.scores
      .filter((score) => score.model !== 'loudness' || loudness !== undefined)
      .map((score) => {
        const [uar, uarLow, uarHigh] = wanted[score.model] ?? [
          score.uar,
          score.uarLow,
          score.uarHigh,
        ];
        return score.fold === 0 ? { ...score, uar, uarLow, uarHigh } : score;
      }),
  };
}
type Uar = readonly [number, number, number];

describe('the answer', () => {
  test('says itself that speakers are shared', () => {
    const data = reportData({ synthetic: false, corpusName: 'RAVDESS' });
    expect(answer(data, withUars([0.551, 0.502, 0.6], [0.55, 0.5, 0.6]))).toBe(
      'On RAVDESS (176 clips of 8 speakers), the network tells neutral, happy, sad and angry apart with an unweighted average recall (UAR) of 55.1 % (95 % interval 50.2 to 60.0 %; guessing gives 25.0 %), tested in 5 folds by clip, where 8 speakers are shared between training and test.',
    );
  });

  test('says that no speaker is shared where none is', () => {
    const data = reportData({ by: 'speaker' });
    expect(answer(data, data.evaluations[0])).toMatch(
      /, tested in 5 folds by speaker, so that no speaker is in both training and test\.$/,
    );
  });
});

describe('the verdict', () => {
  test('says plainly that the network does not beat the loudness baseline', () => {
    const { beaten, text } = verdict(withUars([0.541, 0.5, 0.59], [0.55, 0.51, 0.6]));
    expect(beaten).toBe(false);
    expect(text).toBe(
      'The network does not beat a logistic regression on four numbers, the clip’s length and its mean, maximum and range of level (UAR 55.0 %, 51.0 to 60.0 %). So this result does not show that it hears more than how long and how loud a clip is. It lies above always answering the most frequent class (UAR 25.0 %, accuracy 27.3 %).',
    );
  });

  test('claims nothing where the intervals overlap', () => {
    const { beaten, text } = verdict(withUars([0.58, 0.53, 0.63], [0.55, 0.51, 0.6]));
    expect(beaten).toBe(false);
    expect(text).toContain('lies 3.0 points above');
    expect(text).toContain('but the two intervals overlap. So this result alone does not show');
  });

  test('says so where they do not', () => {
    const { beaten, text } = verdict(withUars([0.75, 0.7, 0.8], [0.55, 0.51, 0.6]));
    expect(beaten).toBe(true);
    expect(text).toContain('and the two intervals do not overlap.');
  });

  test('is not in the network’s favour without the baseline', () => {
    const { beaten, text } = verdict(withUars([0.75, 0.7, 0.8], undefined));
    expect(beaten).toBe(false);
    expect(text).toContain('No loudness baseline was computed');
  });
});

test('the methods name what was set', () => {
  const data = reportData();
  expect(methods(data, data.evaluations[0])).toBe(
    'Clips were mixed to one channel, cut to 3.00 s and resampled to 44,100 Hz. Each became a log-mel spectrogram of 259 frames and 128 Slaney bands from 0 to 8,000 Hz (hop 11.6 ms), whose mean over the bands, standardised by the mean and deviation of the training folds, is the network’s input. A one-dimensional convolutional network (channels 5, 10, 20, 30, kernels 11, 5, 3, 3, strides 4, 1, 1, 1) with attention (“equations”, lambda 0.8) was trained with Adam (learning rate 0.001, batch 51) for 200 epochs, the last of which counts, in 5 folds (split by clip, seed 1). Intervals are 95 % percentiles of 2,000 draws of speakers and then of their clips. On the same folds: loudness baseline and majority baseline.',
  );
});

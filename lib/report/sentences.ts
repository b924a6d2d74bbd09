import type { Evaluation, ReportData } from './data.ts';
import { meanOverFolds, modelWords, models, pooled } from './scores.ts';
import { count, counted, fixed, listed, percent, valueText } from './text.ts';

/** The first line where the corpus is synthetic; nothing otherwise. */
export function syntheticNotice(data: ReportData): string | undefined {
  if (!data.corpus.synthetic) return undefined;
  return 'The corpus is synthetic: a machine spoke its clips, so the numbers below show that the pipeline works and say nothing about people.';
}

/** The answer: UAR with its interval, on which corpus, under which split. */
export function answer(data: ReportData, evaluation: Evaluation): string {
  const score = pooled(evaluation, 'network');
  const { name } = data.corpus;
  if (score === undefined) return `On ${name} no network was evaluated.`;
  const speakers = new Set(evaluation.predictions.map((prediction) => prediction.speaker)).size;
  return (
    `On ${name} (${counted(score.clips, 'clip')} of ${counted(speakers, 'speaker')}), the network tells ` +
    `${listed(data.classes)} apart with an unweighted average recall (UAR) of ${percent(score.uar)} ` +
    `(${percentLevel(evaluation.level)} interval ${interval(score.uarLow, score.uarHigh)}; guessing gives ` +
    `${percent(1 / data.classes.length)}), ${splitClause(data)}.`
  );
}

/** How training and test were kept apart: part of the answer, for it decides what the number means. */
function splitClause(data: ReportData): string {
  const { folds, by, speakersShared } = data.split;
  const how = { clip: 'by clip', speaker: 'by speaker', list: 'by a given list' }[by] ?? `by ${by}`;
  const tested = `tested in ${counted(folds, 'fold')} ${how}`;
  if (speakersShared === 0) return `${tested}, so that no speaker is in both training and test`;
  const shared = counted(speakersShared, 'speaker');
  return `${tested}, where ${shared} ${speakersShared === 1 ? 'is' : 'are'} shared between training and test`;
}

/** The mean over folds, which the paper reports, and plain accuracy. */
export function besideTheAnswer(evaluation: Evaluation): string {
  const score = pooled(evaluation, 'network');
  if (score === undefined) return '';
  const mean = meanOverFolds(evaluation, 'network');
  return (
    `That is over all test clips pooled; the mean over folds, which the paper reports, is ${percent(mean.uar)}. ` +
    `Plain accuracy (WA) is ${percent(score.wa)} (${interval(score.waLow, score.waHigh)}), ` +
    `${percent(mean.wa)} as the mean over folds.`
  );
}

/** Whether the network beats the baselines; `beaten` sets the tone of the page. */
export function verdict(evaluation: Evaluation): { beaten: boolean; text: string } {
  const network = pooled(evaluation, 'network');
  const loudness = pooled(evaluation, 'loudness');
  const majority = pooled(evaluation, 'majority');
  if (network === undefined) return { beaten: false, text: 'There is no network to compare.' };
  const parts: string[] = [];
  let beaten = true;
  if (loudness !== undefined) {
    const baseline = `a logistic regression on four numbers, the clip’s length and its mean, maximum and range of level (UAR ${percent(loudness.uar)}, ${interval(loudness.uarLow, loudness.uarHigh)})`;
    if (network.uar <= loudness.uar) {
      beaten = false;
      parts.push(
        `The network does not beat ${baseline}. So this result does not show that it hears more than how long and how loud a clip is.`,
      );
    } else if (network.uarLow <= loudness.uarHigh) {
      beaten = false;
      parts.push(
        `The network lies ${fixed((network.uar - loudness.uar) * 100, 1)} points above ${baseline}, but the two intervals overlap. So this result alone does not show that it hears more than how long and how loud a clip is.`,
      );
    } else {
      parts.push(
        `The network lies ${fixed((network.uar - loudness.uar) * 100, 1)} points above ${baseline}, and the two intervals do not overlap.`,
      );
    }
  } else {
    beaten = false;
    parts.push(
      'No loudness baseline was computed, so nothing here tells the network from one that hears only how loud a clip is.',
    );
  }
  if (majority !== undefined) {
    const relation = network.uar > majority.uar ? 'lies above' : 'does not beat';
    parts.push(
      `It ${relation} always answering the most frequent class (UAR ${percent(majority.uar)}, accuracy ${percent(majority.wa)}).`,
    );
  }
  return { beaten, text: parts.join(' ') };
}

/** One paragraph for a paper's methods section, from the parameters that were set. */
export function methods(data: ReportData, evaluation: Evaluation): string {
  const { corpus, features, split } = data;
  const train = data.stages.find((stage) => stage.name === evaluation.train)?.params ?? {};
  const seconds = fixed(corpus.samples / Math.max(1, corpus.rateHz), 2);
  const standardised =
    train['standardise'] === 'train-fold'
      ? ', standardised by the mean and deviation of the training folds,'
      : '';
  const baselines = models(evaluation)
    .filter((model) => model !== 'network')
    .map((model) => modelWords(model).name.toLowerCase());
  return (
    `Clips were mixed to one channel, cut to ${seconds} s and resampled to ${count(corpus.rateHz)} Hz. ` +
    `Each became a log-mel spectrogram of ${count(features.frames)} frames and ${String(features.bands)} Slaney bands ` +
    `from ${count(features.fmin)} to ${count(features.fmax)} Hz (hop ${fixed(features.hopSeconds * 1000, 1)} ms), ` +
    `whose mean over the bands${standardised} is the network’s input. ` +
    `A one-dimensional convolutional network (channels ${parameter(train, 'channels')}, kernels ${parameter(train, 'kernels')}, ` +
    `strides ${parameter(train, 'strides')}) with attention (“${evaluation.attention}”, lambda ${parameter(train, 'lambda')}) ` +
    `was trained with Adam (learning rate ${parameter(train, 'learningRate')}, batch ${parameter(train, 'batch')}) ` +
    `for ${parameter(train, 'epochs')} epochs, the last of which counts, in ${counted(split.folds, 'fold')} (split by ${split.by}, seed ${String(split.seed)}). ` +
    `Intervals are ${percentLevel(evaluation.level)} percentiles of ${counted(evaluation.draws, 'draw')} of speakers and then of their clips. ` +
    `On the same folds: ${listed(baselines)}.`
  );
}

/** 50.2 to 60.0 %. */
export function interval(low: number, high: number): string {
  return `${fixed(low * 100, 1)} to ${percent(high)}`;
}

/** 0.95 -> `95 %`. */
export function percentLevel(level: number): string {
  return `${String(Number((level * 100).toFixed(2)))} %`;
}

function parameter(params: Readonly<Record<string, unknown>>, key: string): string {
  const value = params[key];
  if (value === undefined) return 'not stated';
  return Array.isArray(value) ? value.map(valueText).join(', ') : valueText(value);
}

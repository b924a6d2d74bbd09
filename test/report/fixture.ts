import { stages } from './stages.ts';
import { bands, decibels, epochs, frames, noise } from './signals.ts';
import type { ClipFact, Evaluation, Prediction, ReportData, Score } from '../../lib/report/data.ts';
import { scoresOf } from '../../lib/metrics/scores.ts';
import { confusionMatrix } from '../../lib/metrics/confusion.ts';

/** What a test may want to be otherwise. */
export interface Wishes {
  readonly corpusName?: string;
  readonly synthetic?: boolean;
  readonly by?: 'clip' | 'speaker';
  /** Share of clips that each model calls right, in 0 to 1. */
  readonly skill?: { readonly network?: number; readonly loudness?: number };
  readonly collapsedFold?: number;
  readonly withAuthors?: boolean;
  readonly backend?: string;
  readonly epochs?: number;
  readonly extraClips?: readonly ClipFact[];
}

export const classes = ['neutral', 'happy', 'sad', 'angry'] as const;
const foldCount = 5;
const speakers = 8;
const takes = 5;

/** A whole report's worth of plausible facts, the same at each call. */
export function reportData(wishes: Wishes = {}): ReportData {
  const clips = [...keptClips(), ...(wishes.extraClips ?? [])].sort((a, b) =>
    a.clip < b.clip ? -1 : 1,
  );
  const kept = clips.filter((clip) => clip.fate === 'kept');
  const folds = new Map(
    kept.map((clip, index) => [
      clip.clip,
      wishes.by === 'speaker' ? (Number(clip.speaker) % foldCount) + 1 : (index % foldCount) + 1,
    ]),
  );
  const headline = evaluation('evaluate', 'train', 'equations', kept, folds, wishes);
  const evaluations: [Evaluation, ...Evaluation[]] = [headline];
  if (wishes.withAuthors === true) {
    evaluations.push(
      evaluation('evaluate-authors', 'train-authors', 'authors', kept, folds, {
        ...wishes,
        collapsedFold: 5,
        skill: { network: 0.4 },
      }),
    );
  }
  const network = headline.predictions.filter((prediction) => prediction.model === 'network');
  return {
    corpus: {
      name: wishes.corpusName ?? 'Emotion sample',
      layout: 'ravdess',
      synthetic: wishes.synthetic ?? true,
      licence: 'CC0-1.0',
      citation: 'Made by sample/make.ts',
      rateHz: 44100,
      samples: 132300,
    },
    classes,
    clips,
    folds,
    split: {
      folds: foldCount,
      by: wishes.by ?? 'clip',
      seed: 1,
      stratify: false,
      speakersShared: wishes.by === 'speaker' ? 0 : speakers,
    },
    features: { frames, bands, fmin: 0, fmax: 8000, hopSeconds: 512 / 44100, centred: true },
    levels: classes.map((_, label) =>
      Array.from(
        { length: frames },
        (_unused, frame) => -60 + label * 3 + noise(frame + label * 300) * 4,
      ),
    ),
    evaluations,
    examples: network.slice(0, 4).map((prediction, index) => ({
      prediction,
      role: index < 3 ? 'typical' : 'mistake',
      frames,
      bands,
      decibels: decibels(index),
    })),
    stages: stages(wishes.by ?? 'clip', wishes.withAuthors === true),
    artifacts: ['clips.arrow', 'folds.arrow'].map((kind, index) => ({
      stage: index === 0 ? 'decode' : 'split',
      kind,
      instance: '',
      sha256: `${String(index + 1)}abc`.repeat(16),
    })),
    packages: [
      { name: '@observablehq/plot', version: '0.6.17' },
      { name: 'apache-arrow', version: '21.2.0' },
    ],
  };
}

function keptClips(): ClipFact[] {
  const clips: ClipFact[] = [];
  for (let speaker = 1; speaker <= speakers; speaker++) {
    classes.forEach((emotion, label) => {
      for (let take = 1; take <= takes + (label % 2); take++) {
        const number = `0${String(speaker)}`;
        const clip = `Actor_${number}/03-01-0${String(label + 1)}-01-01-0${String(take)}-${number}`;
        clips.push({
          clip,
          file: `${clip}.flac`,
          speaker: number,
          sex: speaker % 2 === 0 ? 'female' : 'male',
          emotion,
          durationSeconds: 3.6 + noise(clips.length) / 2,
          rateHz: 48000,
          channels: 1,
          lossy: false,
          fate: 'kept',
          reason: '',
          label,
        });
      }
    });
  }
  return clips;
}

function evaluation(
  name: string,
  train: string,
  attention: string,
  kept: readonly ClipFact[],
  folds: ReadonlyMap<string, number>,
  wishes: Wishes,
): Evaluation {
  const { network = 0.72, loudness = 0.5 } = wishes.skill ?? {};
  const predictions = [
    ...predict('network', network, 1, kept, folds, wishes.collapsedFold),
    ...predict('majority', 0, 2, kept, folds),
    ...predict('loudness', loudness, 3, kept, folds),
  ];
  return {
    name,
    train,
    attention,
    receptive: { frames: 163, stride: 32 },
    level: 0.95,
    draws: 2000,
    scores: ['network', 'majority', 'loudness'].flatMap((model) => scores(model, predictions)),
    predictions,
    histories: Array.from({ length: foldCount }, (_, index) => ({
      fold: index + 1,
      backend: wishes.backend ?? 'wasm',
      epochs: epochs(wishes.epochs ?? 200, index),
    })),
  };
}

function predict(
  model: string,
  skill: number,
  salt: number,
  kept: readonly ClipFact[],
  folds: ReadonlyMap<string, number>,
  collapsedFold = 0,
): Prediction[] {
  return kept.map((clip, index) => {
    const fold = folds.get(clip.clip) ?? 1;
    const wrong = Math.floor(noise(index * 7 + salt) * classes.length);
    const one = model === 'majority' || fold === collapsedFold;
    const predicted = one ? 3 : noise(index * 11 + salt * 1000) < skill ? clip.label : wrong;
    const sure = 0.4 + noise(index * 13 + salt) * 0.55;
    const raw = [0, 1, 2, 3].map((place) => 0.5 + noise(index * 17 + place * 3 + clip.label));
    const sum = raw.reduce((a, b) => a + b, 0);
    return {
      model,
      clip: clip.clip,
      speaker: clip.speaker,
      fold,
      truth: clip.label,
      predicted,
      probabilities: classes.map((_, label) => (label === predicted ? sure : (1 - sure) / 3)),
      attention: model === 'network' ? raw.map((weight) => weight / sum) : [],
    };
  });
}

function scores(model: string, predictions: readonly Prediction[]): Score[] {
  return Array.from({ length: foldCount + 1 }, (_, fold) => {
    const inside = predictions.filter(
      (prediction) => prediction.model === model && (fold === 0 || prediction.fold === fold),
    );
    const confusion = confusionMatrix(
      inside.map((prediction) => prediction.truth),
      inside.map((prediction) => prediction.predicted),
      classes.length,
    );
    const { wa, uar, collapsed, recall, precision, f1 } = scoresOf(confusion, classes.length);
    const half = fold === 0 && model !== 'majority' ? 0.06 : 0;
    return {
      model,
      fold,
      clips: inside.length,
      wa,
      uar,
      waLow: wa - half,
      waHigh: wa + half,
      uarLow: uar - half,
      uarHigh: uar + half,
      collapsed,
      confusion: [...confusion],
      recall: [...recall],
      precision: [...precision],
      f1: [...f1],
      redraws: 0,
    };
  });
}

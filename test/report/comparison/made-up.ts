import type { Prediction } from '../../../lib/artifacts/predictions.ts';
import type { Score } from '../../../lib/artifacts/scores.ts';
import { randomStream } from '../../../lib/math/random.ts';
import { confusionMatrix } from '../../../lib/metrics/confusion.ts';
import { scoresOf } from '../../../lib/metrics/scores.ts';

export const classes = ['neutral', 'happy', 'sad', 'angry'] as const;
export interface PlannedClip {
  readonly clip: string;
  readonly speaker: string;
  readonly truth: number;
  readonly fold: number;
}

/** How many clips there are, and in which folds. */
export interface Dealt {
  readonly speakers?: number;
  /** Clips of each speaker and class. */
  readonly takes?: number;
  readonly folds?: number;
  readonly by?: 'clip' | 'speaker';
}

export function clipsOf({ speakers = 8, takes = 3, folds = 5, by = 'clip' }: Dealt): PlannedClip[] {
  let made = 0;
  return Array.from({ length: speakers }, (_, speaker) =>
    classes.flatMap((name, truth) =>
      Array.from({ length: takes }, (_unused, take) => ({
        clip: `S${String(speaker + 1)}/${name}-${String(take + 1)}`,
        speaker: `S${String(speaker + 1)}`,
        truth,
        fold: ((by === 'speaker' ? speaker : made++) % folds) + 1,
      })),
    ),
  ).flat();
}

export function withoutLastSpeaker(clips: readonly PlannedClip[]): PlannedClip[] {
  return clips.filter(({ speaker }) => speaker !== clips.at(-1)!.speaker);
}

/** Right with the probability `skill`, whoever speaks; otherwise any class. */
export function predictions(
  clips: readonly PlannedClip[],
  skill: number,
  salt: number,
  collapsed: readonly number[] = [],
  model = 'network',
): Prediction[] {
  const random = randomStream({ seed: salt, stage: 'made up', fold: 0, purpose: 'shuffle' });
  return clips.map(({ clip, speaker, fold, truth }) => {
    const knows = random.uniform() < skill;
    const guess = random.below(classes.length);
    const predicted = collapsed.includes(fold) ? 3 : knows ? truth : guess;
    return {
      model,
      clip,
      speaker,
      fold,
      truth,
      predicted,
      probabilities: Float32Array.from(classes, (_, label) => (label === predicted ? 0.7 : 0.1)),
      attention: model === 'network' ? Float32Array.of(0.25, 0.75) : new Float32Array(0),
    };
  });
}

export function baselines(network: readonly Prediction[], skill: number): Prediction[][] {
  const majority = network.map((row) => ({
    ...row,
    model: 'majority',
    predicted: 0,
    attention: new Float32Array(0),
  }));
  return [majority, predictions(network, skill, 77, [], 'loudness')];
}

export function scoresFor(rows: readonly Prediction[]): Score[] {
  const folds = [...new Set(rows.map(({ fold }) => fold))].sort((a, b) => a - b);
  return [...folds, 0].map((fold) => {
    const inside = rows.filter((row) => fold === 0 || row.fold === fold);
    const confusion = confusionMatrix(
      inside.map(({ truth }) => truth),
      inside.map(({ predicted }) => predicted),
      classes.length,
    );
    const scores = scoresOf(confusion, classes.length);
    const { wa, uar } = scores;
    const ends = { waLow: wa, waHigh: wa, uarLow: uar, uarHigh: uar };
    const { model } = rows[0]!;
    return { model, fold, clips: inside.length, ...scores, ...ends, confusion, redraws: 0 };
  });
}

import type { Prediction } from '../../artifacts/predictions.ts';
import { byCodeUnit } from '../text.ts';

/** The clips that some runs are tested on, sorted by clip. Only runs of equal sets can be paired. */
export interface ClipSet {
  readonly classes: readonly string[];
  readonly clips: readonly string[];
  /** Label of each clip. */
  readonly truth: Int32Array;
  /** Speaker of each clip, an index in `speakerNames`. */
  readonly speakers: Int32Array;
  readonly speakerNames: readonly string[];
}

/** What a model says of the clips of a set, in the set's order. */
export interface Aligned {
  readonly set: ClipSet;
  readonly predicted: Int32Array;
  /** The fold that tests each clip, from 1. */
  readonly folds: Int32Array;
}

/** Puts predictions into one order for all runs on the same clips, and knows such runs again. */
export class ClipSets {
  readonly #sets = new Map<string, ClipSet>();

  /**
   * The predictions of one model, sorted by clip. Runs on the same clips, of the same classes and
   * speakers, are given one and the same set.
   */
  align(classes: readonly string[], predictions: readonly Prediction[]): Aligned {
    const rows = [...predictions].sort((a, b) => byCodeUnit(a.clip, b.clip));
    const key = JSON.stringify([
      classes,
      rows.map(({ clip, truth, speaker }) => [clip, truth, speaker]),
    ]);
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = clipSet(classes, rows);
      this.#sets.set(key, set);
    }
    return {
      set,
      predicted: Int32Array.from(rows, ({ predicted }) => predicted),
      folds: Int32Array.from(rows, ({ fold }) => fold),
    };
  }
}

function clipSet(classes: readonly string[], rows: readonly Prediction[]): ClipSet {
  const speakerNames = [...new Set(rows.map(({ speaker }) => speaker))].sort(byCodeUnit);
  const indexOf = new Map(speakerNames.map((speaker, index) => [speaker, index]));
  return {
    classes,
    clips: rows.map(({ clip }) => clip),
    truth: Int32Array.from(rows, ({ truth }) => truth),
    speakers: Int32Array.from(rows, ({ speaker }) => indexOf.get(speaker)!),
    speakerNames,
  };
}

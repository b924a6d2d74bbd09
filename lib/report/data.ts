/**
 * Everything that a report is made of: rows of artifacts, parameters and versions, and nothing that
 * differs between two machines that computed the same. Probabilities, recalls, attention: 0 to 1.
 */
export interface ReportData {
  readonly corpus: Corpus;
  /** The classes in the order of their labels. */
  readonly classes: readonly string[];
  /** Every file found, sorted by clip. */
  readonly clips: readonly ClipFact[];
  /** clip -> test fold, 1-based. */
  readonly folds: ReadonlyMap<string, number>;
  readonly split: Split;
  readonly features: Features;
  /** classes x frames: the network's input, mean over the clips of each class, dB. */
  readonly levels: readonly (readonly number[])[];
  /** The first is the headline. */
  readonly evaluations: readonly [Evaluation, ...Evaluation[]];
  readonly examples: readonly Example[];
  readonly stages: readonly StageFact[];
  readonly artifacts: readonly ArtifactFact[];
  readonly packages: readonly PackageFact[];
}

export interface Corpus {
  readonly name: string;
  readonly layout: string;
  readonly synthetic: boolean;
  readonly licence: string;
  readonly citation: string;
  /** Sampling rate after decoding, Hz. */
  readonly rateHz: number;
  /** Length of the cut, samples at `rateHz`. */
  readonly samples: number;
}

export interface ClipFact {
  readonly clip: string;
  readonly file: string;
  readonly speaker: string;
  readonly sex: string;
  readonly emotion: string;
  readonly durationSeconds: number;
  readonly rateHz: number;
  readonly channels: number;
  readonly lossy: boolean;
  /** kept, short, broken, other-emotion, not-speech or duplicate. */
  readonly fate: string;
  readonly reason: string;
  /** Index in the classes; -1 for none of them. */
  readonly label: number;
}

export interface Split {
  readonly folds: number;
  /** clip, speaker or list. */
  readonly by: string;
  readonly seed: number;
  readonly stratify: boolean;
  /** Speakers with clips in more than one fold. */
  readonly speakersShared: number;
}

export interface Features {
  readonly frames: number;
  readonly bands: number;
  /** Lower and upper edge of the mel bank, Hz. */
  readonly fmin: number;
  readonly fmax: number;
  readonly hopSeconds: number;
  /** Frame t is centred on t x hopSeconds; otherwise it begins there. */
  readonly centred: boolean;
}

/** One evaluate stage with the train stage that fed it. */
export interface Evaluation {
  readonly name: string;
  /** The train stage's name; empty where none is upstream. */
  readonly train: string;
  /** `equations`, `authors`, or what a stage of the user's own says. */
  readonly attention: string;
  /** Which frames position p hears: p x stride to p x stride + frames - 1. Absent where unknown. */
  readonly receptive?: { readonly frames: number; readonly stride: number };
  readonly level: number;
  readonly draws: number;
  readonly scores: readonly Score[];
  readonly predictions: readonly Prediction[];
  /** Sorted by fold. */
  readonly histories: readonly FoldHistory[];
}

export interface Score {
  readonly model: string;
  /** 0: the clips of all folds pooled. */
  readonly fold: number;
  readonly clips: number;
  readonly wa: number;
  readonly uar: number;
  readonly waLow: number;
  readonly waHigh: number;
  readonly uarLow: number;
  readonly uarHigh: number;
  readonly collapsed: boolean;
  /** classes x classes counts, truth-major. */
  readonly confusion: readonly number[];
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  readonly f1: readonly number[];
  readonly redraws: number;
}

export interface Prediction {
  readonly model: string;
  readonly clip: string;
  readonly speaker: string;
  readonly fold: number;
  readonly truth: number;
  readonly predicted: number;
  readonly probabilities: readonly number[];
  /** One weight for each position; empty for a model without attention. */
  readonly attention: readonly number[];
}

export interface FoldHistory {
  readonly fold: number;
  readonly backend: string;
  readonly epochs: readonly Epoch[];
}

export interface Epoch {
  /** 1-based. */
  readonly epoch: number;
  /** Training loss, mean cross-entropy of a clip in nats. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly testUar: number;
}

/** A clip shown on its spectrogram. */
export interface Example {
  readonly prediction: Prediction;
  /** Why it was chosen. */
  readonly role: 'typical' | 'mistake';
  readonly frames: number;
  readonly bands: number;
  /** frames x bands, row-major, dB. */
  readonly decibels: ArrayLike<number>;
}

export interface StageFact {
  readonly name: string;
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly needs: Readonly<Record<string, readonly string[]>>;
}

export interface ArtifactFact {
  readonly stage: string;
  readonly kind: string;
  /** Which instance: `fold 3`; empty for a stage with one. */
  readonly instance: string;
  readonly sha256: string;
}

export interface PackageFact {
  readonly name: string;
  readonly version: string;
}

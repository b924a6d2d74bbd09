/** What a corpus's naming says about one recording. */
export interface Recording {
  /** As the corpus names the speaker; unique within it. */
  readonly speaker: string;
  readonly sex: 'female' | 'male' | 'unknown';
  /** One of the layout's `emotions`. */
  readonly emotion: string;
  /** Empty where the corpus has none. */
  readonly intensity: string;
  readonly statement: string;
  /** From 1; 0 where the corpus does not tell. */
  readonly repetition: number;
  /** Why it is not emotional speech, as `song`; undefined where it is. */
  readonly otherThanSpeech: string | undefined;
}

/** A way of naming the files of a corpus: what a module of the registry exports. */
export interface CorpusLayout {
  /** What a corpus of this layout is called that does not say its name. */
  readonly title: string;
  /** Every emotion that the naming knows. */
  readonly emotions: readonly string[];
  /** The path of a file below the corpus, named as it should be. */
  readonly example: string;
  /** Pairs of clips, by the last part of their names, that are the same recording as published. */
  readonly publishedTwice: readonly (readonly [string, string])[];
  /**
   * @param clip path below the corpus, `/`-separated, without extension.
   * @returns what the name says, or a short phrase on how it breaks the naming.
   */
  readonly parse: (clip: string) => Recording | string;
}

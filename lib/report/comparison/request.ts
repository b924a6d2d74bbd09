/** What is compared, as the parameters of the stage `compare` say it. */
export interface Request {
  /** Name of the sweep, or what was compared. */
  readonly title: string;
  readonly points: readonly RequestedPoint[];
  readonly failed: readonly FailedPoint[];
  /** Label of the point that the others are tested against. */
  readonly baseline: string;
  /** What the best point is chosen by: the test folds, or inner validation folds. */
  readonly select: 'test' | 'nested';
  /** Bootstrap samples. */
  readonly draws: number;
  /** Seed of the bootstrap, and of the tests where they are drawn. */
  readonly seed: number;
  /** Share of the bootstrap samples within an interval. */
  readonly level: number;
}

export interface RequestedPoint {
  readonly label: string;
  /** Only those that vary: `train.lambda` -> 0.3. */
  readonly parameters: Parameters;
  readonly runs: readonly RequestedRun[];
}

export type Parameters = Readonly<Record<string, unknown>>;

/** A repetition of a point. */
export interface RequestedRun {
  readonly seed: number;
  /** The stages whose files belong to it. */
  readonly evaluate: string;
  readonly train: string;
  /** For each outer fold, the evaluate stage of the trainings that never saw its clips. */
  readonly inner: readonly { readonly fold: number; readonly evaluate: string }[];
}

/** What could not be computed. */
export interface FailedPoint {
  readonly label: string;
  readonly parameters: Parameters;
  readonly seed: number;
  readonly stage: string;
  readonly message: string;
  /** The command that runs it alone. */
  readonly rerun: string;
}

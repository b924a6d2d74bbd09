/** In which test fold each clip is, and where in it; one entry for each clip, in the clips' order. */
export interface Assignment {
  /** 1 to folds. */
  readonly fold: Int32Array;
  /** 0 to the fold's size - 1, each once. */
  readonly position: Int32Array;
}

/** Numbers the clips of each fold in the order in which `order` names them. */
export function numbered(fold: Int32Array, order: readonly number[]): Assignment {
  const position = new Int32Array(fold.length);
  const sizes = new Map<number, number>();
  for (const clip of order) {
    const size = sizes.get(fold[clip]!) ?? 0;
    position[clip] = size;
    sizes.set(fold[clip]!, size + 1);
  }
  return { fold, position };
}

/**
 * How many speakers have clips in more than one fold: a model tested on them has heard them before.
 *
 * @param speakers speaker of each clip
 * @param fold fold of each clip
 */
export function countSharedSpeakers(speakers: readonly string[], fold: ArrayLike<number>): number {
  const firstFold = new Map<string, number>();
  const shared = new Set<string>();
  speakers.forEach((speaker, clip) => {
    const first = firstFold.get(speaker);
    if (first === undefined) firstFold.set(speaker, fold[clip]!);
    else if (first !== fold[clip]) shared.add(speaker);
  });
  return shared.size;
}

/**
 * The folds that lack a class, in order of fold, then class.
 *
 * @param labels label of each clip, 0 to classes - 1
 * @param fold fold of each clip, 1 to folds
 */
export function foldsWithoutClass(
  labels: ArrayLike<number>,
  fold: ArrayLike<number>,
  folds: number,
  classes: number,
): readonly { readonly fold: number; readonly label: number }[] {
  const counts = new Int32Array(folds * classes);
  for (let clip = 0; clip < labels.length; clip++) {
    counts[(fold[clip]! - 1) * classes + labels[clip]!]! += 1;
  }
  return Array.from(counts, (count, cell) => ({
    count,
    fold: Math.floor(cell / classes) + 1,
    label: cell % classes,
  }))
    .filter(({ count }) => count === 0)
    .map((cell) => ({ fold: cell.fold, label: cell.label }));
}

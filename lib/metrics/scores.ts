/**
 * What a confusion matrix says of a classifier. All values lie in [0, 1].
 *
 * The field's names, not those of the paper, which calls accuracy "unweighted" and the mean of the
 * recalls "weighted". A quotient without a denominator is 0, as scikit-learn's `zero_division=0`.
 */
export interface Scores {
  /** Weighted accuracy: the share of clips that were called right. */
  readonly wa: number;
  /** Unweighted average recall: the mean of `recall` over the classes that occur in the truth. */
  readonly uar: number;
  /** Every prediction is of one and the same class. */
  readonly collapsed: boolean;
  /** Of the clips of each class, the share called so; 0 for a class without clips. */
  readonly recall: Float64Array;
  /** Of the clips called each class, the share that are; 0 for a class that was never called. */
  readonly precision: Float64Array;
  /** Harmonic mean of recall and precision; 0 where both are 0. */
  readonly f1: Float64Array;
}

/**
 * Scores of a confusion matrix.
 *
 * A class that does not occur in the truth has recall 0 and is left out of the UAR (it would
 * otherwise lower it by a share that nobody could have called right); predictions of it still count
 * as wrong.
 *
 * @param confusion classes x classes counts, truth-major, of at least one clip
 * @throws RangeError for another size, or without any clip
 */
export function scoresOf(confusion: Int32Array, classes: number): Scores {
  if (confusion.length !== classes * classes) {
    throw new RangeError(`${confusion.length} cells are no matrix of ${classes} classes`);
  }
  const recall = new Float64Array(classes);
  const precision = new Float64Array(classes);
  const f1 = new Float64Array(classes);
  let clips = 0;
  let right = 0;
  let occurring = 0;
  let recallSum = 0;
  let predictedClasses = 0;
  for (let c = 0; c < classes; c++) {
    let ofClass = 0;
    let called = 0;
    for (let other = 0; other < classes; other++) {
      ofClass += confusion[c * classes + other]!;
      called += confusion[other * classes + c]!;
    }
    const hits = confusion[c * classes + c]!;
    recall[c] = share(hits, ofClass);
    precision[c] = share(hits, called);
    f1[c] = share(2 * hits, ofClass + called);
    clips += ofClass;
    right += hits;
    if (ofClass > 0) {
      occurring += 1;
      recallSum += recall[c]!;
    }
    if (called > 0) predictedClasses += 1;
  }
  if (clips === 0) throw new RangeError('there are no scores of no clips');
  return {
    wa: right / clips,
    uar: recallSum / occurring,
    collapsed: predictedClasses === 1,
    recall,
    precision,
    f1,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

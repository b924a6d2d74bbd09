/**
 * Counts of clips by true and predicted class.
 *
 * @param truth label of each clip, 0 to classes - 1
 * @param predicted predicted label of each clip, as long as `truth`
 * @param classes number of classes
 * @returns classes x classes counts, truth-major: `[t * classes + p]` clips of class t were called p
 * @throws RangeError if the lengths differ or a label is no class
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): Int32Array {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} true labels, but ${predicted.length} predicted ones`);
  }
  const confusion = new Int32Array(classes * classes);
  for (let i = 0; i < truth.length; i++) {
    confusion[labelAt(truth, i, classes) * classes + labelAt(predicted, i, classes)]! += 1;
  }
  return confusion;
}

function labelAt(labels: ArrayLike<number>, index: number, classes: number): number {
  const label = labels[index]!;
  if (!Number.isInteger(label) || label < 0 || label >= classes) {
    throw new RangeError(`label ${label} at ${index} is none of 0 to ${classes - 1}`);
  }
  return label;
}

import { exp, log } from '../math/portable.ts';

/** A multinomial (softmax) logistic regression. */
export interface LogisticModel {
  readonly classes: number;
  readonly columns: number;
  /** classes x columns, row-major. */
  readonly weights: Float64Array;
  /** One for each class; they sum to 0. */
  readonly intercepts: Float64Array;
}

export interface LogisticData {
  /** rows x columns, row-major. */
  readonly features: Float64Array;
  readonly columns: number;
  /** Label of each row, 0 to classes - 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** Newton doubles the right digits at each step near the end, so a step this small is the last. */
const LAST_STEP = 1e-9;
const MOST_STEPS = 100;

/**
 * Fits by Newton's method from zero, to convergence, what scikit-learn's `LogisticRegression`
 * minimises: 0.5 |W|^2 + c * sum over rows of (weight of the row * cross-entropy). The intercepts
 * are not penalised, and sum to zero.
 *
 * @param c inverse strength of the penalty, above 0
 * @param rowWeights one for each row, above 0; all 1 by default; see `balancedWeights`
 * @throws RangeError for lengths that do not fit, a value that is not finite, a label that is
 *   no class, or a class without rows (its intercept would run to minus infinity)
 */
export function fitLogistic(
  data: LogisticData,
  c: number,
  rowWeights: Float64Array = new Float64Array(data.labels.length).fill(1),
): LogisticModel {
  check(data, c, rowWeights);
  const { classes, columns } = data;
  // theta: classes x (columns + 1), the intercept last.
  const stride = columns + 1;
  let theta = new Float64Array(classes * stride);
  let point = evaluate(data, c, rowWeights, theta);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = solvePositiveDefinite(point.hessian, point.gradient);
    const largest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // The full step overshoots only far from the minimum; rounding may raise the loss by a hair.
    const ceiling = point.loss + 1e-12 * Math.abs(point.loss);
    let scale = 1;
    let next = theta.map((value, i) => value - direction[i]!);
    let nextPoint = evaluate(data, c, rowWeights, next);
    while (nextPoint.loss > ceiling && largest * scale > LAST_STEP) {
      scale /= 2;
      const halved = scale;
      next = theta.map((value, i) => value - halved * direction[i]!);
      nextPoint = evaluate(data, c, rowWeights, next);
    }
    theta = next;
    point = nextPoint;
    if (largest <= LAST_STEP) return unpack(theta, classes, columns);
  }
  throw new Error(`logistic regression did not converge in ${MOST_STEPS} Newton steps`);
}

/**
 * Probabilities of each class for each row.
 *
 * @param features rows x columns, row-major
 * @returns rows x classes, row-major
 * @throws RangeError if `features` is not a whole number of rows
 */
export function predictLogistic(model: LogisticModel, features: Float64Array): Float64Array {
  const { classes, columns, weights, intercepts } = model;
  const rows = features.length / columns;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`${features.length} values are no rows of ${columns}`);
  }
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const logits = probabilities.subarray(row * classes, (row + 1) * classes);
    for (let k = 0; k < classes; k++) {
      let sum = intercepts[k]!;
      for (let j = 0; j < columns; j++) {
        sum += weights[k * columns + j]! * features[row * columns + j]!;
      }
      logits[k] = sum;
    }
    softmax(logits);
  }
  return probabilities;
}

/**
 * Row weights that let every class count alike: rows / (classes * rows of the class), scikit-learn's
 * `class_weight='balanced'`. They average 1.
 */
export function balancedWeights(labels: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row]!]! += 1;
  return Float64Array.from(labels, (label) => labels.length / (classes * counts[label]!));
}

interface Point {
  readonly loss: number;
  /** classes x (columns + 1). */
  readonly gradient: Float64Array;
  /** The square of that, row-major. */
  readonly hessian: Float64Array;
}

/** The objective, its gradient and its Hessian at `theta`. */
function evaluate(
  { features, columns, labels, classes }: LogisticData,
  c: number,
  rowWeights: Float64Array,
  theta: Float64Array,
): Point {
  const stride = columns + 1;
  const size = theta.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(stride).fill(1);
  const p = new Float64Array(classes);
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    for (let j = 0; j < columns; j++) x[j] = features[row * columns + j]!;
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let j = 0; j < stride; j++) sum += theta[k * stride + j]! * x[j]!;
      p[k] = sum;
    }
    const label = labels[row]!;
    const weight = c * rowWeights[row]!;
    const labelLogit = p[label]!;
    loss += weight * (softmax(p) - labelLogit);
    for (let k = 0; k < classes; k++) {
      const residual = weight * (p[k]! - (k === label ? 1 : 0));
      for (let j = 0; j < stride; j++) gradient[k * stride + j]! += residual * x[j]!;
      for (let other = 0; other < classes; other++) {
        const curvature = weight * p[k]! * ((k === other ? 1 : 0) - p[other]!);
        for (let j = 0; j < stride; j++) {
          const at = (k * stride + j) * size + other * stride;
          for (let i = 0; i < stride; i++) hessian[at + i]! += curvature * x[j]! * x[i]!;
        }
      }
    }
  }
  for (let k = 0; k < classes; k++) {
    for (let j = 0; j < columns; j++) {
      const at = k * stride + j;
      loss += 0.5 * theta[at]! * theta[at]!;
      gradient[at]! += theta[at]!;
      hessian[at * size + at]! += 1;
    }
    // Adding one number to all intercepts changes nothing, so the Hessian is flat that way. Any
    // curvature there will do: the gradient has no part in it, and their sum stays where it began.
    const intercept = k * stride + columns;
    for (let other = 0; other < classes; other++) {
      hessian[intercept * size + other * stride + columns]! += 1;
    }
  }
  return { loss, gradient, hessian };
}

/** Turns logits into probabilities in place; returns the logarithm of the sum of exponentials. */
function softmax(logits: Float64Array): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = exp(logits[k]! - most);
    sum += logits[k]!;
  }
  for (let k = 0; k < logits.length; k++) logits[k]! /= sum;
  return most + log(sum);
}

/** Solves A x = b for a symmetric positive definite A (n x n) by its Cholesky factor. */
function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}

function check(data: LogisticData, c: number, rowWeights: Float64Array): void {
  const { features, columns, labels, classes } = data;
  if (features.length !== labels.length * columns || rowWeights.length !== labels.length) {
    throw new RangeError(
      `${labels.length} labels, ${features.length} values in ` +
        `${columns} columns, ${rowWeights.length} weights`,
    );
  }
  if (!(c > 0 && Number.isFinite(c))) throw new RangeError(`c must be above 0, not ${c}`);
  if (!features.every(Number.isFinite)) throw new RangeError('a feature is not finite');
  const counts = new Int32Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (counts[label] === undefined) throw new RangeError(`label ${label} is no class`);
    counts[label] += 1;
  }
  const without = counts.indexOf(0);
  if (without >= 0) throw new RangeError(`class ${without} has no rows`);
}

function unpack(theta: Float64Array, classes: number, columns: number): LogisticModel {
  const weights = new Float64Array(classes * columns);
  const intercepts = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    const at = k * (columns + 1);
    weights.set(theta.subarray(at, at + columns), k * columns);
    intercepts[k] = theta[at + columns]!;
  }
  return { classes, columns, weights, intercepts };
}

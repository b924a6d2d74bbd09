/** beta1, beta2 as Kingma and Ba (2015) recommend; epsilon as Keras has it, which the authors used. */
const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
export const EPSILON = 1e-7;

/** An optimiser over one flat list of parameters. */
export interface Optimiser {
  /** Changes `values` in place. */
  readonly step: (values: Float32Array, gradient: Float32Array) => void;
}

/**
 * Adam (Kingma and Ba, 2015, algorithm 1). Over flat arrays and not TF.js's own, which starts some
 * ten operations for each parameter tensor: that took longer than the paper's convolutions.
 *
 * @param size how many parameters there are
 */
export function adam(size: number, learningRate: number): Optimiser {
  const mean = new Float32Array(size);
  const square = new Float32Array(size);
  let meanDecayed = 1;
  let squareDecayed = 1;
  return {
    step: (values, gradient) => {
      meanDecayed *= MEAN_DECAY;
      squareDecayed *= SQUARE_DECAY;
      for (let i = 0; i < size; i++) {
        const g = gradient[i]!;
        const m = MEAN_DECAY * mean[i]! + (1 - MEAN_DECAY) * g;
        const v = SQUARE_DECAY * square[i]! + (1 - SQUARE_DECAY) * g * g;
        mean[i] = m;
        square[i] = v;
        const unbiasedMean = m / (1 - meanDecayed);
        const unbiasedSquare = v / (1 - squareDecayed);
        values[i] =
          values[i]! - (learningRate * unbiasedMean) / (Math.sqrt(unbiasedSquare) + EPSILON);
      }
    },
  };
}

// @ts-check

/**
 * The arithmetic of the two networks, counted: a multiplication and an addition are two operations.
 * Convolutions and dense layers only; activations, pooling, norms and the optimiser are left out, as is
 * usual, though they take time.
 *
 * @typedef {object} Layer
 * @property {number} positions outputs of one channel for one clip
 * @property {number} inputs numbers that each output is a sum of
 * @property {number} outputs channels
 */

/** batch 51, 259 frames; the layers of experiments/paper.yaml @type {readonly Layer[]} */
const paper = [
  { positions: 63, inputs: 11 * 1, outputs: 5 },
  { positions: 27, inputs: 5 * 5, outputs: 10 },
  { positions: 11, inputs: 3 * 10, outputs: 20 },
  { positions: 9, inputs: 3 * 20, outputs: 30 },
  { positions: 4, inputs: 30, outputs: 30 },
  { positions: 4, inputs: 30, outputs: 1 },
  { positions: 1, inputs: 30, outputs: 4 },
];

/** batch 32, 150 frames x 64 bands: the network that hears the spectrogram @type {readonly Layer[]} */
const hearing = [
  { positions: 75 * 32, inputs: 25 * 1, outputs: 16 },
  { positions: 37 * 16, inputs: 9 * 16, outputs: 32 },
  { positions: 37 * 16, inputs: 9 * 32, outputs: 48 },
  { positions: 18 * 8, inputs: 9 * 48, outputs: 64 },
  { positions: 18 * 4, inputs: 9 * 64, outputs: 64 },
  { positions: 18 * 4, inputs: 64, outputs: 64 },
  { positions: 18 * 4, inputs: 64, outputs: 1 },
  { positions: 1, inputs: 64, outputs: 4 },
];

/** The networks by name, with the operations of one training step. */
export const networks = {
  paper: { words: "the paper's network, batch 51", flop: 51 * flopOf(paper) },
  hearing: { words: 'two-dimensional, 150 x 64, batch 32', flop: 32 * flopOf(hearing) },
};

/**
 * Forward, the gradient by the weights, and by the input (which the first layer needs not).
 *
 * @param {readonly Layer[]} layers
 */
function flopOf(layers) {
  return layers.reduce(
    (sum, { positions, inputs, outputs }, index) =>
      sum + (index === 0 ? 2 : 3) * 2 * positions * inputs * outputs,
    0,
  );
}

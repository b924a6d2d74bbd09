import { EPSILON } from '../adam.ts';
import { rowsOf } from '../rows.ts';
import type { Clips, Evaluation, Trainer, TrainerRequest } from '../trainer.ts';
import { planNetwork, type PlannedNetwork } from './network.ts';
import { adam } from './optimiser.ts';

/** Steps of the paper's network take half a millisecond, so a turn comes every few milliseconds. */
const NUMBERS_PER_TURN = 200_000;

/**
 * Trains on the project's own engine.
 *
 * @throws NoPositionError where the layers leave no position
 * @throws ModelError `attention-without-layers`
 */
export function engineTrainer(request: TrainerRequest): Trainer {
  const { architecture, attention, weights, learningRate } = request;
  const { frames, batch } = architecture;
  const network = planNetwork(architecture, attention);
  const { plan, loss } = network;
  plan.load(weights.weights);
  const move = adam(plan, { learningRate, epsilon: EPSILON });
  const labels = new Int32Array(batch);

  const put = (clips: Clips, rows: readonly number[]): void => {
    rows.forEach((row, place) => {
      network.entrance.put(place, clips.values.subarray(row * frames, (row + 1) * frames));
      labels[place] = clips.labels[row]!;
    });
    loss.setLabels(labels);
  };
  return {
    step: (clips, rows) => {
      put(clips, rows);
      plan.forward(rows.length, true);
      plan.backward(rows.length);
      move();
      return {
        loss: loss.value(),
        probabilities: loss.probabilities(rows.length),
        predicted: loss.predicted(rows.length),
      };
    },
    evaluate: (clips) => evaluate(network, clips, batch, put),
    weights: () => {
      const saved = new Map(plan.save().map(({ name, values: own }) => [name, own]));
      return weights.weights.map((weight) => ({ ...weight, values: saved.get(weight.name)! }));
    },
    stepsPerTurn: Math.max(1, Math.round(NUMBERS_PER_TURN / (batch * frames))),
  };
}

function evaluate(
  { plan, loss, alpha, positions }: PlannedNetwork,
  clips: Clips,
  batch: number,
  put: (clips: Clips, rows: readonly number[]) => void,
): Evaluation {
  const count = clips.labels.length;
  const predicted = new Int32Array(count);
  const probabilities: Float32Array[] = [];
  const attention: Float32Array[] = [];
  for (let start = 0; start < count; start += batch) {
    const rows = Array.from({ length: Math.min(batch, count - start) }, (_, i) => start + i);
    put(clips, rows);
    plan.forward(rows.length, false);
    predicted.set(loss.predicted(rows.length), start);
    probabilities.push(...rowsOf(loss.probabilities(rows.length), rows.length));
    const weights =
      alpha === null ? new Float32Array() : plan.arena.floats(alpha, rows.length * positions);
    attention.push(...rowsOf(weights, rows.length));
  }
  return { predicted, probabilities, attention };
}

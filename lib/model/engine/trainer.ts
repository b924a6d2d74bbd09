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

  // Made once: fifty new views a step are work for the garbage collector, beside the training's own.
  const views = new WeakMap<Clips, readonly Float32Array[]>();
  const viewsOf = (clips: Clips): readonly Float32Array[] => {
    const known = views.get(clips);
    if (known !== undefined) return known;
    const made = eachClip(clips, frames);
    views.set(clips, made);
    return made;
  };
  const put = (clips: Clips, rows: readonly number[]): void => {
    const each = viewsOf(clips);
    rows.forEach((row, place) => {
      network.entrance.put(place, each[row]!);
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
      return { loss: loss.value(), predicted: loss.predicted(rows.length) };
    },
    predict: (clips) => predict(network, clips, batch, put),
    evaluate: (clips) => evaluate(network, clips, batch, put),
    weights: () => {
      const saved = new Map(plan.save().map(({ name, values: own }) => [name, own]));
      return weights.weights.map((weight) => ({ ...weight, values: saved.get(weight.name)! }));
    },
    stepsPerTurn: Math.max(1, Math.round(NUMBERS_PER_TURN / (batch * frames))),
  };
}

function eachClip({ values, labels }: Clips, frames: number): readonly Float32Array[] {
  return Array.from(labels, (_, row) => values.subarray(row * frames, (row + 1) * frames));
}

function predict(
  { plan, loss }: PlannedNetwork,
  clips: Clips,
  batch: number,
  put: (clips: Clips, rows: readonly number[]) => void,
  after: (count: number) => void = () => undefined,
): Int32Array {
  const count = clips.labels.length;
  const predicted = new Int32Array(count);
  for (let start = 0; start < count; start += batch) {
    const rows = Array.from({ length: Math.min(batch, count - start) }, (_, i) => start + i);
    put(clips, rows);
    plan.forward(rows.length, false);
    predicted.set(loss.predicted(rows.length), start);
    after(rows.length);
  }
  return predicted;
}

function evaluate(
  network: PlannedNetwork,
  clips: Clips,
  batch: number,
  put: (clips: Clips, rows: readonly number[]) => void,
): Evaluation {
  const { plan, loss, alpha, positions } = network;
  const probabilities: Float32Array[] = [];
  const attention: Float32Array[] = [];
  const predicted = predict(network, clips, batch, put, (count) => {
    probabilities.push(...rowsOf(loss.probabilities(count), count));
    const weights =
      alpha === null ? new Float32Array() : plan.arena.floats(alpha, count * positions);
    attention.push(...rowsOf(weights, count));
  });
  return { predicted, probabilities, attention };
}

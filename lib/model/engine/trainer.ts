import { EPSILON } from '../adam.ts';
import { rowsOf } from '../rows.ts';
import type { Clips, Evaluation, Trainer, TrainerRequest } from '../trainer.ts';
import type { Weight } from '../weights.ts';
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
  return new EngineTrainer(request);
}

/** A class, like all that works in a step, so that V8 compiles it once and not for each training. */
class EngineTrainer implements Trainer {
  readonly stepsPerTurn: number;
  readonly #request: TrainerRequest;
  readonly #network: PlannedNetwork;
  readonly #move: () => void;
  readonly #labels: Int32Array;
  // Made once: fifty new views a step are work for the garbage collector, beside the training's own.
  readonly #views = new WeakMap<Clips, readonly Float32Array[]>();

  constructor(request: TrainerRequest) {
    const { architecture, attention, weights, learningRate } = request;
    const { frames, batch } = architecture;
    this.#request = request;
    this.#network = planNetwork(architecture, attention);
    this.#network.plan.load(weights.weights);
    this.#move = adam(this.#network.plan, { learningRate, epsilon: EPSILON });
    this.#labels = new Int32Array(batch);
    this.stepsPerTurn = Math.max(1, Math.round(NUMBERS_PER_TURN / (batch * frames)));
  }

  step(clips: Clips, rows: readonly number[]): ReturnType<Trainer['step']> {
    const { plan, loss } = this.#network;
    this.#put(clips, rows);
    plan.forward(rows.length, true);
    plan.backward(rows.length);
    this.#move();
    return { loss: loss.value(), predicted: loss.predicted(rows.length) };
  }

  predict(clips: Clips): Int32Array {
    const predicted = new Int32Array(clips.labels.length);
    for (const { start, count } of this.#batches(clips)) {
      predicted.set(this.#network.loss.predicted(count), start);
    }
    return predicted;
  }

  evaluate(clips: Clips): Evaluation {
    const { plan, loss, alpha, positions } = this.#network;
    const predicted = new Int32Array(clips.labels.length);
    const probabilities: Float32Array[] = [];
    const attention: Float32Array[] = [];
    for (const { start, count } of this.#batches(clips)) {
      predicted.set(loss.predicted(count), start);
      probabilities.push(...rowsOf(loss.probabilities(count), count));
      const weights =
        alpha === null ? new Float32Array() : plan.arena.floats(alpha, count * positions);
      attention.push(...rowsOf(weights, count));
    }
    return { predicted, probabilities, attention };
  }

  weights(): readonly Weight[] {
    const saved = new Map(this.#network.plan.save().map(({ name, values: own }) => [name, own]));
    return this.#request.weights.weights.map((weight) => ({
      ...weight,
      values: saved.get(weight.name)!,
    }));
  }

  /** Runs the network over clips in the list's order. @returns of each batch its first clip and its clips */
  *#batches(clips: Clips): Generator<{ readonly start: number; readonly count: number }> {
    const all = clips.labels.length;
    const { batch } = this.#request.architecture;
    for (let start = 0; start < all; start += batch) {
      const count = Math.min(batch, all - start);
      const rows = Array.from({ length: count }, (_, i) => start + i);
      this.#put(clips, rows);
      this.#network.plan.forward(count, false);
      yield { start, count };
    }
  }

  #put(clips: Clips, rows: readonly number[]): void {
    const { entrance, loss } = this.#network;
    const each = this.#viewsOf(clips);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      entrance.put(place, each[row]!);
      this.#labels[place] = clips.labels[row]!;
    }
    loss.setLabels(this.#labels);
  }

  #viewsOf(clips: Clips): readonly Float32Array[] {
    const known = this.#views.get(clips);
    if (known !== undefined) return known;
    const { frames } = this.#request.architecture;
    const made = Array.from(clips.labels, (_, row) =>
      clips.values.subarray(row * frames, (row + 1) * frames),
    );
    this.#views.set(clips, made);
    return made;
  }
}

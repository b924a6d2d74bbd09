import type { Arena } from './arena.ts';
import type { Plan } from './plan.ts';
import { sizeOfShape, type Grid, type Shape, type Signal } from './signal.ts';

/** Where clips enter a network. */
export class Entrance {
  /** In a full batch. */
  readonly clips: number;
  /** Numbers in a clip. */
  readonly size: number;
  readonly #arena: Arena;
  readonly #shape: Shape;
  readonly #grid: Grid;
  #numbers = new Float32Array() as Float32Array;

  /** @param plan is built */
  constructor(plan: Plan, signal: Signal) {
    this.clips = plan.clips;
    this.size = sizeOfShape(signal.shape);
    this.#arena = plan.arena;
    this.#shape = signal.shape;
    this.#grid = plan.valuesOf(signal);
  }

  /** Puts a clip's numbers, rows x columns x channels, in a place of the batch. */
  put(place: number, clip: Float32Array): void {
    const { address, clip: step, row: rowStep } = this.#grid;
    const { height, width, channels } = this.#shape;
    // The memory has grown, or this is the first clip.
    if (this.#numbers.length === 0) {
      this.#numbers = this.#arena.floats(0, this.#arena.memory.buffer.byteLength / 4);
    }
    const row = width * channels;
    for (let i = 0; i < height; i++) {
      const to = address + place * step + i * rowStep;
      this.#numbers.set(clip.subarray(i * row, (i + 1) * row), to / 4);
    }
  }
}

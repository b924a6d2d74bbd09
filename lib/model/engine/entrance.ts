import type { Plan } from './plan.ts';
import { sizeOfShape, type Signal } from './signal.ts';

/** Where clips enter a network. */
export interface Entrance {
  readonly clips: number;
  /** Numbers in a clip. */
  readonly size: number;
  /** Puts a clip's numbers, rows x columns x channels, in a place of the batch. */
  readonly put: (place: number, clip: Float32Array) => void;
}

/** The entrance of a plan that is built. */
export function entranceOf(plan: Plan, input: Signal): Entrance {
  const { height, width, channels } = input.shape;
  const grid = plan.valuesOf(input);
  const numbers = plan.arena.floats(0, plan.arena.memory.buffer.byteLength / 4);
  const row = width * channels;
  return {
    clips: plan.clips,
    size: sizeOfShape(input.shape),
    put: (place, clip) => {
      for (let i = 0; i < height; i++) {
        const to = grid.address + place * grid.clip + i * grid.row;
        numbers.set(clip.subarray(i * row, (i + 1) * row), to / 4);
      }
    },
  };
}

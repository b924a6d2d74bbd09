import type { Plan } from './plan.ts';
import type { Grid } from './signal.ts';

/** A table of addresses for each clip of a batch, told by the first clip's. */
export class ClipTable {
  readonly #starts: number[] = [];
  readonly #steps: number[] = [];

  /** How many numbers a clip has. */
  get length(): number {
    return this.#starts.length;
  }

  /** The first clip's first number. */
  get first(): number {
    return this.#starts[0]!;
  }

  /** @param start the first clip's number; @param step what is added from one clip to the next */
  add(start: number, step: number): void {
    this.#starts.push(start);
    this.#steps.push(step);
  }

  /** The address of a position in a grid. */
  addPlace({ address, clip, row, column }: Grid, i: number, j: number): void {
    this.add(address + i * row + j * column, clip);
  }

  /**
   * Writes the numbers of all clips, once. All but the first clip's are a kernel's, since every process that
   * trains makes a plan: in JavaScript V8 spends longer on compiling the loops than on running them.
   *
   * @param behind what follows the last clip's numbers
   * @returns their address
   */
  lay({ arena, kernels, clips }: Plan, behind: readonly number[] = []): number {
    const total = clips * this.length;
    const address = arena.words(total + behind.length);
    const steps = arena.table(this.#steps);
    const numbers = new Uint32Array(arena.memory.buffer, address, total + behind.length);
    numbers.set(this.#starts);
    numbers.set(behind, total);
    kernels.layClips(address, steps, this.length, total);
    return address;
  }
}

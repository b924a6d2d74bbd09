import type { Weight } from '../weights.ts';
import { Arena } from './arena.ts';
import type { Kernels } from './kernels.ts';
import { panelsOf, type Panels } from './panels.ts';
import { layGrid, type Grid, type Signal } from './signal.ts';

/** What a layer does in a step; made once, with all addresses known. */
export interface LayerRun {
  /** @param clips of the batch; @param training whether statistics and masks are the training's */
  readonly forward: (clips: number, training: boolean) => void;
  /** After all layers behind it. Adds to the parameters' gradients, which were zero before the step. */
  readonly backward: (clips: number) => void;
}

/** A trained tensor; its numbers lie in panels where a convolution reads it. */
export interface PlanParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly panels: Panels | null;
  /** In numbers, from the first parameter's. */
  readonly offset: number;
}

/**
 * A network as a fixed list of kernel calls. Layers are declared from the input to the loss; then
 * `build` lays out every buffer once and makes the calls. Nothing is dispatched, allocated or traced
 * in a step.
 */
export class Plan {
  readonly kernels: Kernels;
  readonly arena: Arena;
  /** In a full batch; a step may have fewer. */
  readonly clips: number;
  private readonly parameters: PlanParameter[] = [];
  private readonly layers: (() => LayerRun)[] = [];
  private readonly values = new Map<Signal, Grid>();
  private readonly gradients = new Map<Signal, Grid>();
  private readonly written = new Set<Signal>();
  private size = 0;
  private readonly products = { forward: 0, backward: 0, computed: 0 };
  private blocks: Blocks | undefined;

  constructor(kernels: (memory: WebAssembly.Memory) => Kernels, clips: number) {
    this.arena = new Arena();
    this.kernels = kernels(this.arena.memory);
    this.clips = clips;
  }

  /** A tensor whose last dimension are the output channels of a convolution. */
  matrix(name: string, shape: readonly number[]): PlanParameter {
    const channels = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((size, side) => size * side, 1);
    return this.add(name, shape, panelsOf(rows, channels));
  }

  /** A tensor whose numbers lie in order. */
  vector(name: string, shape: readonly number[]): PlanParameter {
    return this.add(name, shape, null);
  }

  /** Appends a layer; `build` is called once, after the layers behind it. */
  layer(build: () => LayerRun): void {
    this.layers.push(build);
  }

  /**
   * Counts a layer's multiply-adds for one clip, for whoever measures speed: those of the sums that define
   * it, and those that are computed for it, both ways, which may be fewer.
   */
  countProducts({ forward, backward, computed = forward + backward }: LayerProducts): void {
    this.products.forward += forward;
    this.products.backward += backward;
    this.products.computed += computed;
  }

  /** Lays out the parameters and makes all layers' calls. */
  build(): BuiltPlan {
    const block = (): number => this.arena.words(this.size);
    const blocks = { values: block(), gradient: block(), mean: block(), square: block() };
    this.blocks = blocks;
    // from the last: who writes a gradient first stores it, who writes it later adds
    const runs = this.layers.toReversed().map((build) => build());
    const forwards = runs.toReversed().map(({ forward }) => forward);
    const backwards = runs.map(({ backward }) => backward);
    return {
      kernels: this.kernels,
      arena: this.arena,
      blocks: { ...blocks, size: this.size },
      parameters: this.parameters,
      products: this.products,
      forward: (clips, training) => {
        for (const forward of forwards) forward(clips, training);
      },
      backward: (clips) => {
        this.arena.floats(blocks.gradient, this.size).fill(0);
        for (const backward of backwards) backward(clips);
      },
      load: (weights) => {
        for (const parameter of this.parameters) this.load(parameter, weights);
      },
      save: () => this.parameters.map((parameter) => this.save(parameter, blocks.values)),
      saveGradient: () => this.parameters.map((parameter) => this.save(parameter, blocks.gradient)),
    };
  }

  /** While building: where a signal's numbers lie. */
  valuesOf(signal: Signal): Grid {
    const { shape, border } = signal;
    return laid(this.values, signal, () => layGrid(this.arena, this.clips, shape, border));
  }

  /** While building: where the gradient by a signal lies. */
  gradientOf(signal: Signal): Grid {
    const { border, stride } = signal.gradientLayout;
    return laid(this.gradients, signal, () =>
      layGrid(this.arena, this.clips, signal.shape, border, stride),
    );
  }

  /** While building: whether nobody has claimed to write this gradient before; the next must add. */
  isFirstToWrite(signal: Signal): boolean {
    const first = !this.written.has(signal);
    this.written.add(signal);
    return first;
  }

  /** While building: where a parameter and its gradient lie. */
  addressOf({ offset }: PlanParameter): { readonly value: number; readonly gradient: number } {
    if (this.blocks === undefined) throw new Error('Internal error: the plan is not being built');
    const { values, gradient } = this.blocks;
    return { value: values + 4 * offset, gradient: gradient + 4 * offset };
  }

  private add(name: string, shape: readonly number[], panels: Panels | null): PlanParameter {
    const count = panels?.size ?? sizeOf(shape);
    const parameter = { name, shape, panels, offset: this.size };
    // whole lines, so that a vector of the kernels never holds numbers of two parameters to be stored
    this.size += Math.ceil(count / 16) * 16;
    this.parameters.push(parameter);
    return parameter;
  }

  private load({ name, shape, panels, offset }: PlanParameter, weights: readonly Weight[]): void {
    const weight = weights.find((candidate) => candidate.name === name);
    if (weight?.values.length !== sizeOf(shape)) {
      const got = weight === undefined ? 'none' : `one of ${weight.shape.join(' x ')}`;
      throw new Error(
        `Internal error: the plan wants a weight ${name} of ${shape.join(' x ')} and was given ${got}`,
      );
    }
    const to = this.arena.floats(this.blocks!.values + 4 * offset, panels?.size ?? sizeOf(shape));
    weight.values.forEach((value, i) => (to[placeOf(panels, i)] = value));
  }

  private save({ name, shape, panels, offset }: PlanParameter, block: number): Weight {
    const from = this.arena.floats(block + 4 * offset, panels?.size ?? sizeOf(shape));
    const values = Float32Array.from(
      { length: sizeOf(shape) },
      (_, i) => from[placeOf(panels, i)]!,
    );
    return { name, shape, values };
  }
}

interface LayerProducts {
  readonly forward: number;
  readonly backward: number;
  readonly computed?: number;
}

/** A network that is ready to run. */
export interface BuiltPlan {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly blocks: Blocks & { readonly size: number };
  /** In the order in which the layers declared them. */
  readonly parameters: readonly PlanParameter[];
  /** Multiply-adds of convolutions and dense layers for one clip, without padding. */
  readonly products: Required<LayerProducts>;
  readonly forward: (clips: number, training: boolean) => void;
  /** Gradients by all parameters, after `forward` of the same clips. */
  readonly backward: (clips: number) => void;
  /** Sets the parameters by their names. @throws Error where one is missing or of another size */
  readonly load: (weights: readonly Weight[]) => void;
  /** A copy of the parameters. */
  readonly save: () => readonly Weight[];
  /** A copy of the latest gradients by the parameters. */
  readonly saveGradient: () => readonly Weight[];
}

/** Addresses of the parameters, their gradients, and Adam's two moments, laid out alike. */
export interface Blocks {
  readonly values: number;
  readonly gradient: number;
  readonly mean: number;
  readonly square: number;
}

function laid(grids: Map<Signal, Grid>, signal: Signal, lay: () => Grid): Grid {
  const known = grids.get(signal);
  if (known !== undefined) return known;
  const grid = lay();
  grids.set(signal, grid);
  return grid;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

function placeOf(panels: Panels | null, index: number): number {
  if (panels === null) return index;
  return panels.place(Math.floor(index / panels.channels), index % panels.channels);
}

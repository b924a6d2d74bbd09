import type { Weight } from '../weights.ts';
import { Arena } from './arena.ts';
import type { Kernels } from './kernels.ts';
import { Recorder, type Pass } from './program.ts';
import { Panels } from './panels.ts';
import { layGrid, type Grid, type Signal } from './signal.ts';

/** What a layer does in a step; made once, with all addresses known. */
export interface LayerRun {
  /** It computes in JavaScript between kernels, and is called in each step; others are recorded once. */
  readonly inJavaScript?: true;
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
  /** For layers: called in a pass, they are recorded. */
  readonly kernels: Kernels;
  readonly arena: Arena;
  private readonly own: Kernels;
  private readonly recorder: Recorder;
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
    this.own = kernels(this.arena.memory);
    this.recorder = new Recorder(this.own, this.arena);
    this.kernels = this.recorder.kernels;
    this.clips = clips;
  }

  /** A tensor whose last dimension are the output channels of a convolution. */
  matrix(name: string, shape: readonly number[]): PlanParameter {
    const channels = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((size, side) => size * side, 1);
    return this.add(name, shape, new Panels(rows, channels));
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
    const forward = (inTraining: boolean): Passes =>
      new Passes((clips) =>
        this.recorder.record(
          runs.toReversed().map((layer) => ({
            run: () => {
              layer.forward(clips, inTraining);
            },
            inJavaScript: layer.inJavaScript === true,
          })),
        ),
      );
    const [training, inference] = [forward(true), forward(false)];
    const clear = (): void => {
      this.kernels.clear(blocks.gradient, 4 * this.size);
    };
    const back = new Passes((clips) =>
      this.recorder.record([
        { run: clear, inJavaScript: false },
        ...runs.map((layer) => ({
          run: () => {
            layer.backward(clips);
          },
          inJavaScript: layer.inJavaScript === true,
        })),
      ]),
    );
    return {
      kernels: this.own,
      arena: this.arena,
      blocks: { ...blocks, size: this.size },
      parameters: this.parameters,
      products: this.products,
      forward: (clips, inTraining) => {
        (inTraining ? training : inference).run(clips);
      },
      backward: (clips) => {
        back.run(clips);
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
    const { values } = weight;
    for (let i = 0; i < values.length; i++) to[placeOf(panels, i)] = values[i]!;
  }

  private save({ name, shape, panels, offset }: PlanParameter, block: number): Weight {
    const from = this.arena.floats(block + 4 * offset, panels?.size ?? sizeOf(shape));
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++) values[i] = from[placeOf(panels, i)]!;
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

/** A pass for each number of clips, recorded when it is first asked for. */
class Passes {
  readonly #record: (clips: number) => Pass;
  readonly #known: Pass[] = [];

  constructor(record: (clips: number) => Pass) {
    this.#record = record;
  }

  run(clips: number): void {
    (this.#known[clips] ??= this.#record(clips)).run();
  }
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

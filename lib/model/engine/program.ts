import type { Arena } from './arena.ts';
import type { Kernels } from './kernels.ts';

/** How an argument lies in a program: i32 and f32 in four bytes, f64 in eight. */
type Type = 'i' | 'f' | 'd';

/** The kernels that a program can call, in the order of their numbers, see kernels/program.ts. */
const CALLS: readonly (readonly [name: keyof Kernels, types: string])[] = [
  ['clear', 'ii'],
  ['convolve', 'iiiiiiiiiii'],
  ['convolveWeights', 'iiiiiiiiiiiii'],
  ['sumChannels', 'iiii'],
  ['gather', 'iii'],
  ['maxPool', 'iiiiiii'],
  ['maxPoolGradient', 'iiii'],
  ['rectifierGradient', 'iii'],
  ['tanh', 'iii'],
  ['tanhGradient', 'iii'],
  ['copy', 'iii'],
  ['weighPositions', 'iiidiiiii'],
  ['weighPositionsGradient', 'iiifiiiiiiiii'],
  ['weighClasses', 'iidiiii'],
  ['weighClassesGradient', 'iifiiiiii'],
  ['crossEntropy', 'iiiiidiii'],
  ['crossEntropyGradient', 'iiiiffii'],
  ['tileValues', 'iiiiiiii'],
  ['tileResults', 'iiiiiiiiiiii'],
  ['tileGradients', 'iiiiiiii'],
  ['tileWeights', 'iiiii'],
  ['tileWeightGradients', 'iiiii'],
];

/** Calls of kernels that lie in the arena, made in one go. */
interface Program {
  readonly at: number;
  readonly end: number;
}

/** A part of a pass: a program, or what has to be done in JavaScript. */
type Part = Program | (() => void);

/** A pass through a network. */
export class Pass {
  readonly #parts: readonly Part[];
  readonly #run: Kernels['run'];

  constructor(parts: readonly Part[], run: Kernels['run']) {
    this.#parts = parts;
    this.#run = run;
  }

  run(): void {
    const run = this.#run;
    for (const part of this.#parts) {
      if (typeof part === 'function') part();
      else run(part.at, part.end);
    }
  }
}

/**
 * Takes down the calls that layers make of kernels, so that a pass through a network is one call: V8 then
 * has no layer's code to compile, which took a training up to a tenth of a second.
 */
export class Recorder {
  /** The same kernels: taken down while a pass is recorded, called at once else. */
  readonly kernels: Kernels;
  readonly #own: Kernels;
  readonly #arena: Arena;
  #words: number[] | undefined;

  constructor(kernels: Kernels, arena: Arena) {
    this.#own = kernels;
    this.#arena = arena;
    const all = Object.keys(kernels) as (keyof Kernels)[];
    this.kernels = Object.fromEntries(all.map((name) => [name, this.#recorded(name)])) as never;
  }

  /**
   * @param layers in the order of the pass; those that compute in JavaScript are called each time, the
   *   others now, and never again
   * @returns the pass
   */
  record(layers: readonly { readonly run: () => void; readonly inJavaScript: boolean }[]): Pass {
    const parts: Part[] = [];
    try {
      for (const { run, inJavaScript } of layers) {
        if (inJavaScript) {
          this.#finish(parts);
          parts.push(run);
        } else {
          this.#words ??= [];
          run();
        }
      }
      this.#finish(parts);
    } finally {
      this.#words = undefined;
    }
    return new Pass(parts, this.#own.run);
  }

  #finish(parts: Part[]): void {
    const words = this.#words;
    this.#words = undefined;
    if (words === undefined || words.length === 0) return;
    const at = this.#arena.table(words);
    parts.push({ at, end: at + 4 * words.length });
  }

  #recorded(name: keyof Kernels): (...values: readonly number[]) => void {
    const own: (...values: number[]) => void = this.#own[name];
    const number = CALLS.findIndex(([known]) => known === name);
    const types = CALLS[number]?.[1];
    return (...values) => {
      if (this.#words === undefined) {
        own(...values);
        return;
      }
      if (types?.length !== values.length) {
        throw new Error(
          `Internal error: the kernel ${name} cannot be recorded, or not with ${values.length} numbers`,
        );
      }
      const words = values.flatMap((value, n) => wordsOf(value, types[n] as Type));
      this.#words.push(number, 4 * (words.length + 2), ...words);
    };
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** A number as words of 32 bits, in the order in which WebAssembly reads them. */
function wordsOf(value: number, type: Type): readonly number[] {
  switch (type) {
    case 'i':
      return [value];
    case 'f':
      scratch.setFloat32(0, value, true);
      return [scratch.getUint32(0, true)];
    case 'd':
      scratch.setFloat64(0, value, true);
      return [scratch.getUint32(0, true), scratch.getUint32(4, true)];
    default:
      return type satisfies never;
  }
}

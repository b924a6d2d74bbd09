import { inOrder } from './in-order.ts';

/**
 * Does one and the same work on many items, and yields the results in the items' order. The arrays of a
 * result are good until the next one is asked for.
 *
 * @typeParam Item made of what `structuredClone` takes. An array of numbers in it is handed over where it
 *   fills its buffer, and copied where it is a view of more; likewise in a result.
 */
export type Spreading<Item, Result> = (
  items: Iterable<Item> | AsyncIterable<Item>,
) => AsyncGenerator<Result, void, undefined>;

/**
 * Gives an array for a result, its numbers anything: where there is one of that length whose result is
 * done with, that one. Fresh memory for each would be most of the garbage of a stage.
 */
export type Recycle = (length: number) => Float32Array;

/** How a stage has its work done by several cores; see `Run.spread`. */
export type Spread = <Item, Result>(
  work: (item: Item, recycle: Recycle) => Result | Promise<Result>,
) => Spreading<Item, Result>;

/** Does the work where it is called, on one item after the other. */
export const spreadHere: Spread = (work) => (items) =>
  inOrder(items, { jobs: 1, ahead: 0 }, async (item) =>
    work(item, (length) => new Float32Array(length)),
  );

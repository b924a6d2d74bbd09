import { ClipTable } from '../clip-table.ts';
import type { LayerRun, Plan } from '../plan.ts';
import { positionsOf, signalOf, type Signal } from '../signal.ts';

/** Positions that a window spans, and from one window to the next. */
export interface PoolingOptions {
  readonly size: readonly [rows: number, columns: number];
  readonly strides: readonly [rows: number, columns: number];
}

/**
 * The largest of each window, without padding; its gradient goes to the first of the largest.
 *
 * @throws RangeError where no window fits
 */
export function maxPooling(plan: Plan, input: Signal, { size, strides }: PoolingOptions): Signal {
  const { channels } = input.shape;
  const height = Math.floor((input.shape.height - size[0]) / strides[0]) + 1;
  const width = Math.floor((input.shape.width - size[1]) / strides[1]) + 1;
  if (height < 1 || width < 1) {
    throw new RangeError(
      `a pool of ${size.join(' x ')} does not fit into ${String(input.shape.height)} x ${String(input.shape.width)}`,
    );
  }
  const output = signalOf({ height, width, channels }, { wanted: input.wanted });
  plan.layer(() => build(plan, input, output, { size, strides }));
  return output;
}

function build(
  plan: Plan,
  input: Signal,
  output: Signal,
  { size, strides }: PoolingOptions,
): LayerRun {
  const { kernels, arena } = plan;
  const { height, width, channels } = output.shape;
  const x = plan.valuesOf(input);
  const y = plan.valuesOf(output);
  const perClip = height * width;
  const tapCount = size[0] * size[1];
  const vectors = Math.ceil(channels / 4);
  const chosen = arena.words(plan.clips * perClip * 4 * vectors);
  const taps = arena.table(
    Array.from({ length: tapCount }, (_, tap) => {
      return Math.floor(tap / size[1]) * x.row + (tap % size[1]) * x.column;
    }),
  );
  const places = new ClipTable();
  for (const [i, j] of positionsOf(output.shape)) {
    places.addPlace(x, i * strides[0], j * strides[1]);
    places.addPlace(y, i, j);
  }
  const table = places.lay(plan);
  const rectified = input.rectified ? 1 : 0;
  const forward = (clips: number): void => {
    kernels.maxPool(table, clips * perClip, taps, tapCount, chosen, channels, rectified);
  };
  if (!input.wanted) return { forward, backward: () => undefined };

  if (!plan.isFirstToWrite(input)) {
    throw new Error('Internal error: a pooling reads its input alone');
  }
  const covers = Math.ceil(size[0] / strides[0]) * Math.ceil(size[1] / strides[1]);
  const windows = { size, strides, covers, chosen, vectors };
  const gradientTable = gradientEntries(plan, input, output, windows).lay(plan);
  const inputs = input.shape.height * input.shape.width;
  return {
    forward,
    backward: (clips) => {
      kernels.maxPoolGradient(gradientTable, clips * inputs, covers, channels);
    },
  };
}

interface Windows extends PoolingOptions {
  /** The most windows that a position stands in. */
  readonly covers: number;
  readonly chosen: number;
  /** Of four channels, in a position. */
  readonly vectors: number;
}

/** For each input position its gradient, and the windows that it stands in, as the kernel wants them. */
function gradientEntries(
  plan: Plan,
  input: Signal,
  output: Signal,
  { size, strides, covers, chosen, vectors }: Windows,
): ClipTable {
  const byX = plan.gradientOf(input);
  const byY = plan.gradientOf(output);
  const { height, width, channels } = output.shape;
  const zeros = plan.arena.words(4 * vectors + channels);
  const perClip = height * width * 16 * vectors;
  const entries = new ClipTable();
  for (const [i, j] of positionsOf(input.shape)) {
    entries.addPlace(byX, i, j);
    let left = covers;
    for (const row of covering(i, size[0], strides[0], height)) {
      for (const column of covering(j, size[1], strides[1], width)) {
        entries.addPlace(byY, row, column);
        entries.add(chosen + (row * width + column) * 16 * vectors, perClip);
        entries.add((i - row * strides[0]) * size[1] + (j - column * strides[1]), 0);
        left--;
      }
    }
    // nothing is chosen as tap 1 of a window of zeros
    for (; left > 0; left--) {
      entries.add(zeros, 0);
      entries.add(zeros, 0);
      entries.add(1, 0);
    }
  }
  return entries;
}

/** The windows of one dimension that a position stands in. */
function covering(position: number, size: number, stride: number, windows: number): number[] {
  const last = Math.min(windows - 1, Math.floor(position / stride));
  const covers: number[] = [];
  for (let window = last; window >= 0 && window * stride + size > position; window--) {
    covers.push(window);
  }
  return covers;
}

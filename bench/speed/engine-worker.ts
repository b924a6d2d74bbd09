/**
 * The project's own engine by itself, in turns: whole steps, forward passes alone, the products of the
 * paper's convolutions alone, and the peak that its module reaches.
 *
 *   node engine-worker WHAT
 */
import {
  forwardProducts,
  paperNetwork,
  peak,
  smallNetwork,
  type TimedNetwork,
} from '../../lib/model/engine/networks.ts';
import { takeTurns } from './turns.mjs';

const WARM_UP = 50;

const ROUNDS = 1e6;

const works: Readonly<Record<string, () => Promise<void>>> = {
  'paper step': async () => stepsOf(await paperNetwork()),
  'paper forward': async () => forwardOf(await paperNetwork()),
  'paper products': async () => {
    const { run, flops } = await forwardProducts();
    for (let n = 0; n < WARM_UP; n++) run();
    await takeTurns(run, { flop: flops });
  },
  'hearing step': async () => stepsOf(await smallNetwork()),
  'hearing forward': async () => forwardOf(await smallNetwork()),
  peak: async () => {
    const { run, flopsPerRound } = await peak();
    for (let n = 0; n < WARM_UP; n++) run(ROUNDS / WARM_UP);
    await takeTurns(() => run(ROUNDS), { peakFlop: flopsPerRound * ROUNDS });
  },
};

const work = works[process.argv[2] ?? ''];
if (work === undefined) throw new Error(`name one of: ${Object.keys(works).join(', ')}`);
await work();

async function stepsOf({ step, flops, parameters }: TimedNetwork): Promise<void> {
  const first = step();
  let last = first;
  for (let n = 0; n < WARM_UP; n++) last = step();
  if (!(last < first))
    throw new Error(`the loss did not fall: ${String(first)} -> ${String(last)}`);
  await takeTurns(step, { parameters, computedFlop: flops.computed });
}

async function forwardOf({ forward, flops }: TimedNetwork): Promise<void> {
  for (let n = 0; n < WARM_UP; n++) forward();
  await takeTurns(forward, { flop: flops.forward });
}

// @ts-check
/**
 * The loop of peak.mjs, in turns.
 *
 *   node peak-worker.mjs ROWS VECTORS
 */
import { PASSES, peakFlop, peakModule } from './peak.mjs';
import { takeTurns } from './turns.mjs';

const [rows = 4, vectors = 2] = process.argv.slice(2).map(Number);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(peakModule(rows, vectors)), {});
const { run, memory } =
  /** @type {{ run: (passes: number) => void, memory: WebAssembly.Memory }} */ (exports);
new Float32Array(memory.buffer).fill(1e-3);
const until = performance.now() + 1000;
while (performance.now() < until) {
  for (let n = 0; n < 50; n += 1) run(PASSES);
  // The optimised code is put in place by the event loop.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await takeTurns(() => run(PASSES), { peakFlop: peakFlop(rows, vectors) });

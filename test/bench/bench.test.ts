import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { markdownTable } from '../../bench/command-line.mjs';
import { networks } from '../../bench/speed/networks.mjs';
import { peakModule } from '../../bench/speed/peak.mjs';
import { summary } from '../../bench/speed/summary.mjs';
import { spread } from '../../bench/speed/turns.mjs';
import { paperNetwork, smallNetwork } from '../../lib/model/engine/networks.ts';

const root = path.resolve(import.meta.dirname, '../..');

function bench(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const file = path.join(root, 'bench', 'bench.mjs');
  return spawnSync(process.execPath, [file, ...words], { encoding: 'utf8' });
}

describe('npm run bench', () => {
  test('tells its parts and options, and measures nothing, when asked for help', () => {
    const { status, stdout, stderr } = bench('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['--only', '--quick', '--corpus', 'step', 'features', 'growth']) {
      expect(stdout).toContain(word);
    }
  });

  test('refuses a part that there is not, and names those that there are', () => {
    expect(bench('--only', 'step,speed')).toMatchObject({
      status: 2,
      stderr:
        'bench: --only has no part "speed"; the parts are step, features, paper, rerun, jobs, growth\n' +
        'npm run bench -- --help tells all options.\n',
    });
  });

  test('refuses a corpus that is not there', () => {
    const { status, stderr } = bench('--corpus', 'no/such/folder');
    expect(status).toBe(2);
    expect(stderr).toContain(path.join('no', 'such', 'folder'));
  });
});

test.each([
  { rows: 4, vectors: 2 },
  { rows: 6, vectors: 2 },
  { rows: 2, vectors: 4 },
])('the loop for the peak does the work that it is credited with: $rows x $vectors', (block) => {
  const { rows, vectors } = block;
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(peakModule(rows, vectors)),
    {},
  ) as unknown as { exports: { run: (passes: number) => void; memory: { buffer: ArrayBuffer } } };
  const memory = new Float32Array(exports.memory.buffer);
  memory.fill(1);
  exports.run(3);
  // 3 passes of 256 multiply-adds of 1 x 1 for each sum of the block
  const sums = memory.subarray(60_000 / 4, 60_000 / 4 + rows * vectors * 4);
  expect([...new Set(sums)]).toEqual([768]);
});

test('the arithmetic that the bench counts by hand is what the engine counts', async () => {
  expect(networks.paper.flop / (await paperNetwork()).flops.step).toBeCloseTo(1, 2);
  expect(networks.hearing.flop / (await smallNetwork()).flops.step).toBeCloseTo(1, 2);
});

test('a spread has the middle of an odd count, and between the two middles of an even one', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, turns: 3 });
  expect(spread([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10, turns: 4 });
});

test('the summary takes the better of the peers, and says whether what was wanted is reached', () => {
  const machine = { system: '', processor: '', cores: '', memoryGb: 0, node: '', load: 0 };
  const row = (name: string, side: 'ours' | 'peer', median: number) => ({
    ...{ network: 'paper', name, side, seconds: { median, min: median, max: median, turns: 1 } },
    ...{ gflops: 1, ofPeak: 1, computedFlop: null, lossDifference: null },
  });
  const step = {
    ...{
      machine,
      quick: false,
      peak: { block: '', gflops: 1 },
      versions: '',
      steps: 1,
      skipped: [],
    },
    rows: [row('wasm', 'ours', 3), row('eager', 'peer', 20), row('compiled', 'peer', 10)] as never,
  };
  expect(summary({ step })).toBe(
    markdownTable(
      ['', '>wanted', '>measured', ''],
      [["a step of the paper's network: of PyTorch's time", '<= 0.35', '0.30', 'reached']],
    ),
  );
});

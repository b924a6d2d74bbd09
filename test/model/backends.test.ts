import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseBackend } from '../../lib/model/backends/auto.ts';
import { attentions } from '../../lib/model/attention/registry.ts';
import { backends } from '../../lib/model/backends/registry.ts';
import { bundle } from '../../lib/pipeline/bundle.mjs';
import * as cpu from '../../lib/model/backends/cpu.ts';
import * as tensorflow from '../../lib/model/backends/tensorflow.ts';
import { restoreRemovedUtilities } from '../../lib/model/backends/tensorflow.ts';
import { probeTensorflow } from '../../lib/model/backends/tensorflow-probe.ts';
import * as tfjsWasm from '../../lib/model/backends/tfjs-wasm.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backends-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A package of tfjs-node's name whose main file is `code`; what requires it is given back. */
async function fakePackage(code: string): Promise<NodeJS.Require> {
  const home = path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), '{"main": "index.js"}');
  await writeFile(path.join(home, 'index.js'), code);
  return createRequire(path.join(folder, 'here.js'));
}

const working = `
  const tensor = (values) => ({ square: () => tensor(values.map((x) => x * x)), dataSync: () => values });
  exports.tensor1d = tensor;`;

describe('@tensorflow/tfjs-node', () => {
  test('that is not installed is absent', async () => {
    expect(await probeTensorflow(createRequire(path.join(folder, 'here.js')))).toEqual({
      state: 'absent',
      why: '@tensorflow/tfjs-node is not installed',
    });
  });

  test('that is installed without its binary throws, and the first line of why is kept', async () => {
    const from = await fakePackage(
      `throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found.\\nPlease run: npm rebuild');`,
    );
    expect(await probeTensorflow(from)).toEqual({
      state: 'throws',
      why: 'The Node.js native addon module (tfjs_binding.node) can not be found.',
    });
  });

  test('whose binary kills the process does not kill ours', async () => {
    const from = await fakePackage(`process.kill(process.pid, 'SIGILL');`);
    expect(await probeTensorflow(from)).toEqual({
      state: 'dies',
      why: 'loading @tensorflow/tfjs-node ended the process by SIGILL',
    });
  });

  test('whose binary ends the process is no better', async () => {
    const from = await fakePackage('process.exit(3);');
    expect(await probeTensorflow(from)).toEqual({
      state: 'dies',
      why: 'loading @tensorflow/tfjs-node ended the process with status 3',
    });
  });

  test('that hangs is given up', async () => {
    const from = await fakePackage(
      'setInterval(() => {}, 1000); exports.tensor1d = () => { for (;;); };',
    );
    expect(await probeTensorflow(from, 500)).toEqual({
      state: 'dies',
      why: 'loading @tensorflow/tfjs-node gave no answer',
    });
  });

  test('that computes loads, whatever it prints', async () => {
    const from = await fakePackage(`console.log('noise'); console.error('noise'); ${working}`);
    expect(await probeTensorflow(from)).toEqual({ state: 'loads' });
  });

  test('whose operations fail throws, though it loads and makes tensors', async () => {
    const from = await fakePackage(
      `exports.tensor1d = () => ({ square: () => { throw new TypeError('(0 , util_1.isNullOrUndefined) is not a function'); } });`,
    );
    expect(await probeTensorflow(from)).toEqual({
      state: 'throws',
      why: '(0 , util_1.isNullOrUndefined) is not a function',
    });
  });

  test('whose operations give wrong numbers is not used', async () => {
    const from = await fakePackage(
      'exports.tensor1d = (values) => ({ square: () => ({ dataSync: () => values }) });',
    );
    expect(await probeTensorflow(from)).toEqual({
      state: 'throws',
      why: 'it computes 1, 2 squared as 1, 2',
    });
  });

  test('finds util.isNullOrUndefined, which Node 23 removed and it calls', async () => {
    const from = await fakePackage(
      `if (require('util').isNullOrUndefined(0) || !require('util').isNullOrUndefined(null)) throw new Error('wrong');
      ${working}`,
    );
    expect(await probeTensorflow(from)).toEqual({ state: 'loads' });
  });
});

test('what Node 23 removed is put back, and what is there is left alone', () => {
  const node23: Parameters<typeof restoreRemovedUtilities>[0] = {};
  restoreRemovedUtilities(node23);
  expect([undefined, null, 0, ''].map((value) => node23.isNullOrUndefined?.(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const own = (): boolean => true;
  const node20 = { isNullOrUndefined: own };
  restoreRemovedUtilities(node20);
  expect(node20.isNullOrUndefined).toBe(own);
});

describe('backend auto', () => {
  test('is tensorflow where it loads', async () => {
    expect(await chooseBackend(() => Promise.resolve({ state: 'loads' }))).toEqual({
      backend: 'tensorflow',
      why: 'backend auto: tensorflow, since @tensorflow/tfjs-node loads',
    });
  });

  test('is wasm where the package came without its library, and says why in a line', async () => {
    const from = await fakePackage(
      `throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found.\\nPlease run: npm rebuild");`,
    );
    expect(await chooseBackend(() => probeTensorflow(from))).toEqual({
      backend: 'wasm',
      why: 'backend auto: wasm, since tensorflow does not load: The Node.js native addon module (tfjs_binding.node) can not be found.',
    });
  });

  test('is wasm where the package is absent, and says so in a line', async () => {
    const from = createRequire(path.join(folder, 'here.js'));
    expect(await chooseBackend(() => probeTensorflow(from))).toEqual({
      backend: 'wasm',
      why: 'backend auto: wasm, since tensorflow does not load: @tensorflow/tfjs-node is not installed',
    });
  });
});

describe('a backend that is started', () => {
  test.each([
    { module: tfjsWasm, name: 'tfjs-wasm', tfjs: 'wasm', deterministic: true },
    { module: cpu, name: 'cpu', tfjs: 'cpu', deterministic: false },
  ])(
    'computes, and says what it promises: $name',
    async ({ module, name, tfjs, deterministic }) => {
      expect(await module.start()).toMatchObject({ name, deterministic });
      expect(tf.getBackend()).toBe(tfjs);
    },
  );

  test('of tfjs-wasm uses one thread and SIMD', async () => {
    await tfjsWasm.start();
    expect(tf.env().get('WASM_HAS_SIMD_SUPPORT')).toBe(true);
    expect(tf.env().get('WASM_HAS_MULTITHREAD_SUPPORT')).toBe(false);
  });

  test('of tensorflow computes, or says why it does not load', async () => {
    const probe = await probeTensorflow();
    if (probe.state === 'loads') {
      expect(await tensorflow.start()).toMatchObject({ name: 'tensorflow', deterministic: false });
      expect(tf.getBackend()).toBe('tensorflow');
    } else {
      await expect(tensorflow.start()).rejects.toMatchObject({
        name: 'ModelError',
        code: 'backend-does-not-load',
        message: `the backend tensorflow does not load: ${probe.why}`,
      });
    }
  });

  test('is one of those that the registry names', () => {
    expect(Object.keys(backends)).toEqual(['wasm', 'tfjs-wasm', 'tensorflow', 'cpu']);
  });
});

test('a training on wasm loads no TF.js, from whichever of its bundles', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const packagesOf = async (entry: string, part: 'run' | 'all'): Promise<readonly string[]> =>
    (await bundle({ root, entry, part })).packages;
  const bundles = await Promise.all([
    packagesOf('stages/train.ts', 'run'),
    packagesOf(backends.wasm, 'all'),
    ...Object.values(attentions).map((entry) => packagesOf(entry, 'all')),
  ]);
  expect(bundles.flat().filter((name) => name.startsWith('@tensorflow/'))).toEqual([]);
  expect(await packagesOf(backends['tfjs-wasm'], 'all')).toContain('@tensorflow/tfjs-core');
});

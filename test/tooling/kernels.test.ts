import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildKernels, kernelFolders } from '../../build-kernels.mjs';

const root = path.resolve(import.meta.dirname, '../..');

it.each(kernelFolders)(
  'the committed WebAssembly module of %s is what its sources build',
  async (folder) => {
    const committed = await readFile(path.join(root, folder, 'kernels-module.ts'), 'utf8');
    expect(committed).toBe(await buildKernels(folder));
  },
);

// @ts-check
// Builds the kernels, AssemblyScript, into the modules that are committed beside them.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = import.meta.dirname;

/** Folders with kernels/ and the kernels-module.ts that it gives: decoding, signal processing, training. */
export const kernelFolders = ['lib/audio/flac', 'lib/dsp', 'lib/model/engine'];

/**
 * The compiler is started and not imported: its types declare themselves for all of the project, and
 * Array.at would no longer give undefined.
 */
const compiler = path.join(root, 'node_modules/assemblyscript/bin/asc.js');

/**
 * SIMD, but not the relaxed kind, whose results differ from machine to machine; the memory comes from
 * whoever calls; nothing is collected as garbage.
 */
const options = ['--optimizeLevel', '3', '--enable', 'simd', '--disable', 'relaxed-simd'].concat([
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
]);

/**
 * @param {string} folder one of {@link kernelFolders}
 * @returns {Promise<string>} the TypeScript file that holds the module which its sources give, the same on
 *   every machine
 */
export async function buildKernels(folder) {
  const temporary = await mkdtemp(path.join(tmpdir(), 'kernels-'));
  try {
    const wasm = path.join(temporary, 'kernels.wasm');
    const sources = path.join(root, folder, 'kernels');
    const request = [compiler, 'index.ts', '--baseDir', sources, '--outFile', wasm, ...options];
    await promisify(execFile)(process.execPath, request);
    const base64 = (await readFile(wasm)).toString('base64');
    return `// Made by npm run kernels from kernels/*.ts; a test builds it again and compares.\n\n/** The WebAssembly module, in base64. */\nexport const kernelsModule =\n  '${base64}';\n`;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const folder of kernelFolders) {
    await writeFile(path.join(root, folder, 'kernels-module.ts'), await buildKernels(folder));
  }
}

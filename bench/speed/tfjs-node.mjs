// @ts-check
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../command-line.mjs';

/**
 * A folder in which @tensorflow/tfjs-node loads, for a machine on which the library that it downloads
 * from storage.googleapis.com at its installation cannot be had: the addon is compiled (node-gyp, a C++
 * compiler and Node's own headers) against the libtensorflow of the wheel tensorflow-cpu, which is of
 * another version than the one that tfjs-node names, and answers the same C interface.
 *
 * @typedef {{ folder: string } | { skipped: string }} Place
 */

const PACKAGES = ['core', 'layers', 'backend-cpu', 'backend-wasm', 'node'].map(
  (name) => `@tensorflow/tfjs-${name}`,
);

const NAPI = '8';

/**
 * @param {string} cache folder in which it is made, and kept
 * @param {string} python of the virtual environment that has tensorflow-cpu
 * @returns {Place} a folder from which the TF.js packages are imported; or why there is none
 */
export function tensorflowPlace(cache, python) {
  if (loads(root)) return { folder: root };
  const folder = path.join(cache, 'tfjs-node');
  if (loads(folder)) return { folder };
  if (process.platform !== 'linux') {
    return { skipped: '@tensorflow/tfjs-node does not load, and is compiled here only on Linux' };
  }
  const headers = path.resolve(process.execPath, '../..');
  if (!fs.existsSync(path.join(headers, 'include', 'node', 'node_api.h'))) {
    return {
      skipped: `@tensorflow/tfjs-node does not load, and this Node has no headers to compile it with (include/node in ${headers})`,
    };
  }
  console.error(`bench: compiling @tensorflow/tfjs-node in ${folder} (a minute)`);
  try {
    compile(folder, headers, libraryOf(python));
  } catch (error) {
    return { skipped: error instanceof Error ? error.message : String(error) };
  }
  return loads(folder)
    ? { folder }
    : { skipped: '@tensorflow/tfjs-node was compiled, but does not load' };
}

/** @param {string} folder @param {string} headers @param {string} library the wheel's tensorflow/ */
function compile(folder, headers, library) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const versions = PACKAGES.map((name) => `${name}@${versionOf(name)}`);
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...versions], folder);

  const addon = path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  const deps = path.join(addon, 'deps');
  fs.mkdirSync(path.join(deps, 'lib'), { recursive: true });
  fs.symlinkSync(path.join(library, 'include'), path.join(deps, 'include'));
  // The wheel splits what the C release has in one: operations and sessions, and what they stand on.
  for (const [part, name] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ]) {
    for (const link of [part, name]) {
      fs.symlinkSync(path.join(library, part ?? ''), path.join(deps, 'lib', link ?? ''));
    }
  }
  const gyp = path.join(npmFolder(), 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const lib = path.join(addon, 'lib', `napi-v${NAPI}`);
  run(
    process.execPath,
    [
      ...[gyp, 'rebuild', `--nodedir=${headers}`, '--module_name=tfjs_binding'],
      ...[`--module=${path.join(lib, 'tfjs_binding.node')}`, `--module_path=${lib}`],
      `--napi_build_version=${NAPI}`,
    ],
    addon,
  );
}

/** @param {string} folder */
function loads(folder) {
  const script = `
    const util = require('node:util');
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    require('@tensorflow/tfjs-node').tensor1d([1, 2]).dataSync();`;
  return (
    fs.existsSync(folder) &&
    spawnSync(process.execPath, ['-e', script], { cwd: folder }).status === 0
  );
}

/** @param {string} python */
function libraryOf(python) {
  const script =
    'import importlib.util as u; print(u.find_spec("tensorflow").submodule_search_locations[0])';
  return run(python, ['-c', script], root).trim();
}

/** The version that this project pins. @param {string} name */
function versionOf(name) {
  /** @type {{ dependencies: Record<string, string>, optionalDependencies: Record<string, string> }} */
  const { dependencies, optionalDependencies } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return { ...dependencies, ...optionalDependencies }[name] ?? '';
}

/** The folder of npm itself, which brings node-gyp along. */
function npmFolder() {
  const global = run('npm', ['root', '--global'], root).trim();
  return path.dirname(createRequire(path.join(global, 'here.js')).resolve('npm/package.json'));
}

/** @param {string} file @param {readonly string[]} words @param {string} folder @returns {string} what it said */
function run(file, words, folder) {
  const { status, stdout, stderr, error } = spawnSync(file, words, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  const last = error?.message ?? stderr.trim().split('\n').slice(-3).join(' ');
  throw new Error(`\`${path.basename(file)} ${words[0] ?? ''}\` failed: ${last}`);
}

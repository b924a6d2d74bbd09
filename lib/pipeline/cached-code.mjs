// Plain JavaScript, because packed packages import it in every process and thread.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import { unsealBytes } from './sealed.mjs';

/**
 * V8 compiles a script in less than half the time where it finds what it compiled before: of zod and
 * apache-arrow 20 ms instead of 50, in every process and every thread. Node itself offers that for modules
 * from version 22 on only, and for scripts in every version.
 *
 * @param {string} file CommonJS that never changes under its name, an absolute path
 * @returns {{ exports: Record<string, unknown>, code: () => Uint8Array }} what it exports, and gives what
 *   V8 compiled of it, to be kept in its {@link codeFile}
 */
export function runCached(file) {
  const source = fs.readFileSync(file, 'utf8');
  const script = new vm.Script(`(function (exports, require, module) {${source}\n})`, {
    filename: file,
    cachedData: readCode(file),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return { exports: module.exports, code: () => script.createCachedData() };
}

/** Where the compiled code of a file lies: another version or processor has its own. @param {string} file */
export function codeFile(file) {
  return `${file}.${process.version}-${process.arch}`;
}

/**
 * V8 would believe whatever stands there, so it is sealed.
 *
 * @param {string} file @returns {Buffer | undefined} nothing where none is, or not a whole one
 */
export function readCode(file) {
  const name = codeFile(file);
  return fs.existsSync(name) ? unsealBytes(fs.readFileSync(name)) : undefined;
}

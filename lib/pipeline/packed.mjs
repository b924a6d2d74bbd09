// Plain JavaScript, because the command line's own bundle needs it.
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, isWhole, sha256, unmovedSources, writeAtomically } from './cache-files.mjs';
import { codeFile, readCode, runCached } from './cached-code.mjs';
import { seal, sealBytes, unseal } from './sealed.mjs';
import { stampOf } from './stamp.cjs';

/**
 * Packages of a hundred files each, which Node looks for and loads one by one in each process and each
 * thread: apache-arrow in 130 ms of which 110 go when it is one file. So each lies as one file beside the
 * bundles, with what V8 compiled of it (see cached-code.mjs), in a node_modules folder where they find it
 * before the installed one. Nothing else about it changes: a stage's fingerprint goes by the package's
 * locked version as before.
 */
const MANY_FILES = ['apache-arrow', 'zod', '@observablehq/plot', 'linkedom'];

const FORMAT = 2;

/**
 * @typedef {object} Packed
 * @property {number} format
 * @property {string} file the one file, beside this list
 * @property {Readonly<Record<string, string>>} written it and the module around it: their SHA-256 by name
 * @property {{ path: string, sha256: string, stamp: import('./stamp.cjs').Stamp }[]} sources the package's own
 */

/** What this process has made sure of already. @type {Map<string, Promise<void>>} */
const packing = new Map();

/**
 * Makes sure that each of these packages that is one of many files lies beside the bundles as one, made
 * from the files that are installed now: to be done before a bundle that imports them is executed.
 *
 * @param {string} root the project @param {readonly string[]} names of packages
 */
export async function packPackages(root, names) {
  for (const name of names.filter((each) => MANY_FILES.includes(each))) {
    const place = path.join(cacheFolder(root), 'node_modules', name);
    const packed = packing.get(place) ?? pack(root, place, name);
    packing.set(place, packed);
    await packed;
  }
}

/** @param {string} root @param {string} place @param {string} name */
async function pack(root, place, name) {
  const list = path.join(place, 'packed.json');
  const known = readList(list);
  const written = Object.entries(known?.written ?? {});
  if (
    known !== undefined &&
    written.every(([file, hash]) => isWhole(path.join(place, file), hash))
  ) {
    const looked = unmovedSources(root, known.sources);
    if (looked === 'refreshed') writeAtomically(list, seal(JSON.stringify(known)));
    if (looked !== 'moved') {
      compile(path.join(place, known.file));
      return;
    }
  }
  const readAtMs = Date.now();
  const { text, names, inputs } = await oneFile(root, name);
  const sources = inputs.map((input) => {
    const file = path.join(root, input);
    const stamp = stampOf(fs.statSync(file), readAtMs);
    return { path: input, sha256: sha256(fs.readFileSync(file)), stamp };
  });
  const file = `${sha256(text)}.cjs`;
  const around = moduleAround(root, place, file, names);
  const module = `${sha256(around)}.js`;
  writeAtomically(path.join(place, file), text);
  writeAtomically(path.join(place, module), around);
  compile(path.join(place, file));
  // package.json comes after what it names, so that a reader finds the old files or the new ones.
  writeAtomically(
    path.join(place, 'package.json'),
    JSON.stringify({ name, type: 'module', exports: `./${module}` }),
  );
  /** @type {Packed} */
  const packed = {
    ...{ format: FORMAT, file, sources },
    written: { [file]: sha256(text), [module]: sha256(around) },
  };
  writeAtomically(list, seal(JSON.stringify(packed)));
}

/** Keeps what V8 makes of a file, unless this version of Node has done so. @param {string} file */
function compile(file) {
  if (readCode(file) !== undefined) return;
  try {
    writeAtomically(codeFile(file), sealBytes(runCached(file).code()));
  } catch {
    // Whoever imports it is told what stands in its way; without compiled code it only takes longer.
  }
}

/**
 * The module that others import: it runs the one file, and has its exports.
 *
 * @param {string} root @param {string} place @param {string} file @param {readonly string[]} names
 */
function moduleAround(root, place, file, names) {
  const cached = path.join(root, 'lib', 'pipeline', 'cached-code.mjs');
  const from = path.relative(place, cached).split(path.sep).join('/');
  // Under names of their own: an export may be called `null` or `function`.
  const own = names.map((name, index) => `const e${index} = exports[${JSON.stringify(name)}];`);
  const given = names.map((name, index) => `e${index} as ${JSON.stringify(name)}`);
  return [
    "import { fileURLToPath } from 'node:url';",
    `import { runCached } from ${JSON.stringify(from)};`,
    `const { exports } = runCached(fileURLToPath(new URL('./${file}', import.meta.url)));`,
    ...own,
    `export { ${given.join(', ')} };`,
  ].join('\n');
}

/** @param {string} list @returns {Packed | undefined} */
function readList(list) {
  try {
    /** @type {Packed | null} */
    const packed = JSON.parse(unseal(fs.readFileSync(list, 'utf8')) ?? 'null');
    return packed?.format === FORMAT ? packed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The package and all that it imports, names left as they are, since errors and classes are known by them.
 *
 * @param {string} root @param {string} name
 */
async function oneFile(root, name) {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: `export * from '${name}';`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    ...settings,
  });
  const module = outputFiles[0]?.text;
  if (module === undefined) throw new Error(`Internal error: esbuild wrote nothing of ${name}`);
  const { code: text } = await esbuild.transform(module, { format: 'cjs', ...settings });
  return {
    text,
    names: Object.values(metafile.outputs).flatMap((output) => output.exports),
    inputs: Object.keys(metafile.inputs).filter((input) => input !== '<stdin>'),
  };
}

const settings = /** @type {const} */ ({
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'silent',
});

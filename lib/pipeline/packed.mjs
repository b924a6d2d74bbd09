// Plain JavaScript, because the command line's own bundle needs it.
import { randomBytes } from 'node:crypto';
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

const FORMAT = 3;

/** What it was made of. */
const LIST = 'packed.json';

/**
 * @typedef {object} Packed
 * @property {number} format
 * @property {string} file the one file, beside this list
 * @property {Readonly<Record<string, string>>} written it, the module around it and package.json: their
 *   SHA-256 by name
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
  const list = path.join(place, LIST);
  const known = readList(list);
  const whole = Object.entries(known?.written ?? {}).every(([file, hash]) =>
    isWhole(path.join(place, file), hash),
  );
  if (known !== undefined && whole) {
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
  const description = JSON.stringify({ name, type: 'module', exports: `./${module}` });
  const files = { [file]: text, [module]: around, 'package.json': description };
  const written = Object.fromEntries(
    Object.entries(files).map(([each, content]) => [each, sha256(content)]),
  );
  /** @type {Packed} */
  const packed = { format: FORMAT, file, written, sources };
  publish(place, { ...files, [LIST]: seal(JSON.stringify(packed)) });
  compile(path.join(place, file));
}

/**
 * Writes the files of a package. To Node a folder of its name is the package, whatever it holds: so it
 * appears with all of them, wherever the process is stopped. In one that stands, package.json comes after
 * what it names: who reads meanwhile finds the old files or the new ones.
 *
 * @param {string} place @param {Readonly<Record<string, string>>} files in this order, by name
 */
function publish(place, files) {
  if (!fs.existsSync(path.join(place, 'package.json'))) {
    const whole = `${place}.${randomBytes(6).toString('hex')}.tmp`;
    writeAll(whole, files);
    try {
      fs.renameSync(whole, place);
      return;
    } catch {
      // Another process was first.
      fs.rmSync(whole, { recursive: true, force: true });
    }
  }
  writeAll(place, files);
}

/** @param {string} folder @param {Readonly<Record<string, string>>} files */
function writeAll(folder, files) {
  for (const [name, text] of Object.entries(files)) writeAtomically(path.join(folder, name), text);
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

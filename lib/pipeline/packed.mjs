// Plain JavaScript, because the command line's own bundle needs it.
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, isWhole, sha256, unmovedSources, writeAtomically } from './cache-files.mjs';
import { seal, unseal } from './sealed.mjs';
import { stampOf } from './stamp.cjs';

/**
 * Packages of a hundred files each, which Node looks for and loads one by one in each process and each
 * thread: apache-arrow in 130 ms of which 110 go when it is one file. So each lies as one file beside the
 * bundles, in a node_modules folder where they find it before the installed one. Nothing else about it
 * changes: a stage's fingerprint goes by the package's locked version as before.
 */
const MANY_FILES = ['apache-arrow', 'zod', '@observablehq/plot', 'linkedom'];

const FORMAT = 1;

/**
 * @typedef {object} Packed
 * @property {number} format
 * @property {string} file the one file, beside this list
 * @property {string} sha256 of it
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
  if (known !== undefined && isWhole(path.join(place, known.file), known.sha256)) {
    const looked = unmovedSources(root, known.sources);
    if (looked === 'refreshed') writeAtomically(list, seal(JSON.stringify(known)));
    if (looked !== 'moved') return;
  }
  const readAtMs = Date.now();
  const { text, inputs } = await oneFile(root, name);
  const sources = inputs.map((input) => {
    const file = path.join(root, input);
    const stamp = stampOf(fs.statSync(file), readAtMs);
    return { path: input, sha256: sha256(fs.readFileSync(file)), stamp };
  });
  const hash = sha256(text);
  const file = `${hash}.js`;
  // package.json comes after what it names, so that a reader finds the old file or the new one.
  writeAtomically(path.join(place, file), text);
  writeAtomically(
    path.join(place, 'package.json'),
    JSON.stringify({ name, type: 'module', exports: `./${file}` }),
  );
  /** @type {Packed} */
  const packed = { format: FORMAT, file, sha256: hash, sources };
  writeAtomically(list, seal(JSON.stringify(packed)));
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
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text;
  if (text === undefined) throw new Error(`Internal error: esbuild wrote nothing of ${name}`);
  return { text, inputs: Object.keys(metafile.inputs).filter((input) => input !== '<stdin>') };
}

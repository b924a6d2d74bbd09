// Plain JavaScript, because the command line's own bundle is made by it before any TypeScript can run.
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, isWhole, sha256, unmovedSources, writeAtomically } from './cache-files.mjs';
import { seal, unseal } from './sealed.mjs';
import { stampOf } from './stamp.cjs';

/**
 * Code that is hashed is code that runs: an entry is bundled by esbuild (comments and types gone, names
 * minified, unused code dropped, npm packages left outside), the bundle's SHA-256 is the entry's code,
 * and that very file is what is executed. Beside it lies the list of the files that made it; while none
 * of them moved, esbuild is not even loaded. Who executes a bundle packs its packages first, see
 * packed.mjs.
 *
 * @typedef {object} BundleRequest
 * @property {string} root the project: bundles lie in its node_modules/.cache, where packages are found from
 * @property {string} entry the file, relative to root, `/`-separated
 * @property {'run' | 'declaration' | 'all'} part `run` alone, everything but `run`, or the whole module
 * @property {boolean} [split] dynamic imports become files of their own (the command line)
 *
 * @typedef {object} Source
 * @property {string} path relative to root, `/`-separated
 * @property {string} sha256 of the file's bytes
 * @property {string} code SHA-256 of the file without comments and types, names minified
 * @property {Stamp} stamp
 *
 * @typedef {import('./stamp.cjs').Stamp} Stamp
 *
 * @typedef {object} Bundle
 * @property {string} file the bundle, an absolute path
 * @property {string} sha256 the code
 * @property {readonly Source[]} sources
 * @property {string} declarations a file beside the bundle: each source's declarations, see `readDeclarations`
 * @property {readonly string[]} packages the npm packages that it imports
 * @property {Readonly<Record<string, string>>} written every file of the bundle as it was written, by
 *   SHA-256: one that is damaged is not run, but made again
 */

const FORMAT = 5;

/** @param {BundleRequest} request @returns {Promise<Bundle>} */
export async function bundle(request) {
  const folder = cacheFolder(request.root);
  const manifestFile = path.join(folder, `${key(request)}.json`);
  const known = readManifest(manifestFile);
  if (known !== undefined && unmoved(request.root, known, manifestFile)) {
    return absolute(known, folder);
  }
  const made = await build(request, folder);
  writeAtomically(manifestFile, seal(JSON.stringify({ format: FORMAT, ...made })));
  return absolute(made, folder);
}

/**
 * The declarations of each source of a bundle, by its path. They lie in a file of their own, since nobody
 * needs them until something changed.
 *
 * @param {Pick<Bundle, 'declarations'>} bundle
 * @returns {Readonly<Record<string, import('./declarations.mjs').Declarations>>} empty where they are lost
 */
export function readDeclarations({ declarations }) {
  try {
    const text = fs.readFileSync(declarations, 'utf8');
    return sha256(text) === path.basename(declarations, '.json') ? JSON.parse(text) : {};
  } catch {
    return {};
  }
}

/** @param {Bundle} bundle @param {string} folder @returns {Bundle} */
function absolute(bundle, folder) {
  return {
    ...bundle,
    file: path.join(folder, bundle.file),
    declarations: path.join(folder, bundle.declarations),
  };
}

/** @param {BundleRequest} request */
function key({ entry, part, split }) {
  const name = entry.replace(/\.[a-z]+$/, '').replaceAll('/', '-');
  return `${name}.${part}${split === true ? '.split' : ''}`;
}

/** @param {string} file @returns {Bundle | undefined} */
function readManifest(file) {
  try {
    const manifest = JSON.parse(unseal(fs.readFileSync(file, 'utf8')) ?? 'null');
    return manifest?.format === FORMAT ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {Bundle} manifest @param {string} manifestFile */
function unmoved(root, manifest, manifestFile) {
  const written = Object.entries(manifest.written);
  if (
    !written.every(([name, hash]) => isWhole(path.join(path.dirname(manifestFile), name), hash))
  ) {
    return false;
  }
  const looked = unmovedSources(root, manifest.sources);
  if (looked === 'refreshed') {
    writeAtomically(manifestFile, seal(JSON.stringify({ format: FORMAT, ...manifest })));
  }
  return looked !== 'moved';
}

/** @param {BundleRequest} request @param {string} folder @returns {Promise<Bundle>} */
async function build({ root, entry, part, split = false }, folder) {
  const esbuild = await import('esbuild');
  const readAtMs = Date.now();
  const result = await esbuild.build({
    ...(part === 'all' ? { entryPoints: [entry] } : await entryFor(esbuild, root, entry, part)),
    absWorkingDir: root,
    outdir: path.join(folder, 'out'),
    bundle: true,
    splitting: split,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    plugins: [packagesOutside],
  });
  // In a step of its own: which short names esbuild gives depends on code that is no longer there.
  const files = [];
  for (const { path: file, text } of result.outputFiles) {
    const { code } = await esbuild.transform(text, {
      format: 'esm',
      target: 'node20',
      ...minified,
    });
    files.push({ path: file, text: code });
  }
  const inputs = Object.keys(result.metafile.inputs).filter((name) => name !== '<stdin>');
  const sources = [];
  /** @type {Record<string, import('./declarations.mjs').Declarations>} */
  const declarations = {};
  const { declarationsOf } = await import('./declarations.mjs');
  for (const name of [...inputs, 'package.json', 'tsconfig.json'].sort()) {
    const file = path.join(root, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const bytes = fs.readFileSync(file);
    sources.push({
      path: name,
      sha256: sha256(bytes),
      code: await codeOf(esbuild, name, bytes),
      stamp: stampOf(stat, readAtMs),
    });
    const loader = loaderOf(name);
    if (loader === undefined) continue;
    declarations[name] = await declarationsOf(esbuild, loader, bytes.toString('utf8'));
  }
  const packages = new Set();
  for (const output of Object.values(result.metafile.outputs)) {
    for (const { path: name, external } of output.imports) {
      if (external === true && !name.startsWith('node:')) packages.add(packageName(name));
    }
  }
  const text = files.map((file) => `${path.basename(file.path)}\n${file.text}`).sort();
  const hash = sha256(text.join('\n'));
  const main = Object.entries(result.metafile.outputs).find(
    ([, output]) => output.entryPoint === (part === 'all' ? entry : '<stdin>'),
  )?.[0];
  if (main === undefined) throw new Error('Internal error: esbuild wrote no entry');
  const placed = placeBundle(folder, hash, files, path.resolve(root, main), split);
  const listed = JSON.stringify(declarations);
  const list = `${sha256(listed)}.json`;
  writeAtomically(path.join(folder, list), listed);
  return { ...placed, sha256: hash, sources, declarations: list, packages: [...packages].sort() };
}

/** Comments and white space gone, names as short as can be: what is left is code. */
const minified = /** @type {const} */ ({ minify: true, legalComments: 'none', charset: 'utf8' });

/** Packages stay outside, and one that nothing uses is not imported. @type {import('esbuild').Plugin} */
const packagesOutside = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || path.isAbsolute(name)
        ? undefined
        : { path: name, external: true, sideEffects: false },
    );
  },
};

/**
 * @param {typeof import('esbuild')} esbuild @param {string} root @param {string} entry
 * @param {'run' | 'declaration'} part
 */
async function entryFor(esbuild, root, entry, part) {
  const names = part === 'run' ? ['run'] : await exportsOf(esbuild, root, entry);
  const contents = `export { ${names.join(', ')} } from './${entry}';`;
  return { stdin: { contents, resolveDir: root, loader: /** @type {const} */ ('ts') } };
}

/**
 * Everything that a stage file exports but `run`.
 * @param {typeof import('esbuild')} esbuild @param {string} root @param {string} entry
 */
async function exportsOf(esbuild, root, entry) {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    outdir: 'unused',
  });
  const names = Object.values(metafile.outputs).flatMap((output) => output.exports);
  return names.filter((name) => name !== 'run');
}

/** @param {typeof import('esbuild')} esbuild @param {string} name @param {Buffer} bytes */
async function codeOf(esbuild, name, bytes) {
  const loader = loaderOf(name);
  if (loader === undefined) return sha256(bytes);
  const { code } = await esbuild.transform(bytes.toString('utf8'), {
    loader,
    ...minified,
  });
  return sha256(code);
}

/** @param {string} name */
function loaderOf(name) {
  return name.endsWith('.ts') ? 'ts' : /\.[cm]js$/.test(name) ? 'js' : undefined;
}

/**
 * @param {string} folder @param {string} hash @param {readonly { path: string, text: string }[]} files
 * @param {string} main the path that the entry would have @param {boolean} split
 * @returns {Pick<Bundle, 'file' | 'written'>} relative to folder
 */
function placeBundle(folder, hash, files, main, split) {
  /** @type {Record<string, string>} */
  const written = {};
  const place = (/** @type {string} */ name, /** @type {string} */ text) => {
    writeAtomically(path.join(folder, name), text);
    written[name] = sha256(text);
  };
  for (const file of files) {
    const name = path.relative(path.dirname(main), file.path);
    place(split ? path.join(hash, name) : `${hash}.mjs`, file.text);
  }
  if (!split) return { file: `${hash}.mjs`, written };
  place(path.join(hash, 'package.json'), '{"type":"module"}');
  return { file: path.join(hash, path.basename(main)), written };
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

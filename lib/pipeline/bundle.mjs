// Plain JavaScript, because the command line's own bundle is made by it before any TypeScript can run.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Code that is hashed is code that runs: an entry is bundled by esbuild (comments and types gone, names
 * minified, unused code dropped, npm packages left outside), the bundle's SHA-256 is the entry's code,
 * and that very file is what is executed. Beside it lies the list of the files that made it; while none
 * of them moved, esbuild is not even loaded.
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
 * @typedef {object} Stamp what a file looked like when its bytes were read
 * @property {number} size
 * @property {number} mtimeMs
 * @property {number} ctimeMs
 * @property {number} ino
 * @property {number} readAtMs the clock just before it was read
 *
 * @typedef {object} Bundle
 * @property {string} file the bundle, an absolute path
 * @property {string} sha256 the code
 * @property {readonly Source[]} sources
 * @property {readonly string[]} packages the npm packages that it imports
 */

const FORMAT = 4;

/** @param {BundleRequest} request @returns {Promise<Bundle>} */
export async function bundle(request) {
  const folder = path.join(request.root, 'node_modules', '.cache', 'emotion-in-motion');
  const manifestFile = path.join(folder, `${key(request)}.json`);
  const known = readManifest(manifestFile);
  if (known !== undefined && unmoved(request.root, known, manifestFile)) {
    return { ...known, file: path.join(folder, known.file) };
  }
  const made = await build(request, folder);
  writeAtomically(manifestFile, JSON.stringify({ format: FORMAT, ...made }));
  return { ...made, file: path.join(folder, made.file) };
}

/**
 * Whether a file can be taken for unchanged without reading it. A file changed within the clock's
 * granularity of the moment it was read could have changed again unseen, so it is not trusted.
 * @param {fs.Stats | undefined} now @param {Stamp} then
 */
export function sameStamp(now, then) {
  if (now === undefined) return false;
  const youngestMs = Math.max(then.mtimeMs, then.ctimeMs);
  const granularityMs = Number.isInteger(then.mtimeMs / 1000) ? 2000 : 50;
  return (
    now.size === then.size &&
    now.mtimeMs === then.mtimeMs &&
    now.ctimeMs === then.ctimeMs &&
    now.ino === then.ino &&
    youngestMs + granularityMs < then.readAtMs
  );
}

/** @param {fs.Stats} stat @param {number} readAtMs @returns {Stamp} */
export function stampOf(stat, readAtMs) {
  const { size, mtimeMs, ctimeMs, ino } = stat;
  return { size, mtimeMs, ctimeMs, ino, readAtMs };
}

/** @param {BundleRequest} request */
function key({ entry, part, split }) {
  const name = entry.replace(/\.[a-z]+$/, '').replaceAll('/', '-');
  return `${name}.${part}${split === true ? '.split' : ''}`;
}

/** @param {string} file @returns {Bundle | undefined} */
function readManifest(file) {
  try {
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
    return manifest.format === FORMAT ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {Bundle} manifest @param {string} manifestFile */
function unmoved(root, manifest, manifestFile) {
  if (!fs.existsSync(path.join(path.dirname(manifestFile), manifest.file))) return false;
  let refreshed = false;
  for (const source of manifest.sources) {
    const file = path.join(root, source.path);
    const readAtMs = Date.now();
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    if (sameStamp(stat, source.stamp)) continue;
    if (sha256(fs.readFileSync(file)) !== source.sha256) return false;
    source.stamp = stampOf(stat, readAtMs);
    refreshed = true;
  }
  if (refreshed) writeAtomically(manifestFile, JSON.stringify({ format: FORMAT, ...manifest }));
  return true;
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
  const file = placeBundle(folder, hash, files, path.resolve(root, main), split);
  return { file, sha256: hash, sources, packages: [...packages].sort() };
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
  const loader = name.endsWith('.ts') ? 'ts' : name.endsWith('.mjs') ? 'js' : undefined;
  if (loader === undefined) return sha256(bytes);
  const { code } = await esbuild.transform(bytes.toString('utf8'), {
    loader,
    ...minified,
  });
  return sha256(code);
}

/**
 * @param {string} folder @param {string} hash @param {readonly { path: string, text: string }[]} files
 * @param {string} main the path that the entry would have @param {boolean} split
 * @returns {string} the entry, relative to folder
 */
function placeBundle(folder, hash, files, main, split) {
  for (const file of files) {
    const name = path.relative(path.dirname(main), file.path);
    writeAtomically(path.join(folder, split ? path.join(hash, name) : `${hash}.mjs`), file.text);
  }
  if (!split) return `${hash}.mjs`;
  writeAtomically(path.join(folder, hash, 'package.json'), '{"type":"module"}');
  return path.join(hash, path.basename(main));
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** @param {string} file @param {string} text */
function writeAtomically(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, text);
  fs.renameSync(temporary, file);
}

/** @param {string | Uint8Array} data */
function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

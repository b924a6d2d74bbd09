// Plain JavaScript, as bundle.mjs is, and loaded by it only when a bundle is made.
import { createHash } from 'node:crypto';

/**
 * A file's code, declaration by declaration: the name of each at the top level -> a hash of its code
 * without comments, types and layout. So `why` can name the function that changed, not only the file.
 *
 * @typedef {Readonly<Record<string, string>>} Declarations
 */

/** Under which names code that declares nothing stands, behind what does; no identifier has a space. */
const OTHERS = /** @type {const} */ ([
  ['its imports', /^import\b/],
  ['its exports', /^export\b/],
  ['its top-level statements', /^/],
]);

/** Enough to tell versions of one function apart; the file's own hash decides whether it changed. */
const HASH_LENGTH = 12;

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {'ts' | 'js'} loader
 * @param {string} text
 * @returns {Promise<Declarations>}
 */
export async function declarationsOf(esbuild, loader, text) {
  // White space goes first, and with it the comments that esbuild would keep for other tools.
  const bare = await esbuild.transform(text, { loader, ...layout, minifyWhitespace: true });
  const { code } = await esbuild.transform(bare.code, { loader: 'js', ...layout });
  /** @type {Map<string, string>} */
  const declared = new Map();
  /** @type {Map<string, string>} */
  const others = new Map();
  for (const piece of topLevel(code)) {
    const name = declaredName(piece);
    if (name !== undefined) declared.set(name, hashOf(piece));
    else if (!isExportList(piece)) {
      const other = OTHERS.find(([, beginning]) => beginning.test(piece))?.[0] ?? '';
      others.set(other, hashOf(`${others.get(other) ?? ''}${piece}`));
    }
  }
  return Object.fromEntries([...declared, ...others]);
}

/** Without template literals, which alone would carry the author's own line breaks into the output. */
const layout = /** @type {const} */ ({
  format: 'esm',
  target: 'node20',
  legalComments: 'none',
  charset: 'utf8',
  supported: { 'template-literal': false },
});

/**
 * esbuild lays code out so that only the first and the last line of a statement at the top level are
 * not indented, and the last begins with what closes it.
 *
 * @param {string} code
 * @returns {readonly string[]}
 */
function topLevel(code) {
  /** @type {string[]} */
  const pieces = [];
  for (const line of code.split('\n')) {
    if (/^[^\s)\]}]/.test(line)) pieces.push(line);
    else if (line !== '') pieces.push(`${pieces.pop() ?? ''}\n${line}`);
  }
  return pieces;
}

/** @param {string} piece */
function declaredName(piece) {
  const declaration =
    /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|let|var) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
  return declaration.exec(piece)?.[1];
}

/** esbuild gathers the names of what a file exports in a list, which moves with every one of them. @param {string} piece */
function isExportList(piece) {
  return /^export \{[^}]*\};$/.test(piece);
}

/** @param {string} code */
function hashOf(code) {
  return createHash('sha256').update(code).digest('hex').slice(0, HASH_LENGTH);
}

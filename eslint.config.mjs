// @ts-check
import { builtinModules } from 'node:module';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What the linter holds the code to. Beside the usual it is the keeper of two promises: the same inputs
 * give the same bytes on every machine, and code that is hashed is code that runs. A rule here that
 * cannot fail is no rule: test/tooling/lint.test.ts plants a violation of each.
 *
 * `no-restricted-syntax` of a later block replaces that of an earlier one instead of adding to it, so
 * each block below lists all that holds for its files.
 */

/** The functions of Math whose every bit ECMAScript fixes; the others are left to engine and machine. */
const exactFunctions = 'sqrt|fround|abs|min|max|floor|ceil|round|trunc|imul|clz32';
const constants = 'E|LN2|LN10|LOG2E|LOG10E|PI|SQRT1_2|SQRT2';

/** @param {string} mathNames alternatives of a regular expression @returns {Restriction[]} */
const arithmetic = (mathNames) => [
  {
    selector: `MemberExpression[object.name='Math']:not([computed=false][property.name=/^(${mathNames})$/])`,
    message: 'Its last bits differ between machines: take the function from lib/math/portable.ts.',
  },
  {
    selector: ":not(MemberExpression) > Identifier[name='Math']",
    message:
      'Math passed around cannot be checked: call Math.sqrt, Math.floor, ... by their names.',
  },
  ...hidden('Math', 'Write Math itself, so that it can be checked.'),
  {
    selector: "BinaryExpression[operator='**'], AssignmentExpression[operator='**=']",
    message:
      'Its last bits differ between machines: multiply, or take pow from lib/math/portable.ts.',
  },
];

/** @type {Restriction[]} */
const locale = [
  {
    selector: named('toLocale\\w+|localeCompare'),
    message: 'Depends on the locale and on the ICU of the machine: compare by code unit.',
  },
  ...hidden('Intl', 'Depends on the locale and on the ICU of the machine.'),
];

/** The bundler follows static imports only: what is reached through a string would run unhashed. */
/** @type {Restriction[]} */
const bundling = [
  {
    selector: "ImportExpression:not([source.type='Literal'])",
    message:
      'The bundler does not see what this imports: only the engine (lib/pipeline/load*.ts) may.',
  },
  {
    selector:
      "NewExpression[callee.name='Worker'], NewExpression[callee.property.name='Worker'], ImportSpecifier[imported.name='Worker']",
    message: 'The bundler does not see the file of a worker: only the engine starts workers.',
  },
  {
    selector: `CallExpression[callee.name='fork'], ${named('fork')}, ImportSpecifier[imported.name='fork']`,
    message:
      'The bundler does not see the file of a fork: only the engine starts processes of Node.',
  },
  {
    // createRequire is how a package's own file (a .wasm) is found; what it yields is checked below.
    selector:
      ":not(CallExpression[callee.name='createRequire']) > MemberExpression > MetaProperty[meta.name='import']",
    message: 'A stage runs from its bundle, where import.meta points elsewhere.',
  },
  {
    selector:
      "CallExpression[callee.name='require']:not([arguments.0.type='Literal']), CallExpression[callee.name='require'][arguments.0.value=/^[./]/]",
    message: 'The bundler does not see what this loads.',
  },
];

/** Only lib/cli touches the console, the environment and the exit status. */
/** @type {Restriction[]} */
const surroundings = [
  {
    selector:
      "MemberExpression[object.name='process']:matches([computed=true], [property.name=/^(env|exit|exitCode|abort|argv|stdin|stdout|stderr)$/])",
    message: 'Only lib/cli knows the environment, the terminal and the exit status: pass it on.',
  },
  {
    selector: ":not(MemberExpression) > Identifier[name='process']",
    message: 'Only lib/cli knows the environment, the terminal and the exit status: pass it on.',
  },
  ...hidden('process', 'Write process itself, so that it can be checked.'),
];

/** A run with nothing to do is known by all that an earlier one looked at: lib/cli/watch.ts listens there. */
/** @type {Restriction[]} */
const watched = [
  {
    selector:
      "ImportDeclaration[importKind!='type'][source.value='node:fs'] > ImportSpecifier, ImportDeclaration[source.value='node:fs/promises']",
    message: "Write `import fs from 'node:fs'` and fs.readFileSync: only that is watched.",
  },
];

const clocks = ['Date', 'performance'].map((name) => ({
  name,
  message: 'A result must not know the time. Only lib/pipeline and lib/cli may.',
}));
const terminal = [{ name: 'console', message: 'Only lib/cli prints.' }];
const icu = [{ name: 'Intl', message: 'Depends on the locale and on the ICU of the machine.' }];

/** Modules that would bring back under another name what is forbidden as a global. */
const sameByImport = ['node:process', 'node:console'].map((name) => ({
  name,
  message: 'Only lib/cli may.',
}));
const clocksByImport = [{ name: 'node:perf_hooks', message: 'A result must not know the time.' }];

const prefixed = {
  regex: `^(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`,
  message: 'Write the prefix: node:fs.',
};

const bundlers = ['worker*', 'local-executor', 'presence', 'load*'].map(
  (name) => `lib/pipeline/${name}.ts`,
);

export default defineConfig(
  // AssemblyScript is its compiler's to judge: to TypeScript its types are unknown.
  globalIgnores([
    'artifacts/',
    '.cache/',
    'corpus/',
    'lib/audio/flac/kernels/',
    'lib/dsp/kernels/',
    'lib/model/engine/kernels/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      // tsconfig's *.mjs passes over names that begin with a dot.
      parserOptions: { projectService: { allowDefaultProject: ['.*.mjs'] } },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Terminals and hostile file names are made of control characters.
      'no-control-regex': 'off',
      'no-eval': 'error',
      'no-new-func': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `run` of a stage is async whether or not it waits for something.
      '@typescript-eslint/require-await': 'off',
      // It asks for `!`, which no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A loop over the cells of a matrix stays a loop over an index.
      '@typescript-eslint/prefer-for-of': 'off',
      // A type that only marks (what a table's modules export) is used once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      'no-restricted-imports': ['error', { patterns: [prefixed] }],
    },
  },
  {
    name: 'named exports',
    files: ['{bin,lib,stages,test,bench,sample}/**'],
    rules: {
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  {
    name: 'one subject a file',
    files: ['{bin,lib,stages}/**'],
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true }] },
  },
  {
    name: 'code whose numbers reach an artifact',
    files: ['stages/**', 'lib/**'],
    ignores: ['lib/cli/**', 'lib/pipeline/**'],
    rules: {
      'no-restricted-globals': ['error', ...clocks, ...terminal, ...icu],
      'no-restricted-imports': [
        'error',
        { paths: [...sameByImport, ...clocksByImport], patterns: [prefixed] },
      ],
      'no-restricted-syntax': [
        'error',
        ...arithmetic(`${exactFunctions}|${constants}`),
        ...locale,
        ...bundling,
        ...surroundings,
      ],
    },
  },
  {
    name: 'the engine',
    files: ['lib/pipeline/**'],
    rules: {
      'no-restricted-globals': ['error', ...terminal, ...icu],
      'no-restricted-imports': ['error', { paths: sameByImport, patterns: [prefixed] }],
      'no-restricted-syntax': [
        'error',
        ...arithmetic(`${exactFunctions}|${constants}|random`),
        ...locale,
        ...watched,
        ...bundling,
        ...surroundings,
      ],
    },
  },
  {
    name: 'the few files of the engine that start what was bundled',
    files: [...bundlers, 'lib/pipeline/bundle.mjs'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...arithmetic(`${exactFunctions}|${constants}|random`),
        ...locale,
        ...watched,
        ...surroundings,
      ],
    },
  },
  {
    name: 'the command line',
    files: ['lib/cli/**'],
    rules: { 'no-restricted-syntax': ['error', ...watched] },
  },
  {
    name: 'a worker is a process of its own',
    files: ['lib/pipeline/worker*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...icu],
      'no-restricted-syntax': [
        'error',
        ...arithmetic(`${exactFunctions}|${constants}|random`),
        ...locale,
      ],
    },
  },
  {
    name: 'loops over numbers and columns, whose indices are right by construction',
    files: ['{bench,lib,stages,test}/**'],
    ignores: ['lib/{cli,corpus,pipeline}/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    name: 'plain JavaScript, whose types are comments',
    files: ['**/*.{mjs,cjs}'],
    rules: {
      // tsc knows the globals better, and checks these files too.
      'no-undef': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    name: 'CommonJS, which Node starts fastest',
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

/** @typedef {{ selector: string, message: string }} Restriction */

/** Any mention of a property of that name: called, taken, destructured. @param {string} names */
function named(names) {
  const pattern = `/^(${names})$/`;
  return [
    `MemberExpression[property.name=${pattern}]`,
    `MemberExpression[property.value=${pattern}]`,
    `ObjectPattern > Property[key.name=${pattern}]`,
  ].join(', ');
}

/** A global reached through another object: `globalThis.Math`. @param {string} name @param {string} message */
function hidden(name, message) {
  return [{ selector: named(name), message }];
}

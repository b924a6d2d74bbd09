// @ts-check
/**
 * Who may import whom. Types count as much as values: what a file knows of another, it depends on.
 * test/tooling/imports.test.ts plants a violation of each rule, and sees to it that modules are found.
 */

const project = '^(bin|lib|stages|test|bench|sample)/';
const product = '^(bin|lib|stages)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'unresolvable',
      comment:
        'An import that leads nowhere would pass every rule below. Optional packages may be absent.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@tensorflow/tfjs-node|ffmpeg-static)$' },
    },
    {
      name: 'math-stands-alone',
      severity: 'error',
      from: { path: '^lib/math/' },
      to: { path: project, pathNot: '^lib/math/' },
    },
    {
      name: 'wasm-stands-alone',
      comment: 'The memory of kernels, whatever they compute.',
      severity: 'error',
      from: { path: '^lib/wasm/' },
      to: { path: project, pathNot: '^lib/wasm/' },
    },
    {
      name: 'science-knows-no-files',
      comment: 'Signal processing, metrics and models are functions of numbers.',
      severity: 'error',
      from: { path: '^lib/(dsp|metrics|model)/' },
      to: { path: project, pathNot: '^lib/(dsp|math|metrics|model|wasm)/' },
    },
    {
      name: 'engine-knows-no-speech',
      severity: 'error',
      from: { path: '^lib/pipeline/' },
      to: { path: project, pathNot: '^lib/pipeline/' },
    },
    {
      name: 'sweeps-know-the-engine-alone',
      comment: 'A sweep is a graph with more nodes: what the nodes compute is the stages to know.',
      severity: 'error',
      from: { path: '^lib/sweeps/' },
      to: { path: project, pathNot: '^lib/(sweeps|pipeline|math)/' },
    },
    {
      name: 'engine-is-known-by-its-interface',
      comment:
        'What a stage is, how to refuse bad input and YAML without end, and what parameters are called; nothing else of the engine.',
      severity: 'error',
      from: { path: '^(lib|stages)/', pathNot: '^lib/(cli|pipeline|sweeps)/' },
      to: {
        path: '^lib/pipeline/',
        pathNot: '^lib/pipeline/(errors|nesting|parameter-names|stage)[.]ts$',
      },
    },
    {
      name: 'command-line-is-the-top',
      severity: 'error',
      from: { pathNot: '^(lib/cli|bin|test)/' },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'stages-are-run-not-imported',
      comment: 'Also not by each other: what two stages share belongs in lib.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^stages/', pathNot: '^stages/registry[.]ts$' },
    },
    {
      name: 'registry-is-for-the-command-line',
      severity: 'error',
      from: { pathNot: '^(lib/cli|bin|test|bench)/' },
      to: { path: '^stages/registry[.]ts$' },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { path: product },
      to: { path: '^(test|bench|sample)/' },
    },
    {
      name: 'product-without-tools',
      comment: 'Whoever installs without devDependencies must be able to run everything.',
      severity: 'error',
      from: { path: product },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm', 'npm-optional'],
      },
    },
    {
      name: 'declared-packages',
      comment: 'A package that only another package brought along may be gone tomorrow.',
      severity: 'error',
      from: { path: project },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};

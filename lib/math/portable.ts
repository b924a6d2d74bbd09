/**
 * Elementary functions with the same bits on every machine. ECMAScript leaves the last bits of
 * Math.exp, log, sin, ... to the engine, and engines differ; these use only operations
 * whose every bit IEEE 754 fixes. All give the double nearest to the true value or the one beside it,
 * and treat zeros, infinities and NaN as the functions of Math do.
 */
export { exp } from './exp.ts';
export { log, log10 } from './log.ts';
export { cos, sin } from './trigonometry.ts';

export { interpolateCycles } from './cycles';
export { interpolate } from './interpolate';
export { combineFours, combinePairs, loadFrames, splitPower } from './spectrum';

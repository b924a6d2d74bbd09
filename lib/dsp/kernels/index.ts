export { interpolateCycles } from './cycles';
export { interpolate } from './interpolate';
export { combineFours, loadFours, loadPairs, splitPower } from './spectrum';

export { interpolateCycles } from './cycles';
export { interpolateEach, weigh } from './interpolate';
export {
  averageBands,
  floorLevels,
  layFramesAbreast,
  layFramesInLine,
  log10,
  sumBands,
} from './mel';
export { combineFours, loadFours, loadPairs, splitPower } from './spectrum';

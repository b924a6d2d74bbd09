export { interpolate } from './interpolate';
export {
  averageBands,
  floorLevels,
  layFramesAbreast,
  layFramesInLine,
  log10,
  sumBands,
} from './mel';
export { combineFours, combinePairs, loadFrames, splitPower } from './spectrum';

export { makeCrc16Tables } from './crc';
export { beginFile, keep, readFrames } from './frames';

export { crc16 } from './crc';
export { putBytes, putFloats, undoStereo } from './samples';
export { readSubframe } from './subframe';

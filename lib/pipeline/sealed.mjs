// Plain JavaScript, because what makes the command line's own bundle needs it.
import { createHash } from 'node:crypto';

/**
 * A cache may be lost, never believed when it is damaged: its text is kept under its own SHA-256. This is
 * no signature: who can write there could write the program itself.
 *
 * @param {string} text @returns {string} what to write into the file
 */
export function seal(text) {
  return `${checksum(text)}\n${text}`;
}

/** @param {string} sealed what the file holds @returns {string | undefined} the text, if it is whole */
export function unseal(sealed) {
  const end = sealed.indexOf('\n');
  const text = sealed.slice(end + 1);
  return end > 0 && sealed.slice(0, end) === checksum(text) ? text : undefined;
}

/** The same for bytes, without an end of line. @param {Uint8Array} bytes */
export function sealBytes(bytes) {
  return Buffer.concat([Buffer.from(checksum(bytes)), bytes]);
}

/** @param {Buffer} sealed @returns {Buffer | undefined} the bytes, if they are whole */
export function unsealBytes(sealed) {
  const bytes = sealed.subarray(CHECKSUM_LENGTH);
  const whole = sealed.toString('latin1', 0, CHECKSUM_LENGTH) === checksum(bytes);
  return whole ? bytes : undefined;
}

const CHECKSUM_LENGTH = 64;

/** @param {string | Uint8Array} content */
function checksum(content) {
  return createHash('sha256').update(content).digest('hex');
}

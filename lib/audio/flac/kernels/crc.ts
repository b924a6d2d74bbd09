/**
 * CRC-8 of x^8 + x^2 + x + 1, from 0: over a frame's header with its own CRC it is 0 (RFC 9639, 9.1.8).
 *
 * @param from the first byte
 * @param to the one behind the last
 */
export function crc8(from: usize, to: usize): u32 {
  let crc: u32 = 0;
  for (; from < to; from += 1) {
    // Eight places up a byte leaves its product by x^2 + x + 1: ten bits, of which two are still too high.
    const product = timesX8(crc ^ load<u8>(from));
    crc = (product & 0xff) ^ timesX8(product >> 8);
  }
  return crc;
}

/** By x^2 + x + 1, which is what x^8 leaves. */
@inline
function timesX8(bits: u32): u32 {
  return bits ^ (bits << 1) ^ (bits << 2);
}

/**
 * Makes the tables of the CRC-16: for each number of bytes that follow, 0 to 7, what each byte leaves
 * behind them.
 *
 * @param tables room for 8 x 256 of uint16
 */
export function makeCrc16Tables(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte += 1) {
    let rest = byte << 8;
    for (let i = 0; i < 8; i += 1) rest = rest & 0x8000 ? (rest << 1) ^ 0x8005 : rest << 1;
    store<u16>(tables + (byte << 1), rest);
  }
  for (let place = tables + 512; place < tables + 4096; place += 2) {
    const before = <u32>load<u16>(place - 512);
    store<u16>(place, (before << 8) ^ left(tables, 0, before >> 8));
  }
}

/**
 * CRC-16 of x^16 + x^15 + x^2 + 1, from 0: over a whole frame with its own CRC it is 0 (RFC 9639, 9.3).
 * Eight bytes at once, each by the table of what it leaves behind the bytes that follow.
 *
 * @param from the first byte
 * @param to the one behind the last
 * @param tables what makeCrc16Tables made
 */
export function crc16(from: usize, to: usize, tables: usize): u32 {
  let crc: u32 = 0;
  for (; from + 8 <= to; from += 8) {
    // The rest of what came before goes into the first two bytes.
    const word = load<u64>(from) ^ ((crc >> 8) | ((crc & 0xff) << 8));
    crc =
      left(tables, 7, word) ^
      left(tables, 6, word >> 8) ^
      left(tables, 5, word >> 16) ^
      left(tables, 4, word >> 24) ^
      left(tables, 3, word >> 32) ^
      left(tables, 2, word >> 40) ^
      left(tables, 1, word >> 48) ^
      left(tables, 0, word >> 56);
  }
  for (; from < to; from += 1) {
    crc = ((crc & 0xff) << 8) ^ left(tables, 0, (crc >> 8) ^ load<u8>(from));
  }
  return crc;
}

@inline
function left(tables: usize, following: usize, byte: u64): u32 {
  return load<u16>(tables + (following << 9) + ((<usize>byte & 0xff) << 1));
}

/**
 * CRC-16 of x^16 + x^15 + x^2 + 1, from 0: over a whole frame with its own CRC it is 0 (RFC 9639, 9.3).
 * Eight bytes at once, each by the table of what it leaves behind the bytes that follow.
 *
 * @param from the first byte
 * @param to the one behind the last
 * @param tables for each number of bytes that follow, 0 to 7, what each byte leaves: 8 x 256 of uint16
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

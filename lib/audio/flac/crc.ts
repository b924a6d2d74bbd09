/** CRC-8 of x^8 + x^2 + x + 1, from 0: over a frame's header with its own CRC it is 0 (RFC 9639, 9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = CRC8[crc ^ byte]!;
  return crc;
}

/** CRC-16 of x^16 + x^15 + x^2 + 1, from 0: over a whole frame with its own CRC it is 0 (RFC 9639, 9.3). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc & 0xff) << 8) ^ CRC16[(crc >> 8) ^ byte]!;
  return crc;
}

const CRC8 = table(8, 0x07);
const CRC16 = table(16, 0x8005);

/** For each byte, what is left of it when it has been divided by the polynomial. */
function table(bits: number, polynomial: number): Uint16Array {
  const top = 1 << (bits - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let rest = byte << (bits - 8);
    for (let i = 0; i < 8; i += 1) rest = rest & top ? (rest << 1) ^ polynomial : rest << 1;
    return rest & (2 * top - 1);
  });
}

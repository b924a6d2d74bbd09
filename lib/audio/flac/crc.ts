/** CRC-8 of x^8 + x^2 + x + 1, from 0: over a frame's header with its own CRC it is 0 (RFC 9639, 9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = CRC8[crc ^ byte]!;
  return crc;
}

/**
 * The tables of the CRC-16 of x^16 + x^15 + x^2 + 1 (RFC 9639, 9.3): for each number of bytes that follow,
 * 0 to 7, what each byte leaves behind them.
 */
export function crc16Tables(): Uint16Array {
  const tables = new Uint16Array(8 * 256);
  tables.set(table(16, 0x8005));
  for (let i = 256; i < tables.length; i += 1) {
    const before = tables[i - 256]!;
    tables[i] = (before << 8) ^ tables[before >> 8]!;
  }
  return tables;
}

const CRC8 = table(8, 0x07);

/** For each byte, what is left of it when it has been divided by the polynomial. */
function table(bits: number, polynomial: number): Uint16Array {
  const top = 1 << (bits - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let rest = byte << (bits - 8);
    for (let i = 0; i < 8; i += 1) rest = rest & top ? (rest << 1) ^ polynomial : rest << 1;
    return rest & (2 * top - 1);
  });
}

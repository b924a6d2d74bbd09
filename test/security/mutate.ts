import { randomStream, type Random } from '../../lib/math/random.ts';

/** The random numbers of one case: the same for the same reader and number, on every machine. */
export function caseStream(reader: string, number: number): Random {
  return randomStream({ seed: number, stage: `fuzz ${reader}`, fold: 0, purpose: 'augment' });
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}

/** Characters and words at which a reader of text may trip, whatever it reads. */
const ODD = [
  ...['\0', '\t', '\n', '\r', '\r\n', '\u001b[2J', '\u0085', '\u2028', '\u202e', '\ufeff', '\ufffd'],
  ...['\ud800', '\udfff', 'é', 'e\u0301', '日本', '🎧', ' ', '  ', '    ', '\\', '"', "'", '`', '$'],
  ...['$(id)', '`id`', ';id', '|id', '&', '<b>', '{', '}', '[', ']', '(', ')', ',', ':', ': ', '- '],
  ...['?', '? ', '!', '!!str ', '*a', '&a ', '#', '%', '@', '=', '.', '..', '../', '/', '~', '-'],
  ...['0', '-0', '1', '-1', '00', '99', '1e999', '-1e999', '.nan', '.inf', '0x7f', '4294967296'],
  ...['9007199254740993', '1e-400', 'null', 'true', 'yes', 'undefined', '__proto__', 'constructor'],
  ...['prototype', 'toString', 'hasOwnProperty', '/dev/zero', '/etc/passwd', 'file:', 'http://'],
];

/** A text with one to four changes: left out, doubled, moved, cut, replaced by something odd or spliced. */
export function mutateText(
  random: Random,
  seeds: readonly string[],
  words: readonly string[] = [],
): string {
  let text = pick(random, seeds);
  const odd = [...ODD, ...words, ...words];
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const from = random.below(text.length + 1);
    const to = Math.min(text.length, from + random.below(1 + random.below(40)));
    const [before, piece, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
    const other = pick(random, seeds);
    const place = random.below(other.length + 1);
    text = [
      () => before + after,
      () => before + piece + piece + after,
      () => before + pick(random, odd) + after,
      () => before + pick(random, odd) + piece + after,
      () => before + String.fromCharCode(random.below(0x180)) + after,
      () => before + piece.repeat(1 + random.below(30)) + after,
      () => (random.below(4) === 0 ? before : before + after),
      () => before + other.slice(place, place + random.below(60)) + after,
      () => before + [...piece].reverse().join('') + after,
    ][random.below(9)]!();
  }
  return text;
}

/** Bytes with one to four changes: bits and numbers, ranges left out, doubled, moved, spliced, cut. */
export function mutateBytes(random: Random, seeds: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(pick(random, seeds));
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const from = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, from + random.below(1 + random.below(200)));
    const [before, piece, after] = [
      bytes.subarray(0, from),
      bytes.subarray(from, to),
      bytes.subarray(to),
    ];
    const other = pick(random, seeds);
    const place = random.below(other.length + 1);
    bytes = [
      () => flipped(random, bytes),
      () => flipped(random, bytes),
      () => withNumber(random, bytes),
      () => withNumber(random, bytes),
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, piece, piece, after]),
      () => Buffer.concat([before, noise(random, random.below(64)), after]),
      () => Buffer.concat([before, noise(random, piece.length), after]),
      () => (random.below(3) === 0 ? Buffer.from(before) : flipped(random, bytes)),
      () => Buffer.concat([before, other.subarray(place, place + random.below(400)), after]),
    ][random.below(10)]!();
  }
  return bytes;
}

function flipped(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  if (changed.length > 0) changed[random.below(changed.length)]! ^= 1 << random.below(8);
  return changed;
}

/** Lengths and offsets that are too small, too large, negative or nearly right. */
function withNumber(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const width = pick(random, [1, 2, 4, 8]);
  if (changed.length < width) return changed;
  const at = random.below(Math.floor((changed.length - width) / 4) + 1) * 4;
  if (at + width > changed.length) return changed;
  const value = pick(random, [0n, 1n, 8n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0xffffffffn, -1n]);
  const whole = Buffer.alloc(8);
  whole.writeBigInt64LE(value);
  whole.copy(changed, at, 0, width);
  return changed;
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

import { randomStream, type Random } from '../../lib/math/random.ts';

/** What is tried on every text reader: controls, markup, escapes, paths, names of JavaScript's own. */
export const hostileTokens: readonly string[] = [
  ...['\0', '\x07', '\x1b[2J', '\x1b]0;x\x07', '\x7f', '\x9b31m', '\r', '\n', '\r\n', '\t'],
  ...['\u2028', '\u202e', '\ufeff', '\ufffd', '\ud800', '\u{1f600}', 'é', 'é'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'],
  ...['../', '..\\', '/etc/passwd', '~', '/dev/zero', 'C:\\', '//', '.', '..', '-', '--help'],
  ...['<script>', '</td>', '&lt;', '"', "'", '`', '$(id)', '${x}', ';', '|', '>', '%s', '%00'],
  ...['NaN', '.nan', '.inf', '-0', '1e999', '-1', '0', '4294967296', '9007199254740993', '1e-400'],
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '[[[[[[[[',
    '{a: {a: ',
    '- - - - ',
    '? ',
    ': ',
    '*a',
    '&a ',
    '<<: ',
  ],
  ...[
    '!!binary ',
    '"\\ud800"',
    '!!js/function ',
    '%YAML 1.1\n---\n',
    '---\n',
    '...\n',
    '|\n',
    '>-\n',
    '#',
    ',',
  ],
];

/** The generator of one mutation: the same seed and number give the same input again. */
export function randomOf(seed: number, mutation: number): Random {
  return randomStream({ seed, stage: 'fuzz', fold: mutation, purpose: 'augment' });
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Up to five changes to one of the texts: each a place overwritten, cut, repeated, moved or filled. */
export function mutatedText(
  random: Random,
  texts: readonly string[],
  tokens: readonly string[] = hostileTokens,
): string {
  let text = pick(random, texts);
  for (let left = 1 + random.below(pick(random, [1, 1, 2, 5])); left > 0; left -= 1)
    text = changedText(random, text, texts, tokens);
  return text;
}

function changedText(
  random: Random,
  text: string,
  texts: readonly string[],
  tokens: readonly string[],
): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + random.below(1 + pick(random, [2, 8, 40])));
  const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (random.below(12)) {
    case 0:
      return before;
    case 1:
      return after;
    case 2:
      return before + after;
    case 3:
      return before + pick(random, tokens) + part + after;
    case 4:
    case 9:
      return before + pick(random, tokens) + after;
    case 5:
    case 8:
      return before + part.repeat(1 + random.below(pick(random, [3, 30]))) + after;
    case 6:
      return before + String.fromCharCode(random.below(pick(random, [128, 65_536]))) + after;
    case 7:
      return lineMoved(random, text);
    default:
      return before + sliceOf(random, pick(random, texts)) + after;
  }
}

/** A line is left out, doubled, or put elsewhere. */
function lineMoved(random: Random, text: string): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), random.below(2));
  lines.splice(random.below(lines.length + 1), 0, ...Array<string>(random.below(3)).fill(line));
  return lines.join('\n');
}

function sliceOf(random: Random, text: string): string {
  const from = random.below(text.length + 1);
  return text.slice(from, from + random.below(80));
}

/** Numbers that lengths, counts and offsets of binary files like least. */
const HOSTILE_NUMBERS: readonly number[] = [
  0, 1, 2, 7, 8, 15, 16, 17, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, 0x1000000,
  0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

/** Up to five changes to one of the files: bits flipped, numbers overwritten, parts cut, doubled, moved. */
export function mutatedBytes(random: Random, files: readonly Buffer[]): Buffer {
  let bytes: Buffer = Buffer.from(pick(random, files));
  for (let left = 1 + random.below(pick(random, [1, 1, 2, 5])); left > 0; left -= 1)
    bytes = changedBytes(random, bytes, files);
  return bytes;
}

function changedBytes(random: Random, bytes: Buffer, files: readonly Buffer[]): Buffer {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + random.below(1 + pick(random, [4, 16, 256])));
  const [before, part, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, end),
    bytes.subarray(end),
  ];
  switch (random.below(9)) {
    case 0:
      return Buffer.from(before);
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, part, part, after]);
    case 3:
      return Buffer.concat([before, Buffer.alloc(end - at), after]);
    case 4:
      return Buffer.concat([before, Buffer.from(part).reverse(), after]);
    case 5: {
      const other = pick(random, files);
      const from = random.below(other.length + 1);
      return Buffer.concat([before, other.subarray(from, from + end - at), after]);
    }
    case 6: {
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    }
    default:
      return numberPlaced(random, bytes);
  }
}

/** A 32-bit number, most often where numbers stand: aligned to four, and towards the file's end. */
function numberPlaced(random: Random, bytes: Buffer): Buffer {
  if (bytes.length < 4) return bytes;
  const near = Math.min(bytes.length - 4, random.below(2) === 0 ? 2048 : bytes.length - 4);
  const place = bytes.length - 4 - random.below(near + 1);
  bytes.writeUInt32LE(pick(random, HOSTILE_NUMBERS), random.below(4) === 0 ? place : place & ~3);
  return bytes;
}

const HOSTILE_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    9007199254740992,
    '',
    'x',
    '\x1b[2J',
    '../../up',
    '/etc/passwd',
  ],
  ...['..', 'a'.repeat(64), '0'.repeat(64), '__proto__', [], {}, [[]], { length: 1e9 }, ['\n']],
];

/** One to three changes to a JSON value: a member replaced, left out, renamed or added, at any depth. */
export function mutatedJson(random: Random, value: unknown): unknown {
  let changed = value;
  for (let left = 1 + random.below(3); left > 0; left -= 1) changed = changedJson(random, changed);
  return changed;
}

function changedJson(random: Random, value: unknown): unknown {
  const inner = typeof value === 'object' && value !== null;
  if (!inner || random.below(8) === 0) return pick(random, HOSTILE_VALUES);
  const entries = Object.entries(value);
  const at = random.below(entries.length + 1);
  const entry = entries[at];
  const way = random.below(10);
  if (entry === undefined) entries.push([pick(random, KEYS), pick(random, HOSTILE_VALUES)]);
  else if (way === 0) entries.splice(at, 1);
  else if (way === 1) entries[at] = [pick(random, KEYS), entry[1]];
  else entries[at] = [entry[0], changedJson(random, entry[1])];
  if (Array.isArray(value)) return entries.map(([, member]: [string, unknown]) => member);
  return Object.fromEntries(entries);
}

const KEYS = ['__proto__', 'constructor', 'toString', '', '../x', 'a\nb', '\x1b[2J', 'length', '0'];

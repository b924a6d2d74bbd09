import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack } from '../../lib/corpus/fetch/unpack.ts';
import { zipOf, type ZipEntry } from './fetch-zip.ts';

let root: string;
let archive: string;
let folder: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-unpack-'));
  archive = path.join(root, 'speech.zip');
  folder = path.join(root, 'corpus');
  fs.mkdirSync(folder);
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const signal = new AbortController().signal;

async function messageOf(bytes: Buffer): Promise<string> {
  fs.writeFileSync(archive, bytes);
  const error: unknown = await unpack(archive, folder, signal).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'UserError' });
  return (error as Error).message.replace(archive, 'ARCHIVE');
}

describe('an archive', () => {
  it('is unpacked, stored and compressed files alike', async () => {
    const long = 'la'.repeat(50_000);
    fs.writeFileSync(
      archive,
      zipOf([
        { name: 'Actor_01/', mode: 0o040_755 },
        { name: 'Actor_01/a.wav', content: 'one' },
        { name: 'Actor_02/b.wav', content: long, deflate: true },
      ]),
    );
    await unpack(archive, folder, signal);
    expect(fs.readFileSync(path.join(folder, 'Actor_01/a.wav'), 'utf8')).toBe('one');
    expect(fs.readFileSync(path.join(folder, 'Actor_02/b.wav'), 'utf8')).toBe(long);
  });

  const good: ZipEntry = { name: 'Actor_01/a.wav', content: 'one' };
  const cases: readonly [string, readonly ZipEntry[], string][] = [
    ['a way out', [good, { name: '../x' }], '"../x", a path that leads out of its folder'],
    [
      'a way out further down',
      [good, { name: 'a/../../x' }],
      '"a/../../x", a path that leads out of its folder',
    ],
    ['an absolute path', [good, { name: '/x' }], '"/x", an absolute path'],
    ['a drive', [good, { name: 'C:/x' }], '"C:/x", an absolute path'],
    ['a drive without slash', [good, { name: 'c:x' }], '"c:x", an absolute path'],
    [
      'backslashes',
      [good, { name: '..\\x' }],
      String.raw`"..\\x", a name with characters that not every system knows`,
    ],
    [
      'a control character',
      [good, { name: 'a\u0000b' }],
      String.raw`"a\u0000b", a name with characters that not every system knows`,
    ],
    ['an empty part', [good, { name: 'a//b' }], '"a//b", a path that not every system knows'],
    ['a part that is a dot', [good, { name: './b' }], '"./b", a path that not every system knows'],
    ['a link', [good, { name: 'link', content: '/etc/passwd', mode: 0o120_777 }], '"link", a link'],
    ['a device', [good, { name: 'tape', mode: 0o020_666 }], '"tape", neither a file nor a folder'],
    ['a name twice', [good, { name: 'actor_01/A.wav' }], '"actor_01/A.wav", twice'],
    [
      'a file where a folder is',
      [good, { name: 'Actor_01' }],
      '"Actor_01", as a file and as a folder',
    ],
  ];
  it.each(cases)('that holds %s is refused before anything is written', async (_, entries, why) => {
    expect(await messageOf(zipOf(entries))).toBe(`ARCHIVE holds ${why}. Nothing was unpacked.`);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(fs.readdirSync(root).sort()).toEqual(['corpus', 'speech.zip']);
  });

  it('that declares more than any corpus holds is refused before anything is written', async () => {
    const bomb = [good, { name: 'b', content: '1', deflate: true, declaredBytes: 4_100_000_000 }];
    expect(await messageOf(zipOf(bomb))).toBe(
      'ARCHIVE holds "b", and so more than 20000 files or 4000000000 bytes. Nothing was unpacked.',
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('that holds more than it declares is stopped there', async () => {
    const content = Buffer.alloc(1_000_000);
    const lie = zipOf([{ name: 'b', content, deflate: true, declaredBytes: 10 }]);
    expect(await messageOf(lie)).toMatch(
      /^ARCHIVE cannot be unpacked \(too many bytes in the stream. expected 10. got at least \d+\): it is no ZIP archive, or not whole\.$/,
    );
    expect(fs.statSync(path.join(folder, 'b')).size).toBeLessThanOrEqual(10);
  });

  it('that is cut short is refused', async () => {
    expect(await messageOf(zipOf([good]).subarray(0, -10))).toMatch(
      /^ARCHIVE cannot be unpacked \(.+\): it is no ZIP archive, or not whole\.$/,
    );
  });

  it('stops when interrupted', async () => {
    fs.writeFileSync(archive, zipOf([good]));
    const reason = new Error('stop');
    await expect(unpack(archive, folder, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

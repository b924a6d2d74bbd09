import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDescription } from '../../lib/corpus/description.ts';
import { fetchRavdess, type Fetching } from '../../lib/corpus/fetch/ravdess.ts';
import { answers, cutsAfter, sends, sendsChunked, serve, staysSilent } from './fetch-server.ts';
import type { Behaviour, Server } from './fetch-server.ts';
import { zipOf } from './fetch-zip.ts';

const recordings = ['Actor_01/03-01-01-01-01-01-01.wav', 'Actor_02/03-01-05-01-01-01-02.wav'].map(
  (name) => ({ name, content: randomBytes(200_000) }),
);
const archive = zipOf(recordings);
const expectation = { bytes: archive.length, md5: md5(archive) };
const half = archive.length / 2;
/** Tells the server how far the download is. */
const client = new EventEmitter<{ bytes: [number] }>();

let root: string;
let into: string;
let part: string;
let server: Server | undefined;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-fetch-'));
  into = path.join(root, 'corpora/ravdess');
  part = `${into}.zip.part`;
  fs.mkdirSync(path.dirname(into));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  fs.rmSync(root, { recursive: true, force: true });
});

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

async function start(...behaviours: readonly Behaviour[]): Promise<Server> {
  await server?.close();
  server = await serve(...behaviours);
  return server;
}

function fetchFrom(
  { url }: { readonly url: string },
  more: Partial<Fetching> = {},
): ReturnType<typeof fetchRavdess> {
  const onProgress = (done: number): void => void client.emit('bytes', done);
  return fetchRavdess({
    into,
    url,
    expect: expectation,
    pausesSeconds: [0, 0],
    onProgress,
    ...more,
  });
}

/** The message of the UserError, with what differs from run to run named. */
async function failureOf(from: Server, more: Partial<Fetching> = {}): Promise<string> {
  const error: unknown = await fetchFrom(from, more).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'UserError' });
  return (error as Error).message
    .replaceAll(root, 'ROOT')
    .replaceAll(from.url, 'URL')
    .replaceAll(String(archive.length), 'ALL');
}

/** Everything below the folder of the corpora, with what the corpus holds compared to the archive. */
function expectWhole(): void {
  expect(fs.readdirSync(path.dirname(into))).toEqual(['ravdess']);
  expect(fs.readdirSync(into).sort()).toEqual([
    '.fetched.json',
    'Actor_01',
    'Actor_02',
    'corpus.yaml',
  ]);
  for (const { name, content } of recordings) {
    expect(fs.readFileSync(path.join(into, name)).equals(content)).toBe(true);
  }
}

describe('fetching', () => {
  it('makes the folder, says under which terms, and shows how far it is', async () => {
    fs.rmdirSync(path.dirname(into));
    const steps: [number, number][] = [];
    const onProgress = (...step: [number, number]): void => void steps.push(step);
    const fetched = await fetchFrom(await start(sends(archive)), { onProgress });
    expect(fetched).toEqual({
      folder: into,
      files: 2,
      already: false,
      notice:
        'RAVDESS is licensed under CC BY-NC-SA 4.0: not for commercial use, and what is made from it is shared alike (https://creativecommons.org/licenses/by-nc-sa/4.0/). To be cited: Livingstone SR, Russo FA (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391',
    });
    expectWhole();
    expect(await readDescription(into)).toMatchObject({
      name: 'RAVDESS speech',
      layout: 'ravdess',
      synthetic: false,
      licence: 'CC BY-NC-SA 4.0',
    });
    expect(steps.at(-1)).toEqual([archive.length, archive.length]);
    expect(steps.every(([done], i) => done >= (steps[i - 1]?.[0] ?? 0))).toBe(true);
  });

  it('leaves a folder that is there already alone, and asks no server', async () => {
    const { requests, ...from } = await start(sends(archive));
    await fetchFrom(from);
    fs.writeFileSync(path.join(into, '.DS_Store'), 'left by looking at it');
    expect(await fetchFrom(from)).toMatchObject({ folder: into, files: 2, already: true });
    expect(requests).toHaveLength(1);
  });

  it('follows a redirect', async () => {
    await fetchFrom(await start(answers(302, { location: '/elsewhere.zip' }), sends(archive)));
    expectWhole();
  });

  it('unpacks into an empty folder', async () => {
    fs.mkdirSync(into);
    await fetchFrom(await start(sends(archive)));
    expectWhole();
  });
});

describe('a connection that is cut half-way', () => {
  it('is taken up where it ended', async () => {
    const from = await start(cutsAfter(half, archive, client), sends(archive));
    await fetchFrom(from);
    expect(from.requests).toHaveLength(2);
    expect(from.requests[0]).not.toHaveProperty('range');
    expect(from.requests[1]).toMatchObject({ range: `bytes=${half}-`, 'if-range': '"one"' });
    expectWhole();
  });

  it('is taken up by the next run, after giving up and saying so', async () => {
    expect(await failureOf(await start(cutsAfter(half, archive, client), answers(503)))).toBe(
      `URL could not be downloaded (status 503). ${half} of ALL bytes are kept in ROOT/corpora/ravdess.zip.part: run this again to go on from there. Where Node has no way to the network, download the file by other means and put it there.`,
    );
    const from = await start(sends(archive));
    await fetchFrom(from);
    expect(from.requests).toMatchObject([{ range: `bytes=${half}-` }]);
    expectWhole();
  });

  it('starts anew with a server that ignores ranges', async () => {
    const whole: Behaviour = (_request, response) => void response.writeHead(200).end(archive);
    await fetchFrom(await start(cutsAfter(half, archive, client), whole));
    expectWhole();
  });

  it('starts anew when the server has another version by now', async () => {
    const old = Buffer.alloc(archive.length, 1);
    const from = await start(cutsAfter(half, old, client, '"old"'), sends(archive, '"new"'));
    await fetchFrom(from);
    expect(from.requests[1]).toMatchObject({ 'if-range': '"old"' });
    expectWhole();
  });

  it('starts anew when the server cannot serve the range', async () => {
    fs.writeFileSync(part, archive.subarray(0, 1000));
    const from = await start(answers(416), sends(archive));
    await fetchFrom(from);
    expect(from.requests.map(({ range }) => range)).toEqual(['bytes=1000-', undefined]);
    expectWhole();
  });

  it('starts anew when the server sends another range', async () => {
    fs.writeFileSync(part, archive.subarray(0, 1000));
    const other: Behaviour = (_request, response) => {
      const contentRange = `bytes 5-${archive.length - 1}/${archive.length}`;
      response.writeHead(206, { 'content-range': contentRange }).end(archive.subarray(5));
    };
    await fetchFrom(await start(other, sends(archive)));
    expectWhole();
  });

  it('never ends in a loop with a server that always cuts at the same place', async () => {
    const from = await start(cutsAfter(half, archive, client));
    expect(await failureOf(from)).toContain('could not be downloaded (UND_ERR_SOCKET)');
    expect(from.requests).toHaveLength(3);
  });

  it('is kept when the user stops, and taken up later', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const halfOnly: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, half));
    };
    const onProgress = (done: number): void => {
      if (done === half) controller.abort(reason);
    };
    const { signal } = controller;
    await expect(fetchFrom(await start(halfOnly), { signal, onProgress })).rejects.toBe(reason);
    expect(fs.readdirSync(path.dirname(into))).toEqual(['ravdess.zip.part']);
    const from = await start(sends(archive));
    await fetchFrom(from);
    expect(from.requests).toMatchObject([{ range: `bytes=${half}-` }]);
    expectWhole();
  });
});

describe('a server in trouble', () => {
  it('is asked again', async () => {
    const busy = answers(429, { 'retry-after': '0' });
    await fetchFrom(await start(busy, answers(500), sends(archive)), { pausesSeconds: [0, 0, 0] });
    expectWhole();
  });

  it('that falls silent is asked again', async () => {
    await fetchFrom(await start(staysSilent, sends(archive)), { idleSeconds: 0.2 });
    expectWhole();
  });

  it('that stays silent is given up', async () => {
    expect(await failureOf(await start(staysSilent), { idleSeconds: 0.1 })).toContain(
      'could not be downloaded (silent for 0.1 s). 0 of ALL bytes',
    );
  });

  it('that is not there is given up', async () => {
    const from = await start(sends(archive));
    await from.close();
    expect(await failureOf(from)).toContain('could not be downloaded (ECONNREFUSED). 0 of ALL');
  });

  it('that has no such file is not asked again', async () => {
    const from = await start(answers(404));
    expect(await failureOf(from)).toBe(
      'URL answers with status 404 instead of the file. Look whether the address is still right, or name another place with --url.',
    );
    expect(from.requests).toHaveLength(1);
  });
});

describe('another file', () => {
  it('of the same length is deleted', async () => {
    const other = Buffer.from(archive);
    other[10_000] = 255 - (other[10_000] ?? 0);
    expect(await failureOf(await start(sends(other)))).toBe(
      `What came from URL has the MD5 ${md5(other)}, not ${expectation.md5}: it was damaged on the way, or is another file. It has been deleted. Run this again to download it anew, or name another place with --url.`,
    );
    expect(fs.readdirSync(path.dirname(into))).toEqual([]);
  });

  it('of another length is not downloaded', async () => {
    expect(await failureOf(await start(sends(Buffer.alloc(1234))))).toBe(
      'URL has 1234 bytes, not the ALL that the file should have: it is another file, or a page in its place. Name the right place with --url.',
    );
    expect(fs.readdirSync(path.dirname(into))).toEqual([]);
  });

  it('that is longer and does not say so is deleted', async () => {
    const long = Buffer.concat([archive, Buffer.alloc(10)]);
    expect(await failureOf(await start(sendsChunked(long)))).toBe(
      'URL sends more than the ALL bytes that the file should have: it is another file. What came of it has been deleted. Name the right place with --url.',
    );
    expect(fs.readdirSync(path.dirname(into))).toEqual([]);
  });

  it('that is shorter and does not say so is given up', async () => {
    expect(await failureOf(await start(sendsChunked(archive.subarray(0, 99))))).toContain(
      'could not be downloaded (cut short). 99 of ALL bytes',
    );
  });

  it('begun by somebody else is found out and deleted', async () => {
    fs.writeFileSync(part, 'something else');
    const from = await start(sends(archive));
    expect(await failureOf(from)).toContain('It has been deleted.');
    await fetchFrom(from);
    expectWhole();
  });

  it('that would write outside leaves nothing behind but itself', async () => {
    const evil = zipOf([{ name: '../evil' }]);
    const expectEvil = { expect: { bytes: evil.length, md5: md5(evil) } };
    expect(await failureOf(await start(sends(evil)), expectEvil)).toBe(
      'ROOT/corpora/ravdess.zip.part holds "../evil", a path that leads out of its folder. Nothing was unpacked.',
    );
    expect(fs.readdirSync(path.dirname(into))).toEqual(['ravdess.zip.part']);
  });
});

describe('a folder', () => {
  it('that holds something else is not touched', async () => {
    fs.mkdirSync(into);
    fs.writeFileSync(path.join(into, 'mine.txt'), 'mine');
    expect(await failureOf(await start(sends(archive)))).toBe(
      'ROOT/corpora/ravdess exists, and is not what this command makes. Move it away, or choose another folder with --into.',
    );
    expect(fs.readdirSync(into)).toEqual(['mine.txt']);
  });

  it('that is a file is not touched', async () => {
    fs.writeFileSync(into, 'mine');
    expect(await failureOf(await start(sends(archive)))).toContain('exists, and is not what');
  });

  it('that lost a recording is not taken for whole', async () => {
    const from = await start(sends(archive));
    await fetchFrom(from);
    fs.rmSync(path.join(into, 'Actor_02/03-01-05-01-01-01-02.wav'));
    expect(await failureOf(from)).toBe(
      'ROOT/corpora/ravdess was made by an earlier run with 2 recordings, but holds 1, or one has another length. Delete the folder and run this again, or choose another with --into.',
    );
  });

  it('below a file cannot be made', async () => {
    fs.writeFileSync(path.join(root, 'file'), '');
    const below = { into: path.join(root, 'file/corpora/ravdess') };
    expect(await failureOf(await start(sends(archive)), below)).toBe(
      'ROOT/file/corpora cannot be written (ENOTDIR). Choose another folder with --into.',
    );
  });

  it.skipIf(!fs.existsSync('/dev/full'))('on a full disk keeps what is there', async () => {
    fs.symlinkSync('/dev/full', part);
    expect(await failureOf(await start(sends(archive)))).toBe(
      'The disk of ROOT/corpora/ravdess.zip.part is full. Free some space and run this again: it goes on from there.',
    );
  });
});

describe('an address', () => {
  it.each(['file:///etc/passwd', 'data:,x', 'zenodo.org/x.zip'])('%s is refused', async (url) => {
    const error: unknown = await fetchFrom({ url }).catch((error: unknown) => error);
    expect((error as Error).message).toBe(
      `--url takes an address that begins with https:// or http://, not "${url}".`,
    );
  });
});

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContainer } from '../../lib/audio/container.ts';
import { decodeClip } from '../../lib/audio/decode-clip.ts';
import { decodeFile } from '../../lib/audio/decode-file.ts';
import { everyFfmpeg } from '../audio/ffmpeg.ts';
import { noise, wavFile } from '../audio/wav.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { answered, fuzz } from './fuzz.ts';
import { mutatedBytes } from './mutate.ts';

const folder = temporaryFolder();
const ffmpegs = await everyFfmpeg();
const signal = new AbortController().signal;
const asked: string[] = [];
let port = 0;

const server = http.createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  response.end(wavFile({ rateHz: 8000, samples: noise(8000, 1) }));
});
server.on('connection', (socket: net.Socket) => {
  asked.push(`connection from ${socket.remoteAddress ?? ''}`);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
});

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

/** What asks ffmpeg to fetch something, or to read another file, when a file holds it. */
function scripts(): readonly (readonly [string, string | Buffer])[] {
  const url = `http://127.0.0.1:${port}/a.wav`;
  return [
    ['a playlist', `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}\n#EXT-X-ENDLIST\n`],
    [
      'a playlist of a file',
      '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n',
    ],
    [
      'a playlist of a key',
      `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}"\n#EXTINF:9,\nsecret.wav\n`,
    ],
    [
      'a playlist of a map',
      `#EXTM3U\n#EXT-X-MAP:URI="concat:${url}|secret.wav"\n#EXTINF:9,\nsecret.wav\n`,
    ],
    ['a concat script', `ffconcat version 1.0\nfile '${url}'\n`],
    ['a concat script of a file', 'ffconcat version 1.0\nfile secret.wav\n'],
    [
      'a session description',
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${port} RTP/AVP 0\n`,
    ],
    [
      'a manifest',
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    ],
    ['a list of stations', `[playlist]\nFile1=${url}\nNumberOfEntries=1\n`],
    ['a redirection', `[Reference]\nRef1=${url}\n`],
    ['a page', `<asx version="3.0"><entry><ref href="${url}"/></entry></asx>`],
    ['a filter script', `amovie=${url}`],
    ['a reference movie', referenceMovie(url)],
    ['subtitles', `1\n00:00:00,000 --> 00:00:01,000\n<img src="${url}">\n`],
  ];
}

/** A QuickTime file that holds nothing but where the sound is. */
function referenceMovie(url: string): Buffer {
  const atom = (name: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + content.length);
    head.write(name, 4, 'latin1');
    return Buffer.concat([head, content]);
  };
  const length = Buffer.alloc(4);
  length.writeUInt32BE(url.length + 1);
  const reference = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from('url '),
    length,
    Buffer.from(`${url}\0`),
  ]);
  const type = atom('ftyp', Buffer.from('qt  \0\0\0\0qt  '));
  return Buffer.concat([type, atom('moov', atom('rmra', atom('rmda', atom('rdrf', reference))))]);
}

describe.each(ffmpegs.map((ffmpeg) => ({ ffmpeg, source: ffmpeg.source })))(
  'ffmpeg ($source)',
  ({ ffmpeg }) => {
    const decode = (file: string): ReturnType<typeof decodeFile> =>
      decodeFile({ ffmpeg, file, cutOf: () => ({ first: 0, count: 8000 }), signal });

    it('opens nothing that a file names, over the network or beside it', async () => {
      put('secret.wav', wavFile({ rateHz: 8000, samples: noise(8000, 2) }));
      for (const [what, content] of scripts()) {
        for (const name of ['a.wav', 'a.m4a', 'a.mp3']) {
          expect(await decode(put(name, content)), `${what} in ${name}`).toHaveProperty('bad');
        }
      }
      expect(asked).toEqual([]);
    });

    it('would reach the network if it were given a name as it is: so the server above is seen', async () => {
      const args = [
        '-nostdin',
        '-v',
        'error',
        '-i',
        `http://127.0.0.1:${port}/a.wav`,
        '-f',
        'null',
        '-',
      ];
      await promisify(execFile)(ffmpeg.path, args);
      expect(asked).toContain('GET /a.wav');
      asked.length = 0;
    });

    it('takes a name for a name, whatever it says', async () => {
      const sound = wavFile({ rateHz: 8000, samples: noise(800, 3) });
      const names = [
        `http:/127.0.0.1:${port}/a.wav`,
        `tcp:127.0.0.1:${port}.wav`,
        `async:cache:http:127.0.0.1:${port}.wav`,
        'concat:secret.wav|secret.wav',
        'subfile,,start,0,end,0,,:secret.wav',
        'data:audio-wav;base64,UklGRg==.wav',
        'pipe:0.wav',
        'file:secret.wav',
        'crypto:secret.wav',
        '-i.wav',
        '-f lavfi.wav',
        '%d.wav',
        '@secret.wav',
        "'; touch owned; '.wav",
        '$(touch owned).wav',
        '`touch owned`.wav',
        'two\nlines.wav',
        '\x1b[2J.wav',
      ];
      for (const name of names.filter(
        (one) => process.platform !== 'win32' || !/[:|<>*?"\n]/.test(one),
      )) {
        expect(await decode(put(name, sound)), name).toMatchObject({ samples: 800, rateHz: 8000 });
      }
      expect(asked).toEqual([]);
      expect(fs.existsSync('owned') || fs.existsSync(path.join(folder, 'owned'))).toBe(false);
    });

    it('a header that claims more samples a second than can be is a bad file, not a crash', async () => {
      for (const rateHz of [4_294_967_295, 2_147_483_648, 10_000_000, 0]) {
        const sound = wavFile({ rateHz: 8000, samples: noise(800, 4) });
        sound.writeUInt32LE(rateHz, 24);
        const cut = { rateHz: 44100, offsetSeconds: 0, durationSeconds: 3, short: 'pad' } as const;
        const clip = await decodeClip({ ffmpeg, file: put('rate.wav', sound), cut, signal });
        expect(clip, String(rateHz)).toHaveProperty('bad');
      }
    });

    it('a mutated recording is decoded, or is a bad file', async () => {
      const outcomes = await fuzz({
        name: `recordings, ${ffmpeg.source}`,
        seed: 51,
        count: 40,
        make: (random) => mutatedBytes(random, recordings()),
        read: (bytes) => {
          const cut = {
            rateHz: 16000,
            offsetSeconds: 0.01,
            durationSeconds: 0.1,
            short: 'pad',
          } as const;
          return decodeClip({ ffmpeg, file: put('mutated.wav', bytes), cut, signal });
        },
        wrong: (clip) => {
          if ('bad' in clip) return /^[a-z][ -~]+$/.test(clip.bad) ? undefined : clip.bad;
          if (!(clip.rateHz > 0 && clip.channels > 0 && clip.durationSeconds > 0))
            return 'no sound';
          return clip.samples === undefined || clip.samples.every(Number.isFinite)
            ? undefined
            : 'samples that are no numbers';
        },
      });
      expect(answered(outcomes)).toBe(outcomes.asked);
    });
  },
);

function recordings(): readonly Buffer[] {
  return [
    wavFile({ rateHz: 8000, samples: noise(1600, 5) }),
    wavFile({ rateHz: 48000, channels: 2, samples: noise(4800, 6) }),
    fs.readFileSync(firstOfSample()),
  ];
}

/** A FLAC file of the corpus that ships with the project. */
function firstOfSample(): string {
  const corpus = path.join(import.meta.dirname, '../../sample/corpus');
  const [name = ''] = fs
    .readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((one) => one.endsWith('.flac'))
    .sort();
  return path.join(corpus, name);
}

/** Heads of every container that is looked into, with a little behind each. */
function heads(): readonly Buffer[] {
  const text = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');
  const wav = wavFile({ rateHz: 8000, samples: noise(40, 7) });
  const aiff = text(
    'FORM\0\0\0\x2eAIFFCOMM\0\0\0\x12\0\x01\0\0\0\x04\0\x10\x40\x0b\xfa\0\0\0\0\0\0\0SSND\0\0\0\x08\0\0\0\0\0\0\0\0',
  );
  const mp4 = text(
    '\0\0\0\x14ftypM4A \0\0\0\0M4A \0\0\0\x01free\0\0\0\0\0\0\0\x10\0\0\0\x10mdatabcdefgh',
  );
  const ogg = text(`OggS\0\x02${'\0'.repeat(40)}OggS\0\x04${'\0'.repeat(20)}`);
  return [wav, aiff, mp4, ogg, fs.readFileSync(firstOfSample()).subarray(0, 200)];
}

it('the bookkeeping of a mutated recording is read without end in sight nowhere', async () => {
  const files = heads();
  const outcomes = await fuzz({
    name: 'containers',
    seed: 52,
    count: 3000,
    make: (random) => mutatedBytes(random, files),
    read: (bytes) => readContainer(put('container.wav', bytes)),
    wrong: ({ promisedSamples = 1 }) =>
      Number.isSafeInteger(promisedSamples) && promisedSamples > 0 ? undefined : 'an odd promise',
  });
  expect(outcomes.read).toBe(outcomes.asked);
});

it.each([
  [
    'RIFF chunks',
    Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), Buffer.alloc(40_000_000)]),
  ],
  ['MPEG-4 boxes', Buffer.concat([Buffer.from('\0\0\0\x08ftyp', 'latin1'), boxes(4_000_000)])],
])('five million empty %s are not walked through', async (_, bytes) => {
  expect((await readContainer(put('many.wav', bytes))).cutShort).toBe(true);
});

function boxes(count: number): Buffer {
  return Buffer.alloc(8 * count, Buffer.from('\0\0\0\x08free', 'latin1'));
}

it('a recording with forty megabytes of title is decoded as one without', async () => {
  const [ffmpeg] = ffmpegs;
  if (ffmpeg === undefined) throw new Error('npm installs an ffmpeg');
  const sound = wavFile({ rateHz: 8000, samples: noise(800, 8) });
  const title = Buffer.alloc(40_000_000, 'x');
  const info = Buffer.alloc(20);
  info.write('LIST', 0);
  info.writeUInt32LE(12 + title.length, 4);
  info.write('INFOINAM', 8);
  info.writeUInt32LE(title.length, 16);
  const file = put(
    'title.wav',
    Buffer.concat([sound.subarray(0, 36), info, title, sound.subarray(36)]),
  );
  const decoded = await decodeFile({ ffmpeg, file, cutOf: () => undefined, signal });
  expect(decoded).toMatchObject({ samples: 800, rateHz: 8000 });
});

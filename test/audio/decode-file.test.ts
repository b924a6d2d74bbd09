import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShell, runWithShell } from '../../lib/audio/child-with-shell.ts';
import { runWithoutShell } from '../../lib/audio/child-without-shell.ts';
import type { RunChild } from '../../lib/audio/child.ts';
import { decodeFile, type BadFile, type Decoded } from '../../lib/audio/decode-file.ts';
import { InterruptedError } from '../../lib/pipeline/errors.ts';
import type { Ffmpeg } from '../../lib/audio/ffmpeg-find.ts';
import { everyFfmpeg } from './ffmpeg.ts';
import { noise, wavFile } from './wav.ts';

const ffmpegs = await everyFfmpeg();
const installed = ffmpegs[0];
if (installed === undefined) throw new Error('npm installs an ffmpeg');
const everyWay: readonly { title: string; ffmpeg: Ffmpeg; run: RunChild }[] = [
  ...((await hasShell()) ? ffmpegs : []).map((ffmpeg) => ({
    title: `${ffmpeg.source}, through zx`,
    ffmpeg,
    run: runWithShell,
  })),
  { title: `${installed.source}, without a shell`, ffmpeg: installed, run: runWithoutShell },
];
const never = new AbortController().signal;

let folder = '';
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'decode-file-'));
});
afterAll(() => fs.rm(folder, { recursive: true }));

async function put(name: string, bytes: Buffer | string): Promise<string> {
  const file = path.join(folder, name);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, bytes);
  return file;
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** Encodes a WAV file with the ffmpeg at hand. */
async function encode(wav: Buffer, name: string, ...options: string[]): Promise<string> {
  const from = await put(`${name}.source.wav`, wav);
  const to = path.join(folder, name);
  const args = ['-nostdin', '-v', 'error', '-y', '-i', from, ...options, to];
  await promisify(execFile)(installed?.path ?? '', args);
  return to;
}

describe.each(everyWay)('decoding ($title)', ({ ffmpeg, run }) => {
  function decode(
    file: string,
    cut?: { first: number; count: number },
  ): Promise<Decoded | BadFile> {
    return decodeFile({ ffmpeg, file, cutOf: () => cut, signal: never, run });
  }

  async function decoded(file: string): Promise<Decoded> {
    const result = await decode(file, { first: 0, count: 1_000_000 });
    if ('bad' in result) throw new Error(`${file} ${result.bad}: ${result.said}`);
    return result;
  }

  async function bad(file: string): Promise<string | undefined> {
    const result = await decode(file, { first: 0, count: 10 });
    return 'bad' in result ? result.bad : undefined;
  }

  it('gives the samples of 8, 16, 24 and 32 bits and of floats exactly', async () => {
    const cases = [
      { coding: 'u8', samples: [0, 1, 127, 128, 255], scale: (x: number) => (x - 128) / 128 },
      { coding: 's16', samples: [-32768, -1, 0, 1, 32767], scale: (x: number) => x / 2 ** 15 },
      { coding: 's24', samples: [-8388608, -1, 0, 1, 8388607], scale: (x: number) => x / 2 ** 23 },
      { coding: 's32', samples: [-(2 ** 31), 0, 256, 2 ** 30], scale: (x: number) => x / 2 ** 31 },
      { coding: 'f32', samples: [-1.5, -(2 ** -30), 0, 0.1, 2], scale: Math.fround },
    ] as const;
    for (const { coding, samples, scale } of cases) {
      const file = await put(`${coding}.wav`, wavFile({ rateHz: 22_050, coding, samples }));
      const { cut, ...rest } = await decoded(file);
      expect([...cut]).toEqual(samples.map(scale));
      const codec = `pcm_${coding}${coding === 'u8' ? '' : 'le'}`;
      expect(rest).toEqual({
        rateHz: 22_050,
        channels: 1,
        samples: samples.length,
        codec,
        lossy: false,
      });
    }
  });

  it.each([8000, 11_025, 16_000, 44_100, 48_000, 96_000])(
    'keeps the own rate: %i Hz',
    async (rateHz) => {
      const samples = noise(rateHz / 5);
      const result = await decoded(await put('rate.wav', wavFile({ rateHz, samples })));
      expect({ rateHz: result.rateHz, samples: result.samples }).toEqual({
        rateHz,
        samples: samples.length,
      });
      expect([...result.cut]).toEqual(samples.map((x) => x / 32_768));
    },
  );

  it.each([2, 6])('keeps %i channels, interleaved', async (channels) => {
    const samples = noise(600 * channels);
    const result = await decoded(
      await put('many.wav', wavFile({ rateHz: 48_000, channels, samples })),
    );
    expect({ channels: result.channels, samples: result.samples }).toEqual({
      channels,
      samples: 600,
    });
    expect([...result.cut]).toEqual(samples.map((x) => x / 32_768));
  });

  it('keeps the samples of the cut only, and counts all', async () => {
    const samples = noise(200_000);
    const file = await put('cut.wav', wavFile({ rateHz: 48_000, channels: 2, samples }));
    const inside = await decode(file, { first: 70_000, count: 20_000 });
    const beyond = await decode(file, { first: 99_990, count: 20_000 });
    const none = await decode(file);
    if ('bad' in inside || 'bad' in beyond || 'bad' in none) throw new Error('should be decoded');
    expect([...inside.cut]).toEqual(samples.slice(140_000, 180_000).map((x) => x / 32_768));
    expect([...beyond.cut]).toEqual(samples.slice(199_980).map((x) => x / 32_768));
    expect([none.cut.length, none.samples, inside.samples]).toEqual([0, 100_000, 100_000]);
  });

  it('gives the same samples from FLAC as from WAV, and calls neither lossy', async () => {
    const samples = noise(48_000);
    const wav = wavFile({ rateHz: 48_000, samples });
    const flac = await decoded(await encode(wav, 'clip.flac'));
    expect([...flac.cut]).toEqual(samples.map((x) => x / 32_768));
    expect([flac.codec, flac.lossy]).toEqual(['flac', false]);
  });

  it('knows a lossy codec whatever the extension', async () => {
    const wav = wavFile({ rateHz: 48_000, samples: noise(48_000).map((x) => x >> 4) });
    const opus = await decoded(await encode(wav, 'lossy.ogg', '-c:a', 'libopus'));
    const aac = await decoded(await encode(wav, 'lossy.m4a', '-c:a', 'aac'));
    const alac = await decoded(await encode(wav, 'lossless.m4a', '-c:a', 'alac'));
    const adpcm = await decoded(await encode(wav, 'lossy.wav', '-c:a', 'adpcm_ima_wav'));
    expect([opus, aac, alac, adpcm].map(({ codec, lossy }) => [codec, lossy])).toEqual([
      ['opus', true],
      ['aac', true],
      ['alac', false],
      ['adpcm_ima_wav', true],
    ]);
  });

  const names = [
    '-i.wav',
    '--help.wav',
    'two words.wav',
    "it's.wav",
    '"quoted".wav',
    'line\nbreak.wav',
    'tab\t.wav',
    '$(touch owned)`touch owned`$HOME.wav',
    'back\\slash.wav',
    '100%20 %d %03d.wav',
    'file:a.wav',
    'http:\u2044\u2044a.wav',
    'concat:a.wav|b.wav',
    'pipe:0.wav',
    'a,b;c&d|e<f>g*h?i[j]{k}!#~.wav',
    'naïve äöü 日本語 🎧.wav',
    'decomposed a\u0308.wav',
    '.wav',
  ];
  it.skipIf(process.platform === 'win32').each(names)('opens a file named %j', async (name) => {
    const samples = noise(10);
    const file = await put(path.join('names', name), wavFile({ rateHz: 8000, samples }));
    expect([...(await decoded(file)).cut]).toEqual(samples.map((x) => x / 32_768));
  });

  it('names what is wrong with a bad file', async () => {
    const samples = noise(48_000);
    const wav = wavFile({ rateHz: 48_000, samples });
    const flac = await fs.readFile(await encode(wav, 'whole.flac'));
    const ogg = await fs.readFile(await encode(wav, 'whole.ogg', '-c:a', 'libopus'));
    const m4a = await fs.readFile(await encode(wav, 'whole.m4a', '-c:a', 'aac'));
    const damaged = Buffer.from(flac);
    damaged.fill(0x55, half(flac).length, half(flac).length + 64);
    const files: [string, Buffer | string, string][] = [
      ['empty.wav', '', 'is empty (0 bytes)'],
      [
        'text.wav',
        'Dear diary, today I was happy.\n'.repeat(50),
        'is not audio that can be decoded',
      ],
      ['zeros.wav', Buffer.alloc(5000), 'is not audio that can be decoded'],
      [
        'cut.wav',
        wav.subarray(0, 50_000),
        'is cut short: its header announces more than the file holds',
      ],
      [
        'head.wav',
        wav.subarray(0, 44),
        'is cut short: its header announces more than the file holds',
      ],
      [
        'half-head.wav',
        wav.subarray(0, 30),
        'is cut short: its header announces more than the file holds',
      ],
      [
        'cut.flac',
        half(flac),
        'is cut short or damaged: its header announces more samples than can be decoded',
      ],
      [
        'damaged.flac',
        damaged,
        'is cut short or damaged: its header announces more samples than can be decoded',
      ],
      ['cut.opus', half(ogg), 'is cut short: its header announces more than the file holds'],
      ['cut.m4a', half(m4a), 'is cut short: its header announces more than the file holds'],
      ['none.wav', wavFile({ rateHz: 48_000, samples: [] }), 'holds no samples'],
    ];
    const found: [string, string | undefined][] = [];
    for (const [name, bytes] of files) found.push([name, await bad(await put(name, bytes))]);
    expect(found).toEqual(files.map(([name, , reason]) => [name, reason]));
    expect(await bad(path.join(folder, 'not-there.wav'))).toBe('cannot be read (ENOENT)');
  });

  it('opens nothing but the file itself: no playlist, no script, whatever the extension', async () => {
    await put('secret.wav', wavFile({ rateHz: 8000, samples: noise(100) }));
    const scripts = {
      'concat.wav': 'ffconcat version 1.0\nfile secret.wav\n',
      'playlist.wav': '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n',
      'session.wav': 'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n',
    };
    for (const [name, text] of Object.entries(scripts)) {
      expect(await bad(await put(name, text))).toBe('is not audio that can be decoded');
    }
  });

  it('is interrupted with the reason of the signal, and leaves no ffmpeg behind', async () => {
    const file = await put('long.wav', wavFile({ rateHz: 48_000, samples: noise(480_000) }));
    const controller = new AbortController();
    const reason = new InterruptedError();
    const running = decodeFile({
      ffmpeg,
      file,
      run,
      cutOf: () => {
        controller.abort(reason);
        return undefined;
      },
      signal: controller.signal,
    });
    await expect(running).rejects.toBe(reason);
  });
});

describe('an end that says nothing about the file', () => {
  const ends = async (end: {
    code: number | null;
    signal: NodeJS.Signals | null;
  }): Promise<unknown> => {
    const file = await put('fine.wav', wavFile({ rateHz: 8000, samples: noise(100) }));
    const run: RunChild = () => Promise.resolve({ ...end, said: 'no such thing\n' });
    const ffmpeg = { path: '/opt/ffmpeg', version: '9.9' };
    try {
      return await decodeFile({ ffmpeg, file, cutOf: () => undefined, signal: never, run });
    } catch (error) {
      return error;
    }
  };

  it('is an interruption when a signal ended ffmpeg, or ffmpeg caught one', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGHUP'] as const) {
      expect(await ends({ code: null, signal })).toBeInstanceOf(InterruptedError);
    }
    expect(await ends({ code: 255, signal: null })).toBeInstanceOf(InterruptedError);
  });

  it('is ffmpeg crashing, with the way out', async () => {
    const file = path.join(folder, 'fine.wav');
    expect(await ends({ code: null, signal: 'SIGSEGV' })).toMatchObject({
      code: 'ffmpeg-crashed',
      message: `ffmpeg 9.9 (/opt/ffmpeg) crashed (SIGSEGV) on ${file}. Take the file out, or set FFMPEG_PATH to another ffmpeg.`,
    });
  });

  it('is an ffmpeg that does not start', async () => {
    expect(await ends({ code: 127, signal: null })).toMatchObject({
      code: 'ffmpeg-start',
      message: 'ffmpeg does not start: no such thing.',
    });
  });
});

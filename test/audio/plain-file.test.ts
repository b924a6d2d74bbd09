import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShell, runWithShell } from '../../lib/audio/child-with-shell.ts';
import { runWithoutShell } from '../../lib/audio/child-without-shell.ts';
import { findFfmpeg } from '../../lib/audio/ffmpeg-find.ts';
import { decodePlainFile } from '../../lib/audio/plain-file.ts';
import { WavStream } from '../../lib/audio/wav-stream.ts';
import { noise, wavFile, type WavContent } from './wav.ts';

const ffmpeg = await findFfmpeg({});
const run = (await hasShell()) ? runWithShell : runWithoutShell;
const whole = { first: 0, count: 1_000_000 };

let folder = '';
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'plain-file-'));
});
afterAll(() => fs.rm(folder, { recursive: true }));

async function put(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await fs.writeFile(file, bytes);
  return file;
}

async function flac(content: WavContent, ...options: string[]): Promise<Buffer> {
  const from = await put('source.wav', wavFile(content));
  const to = path.join(folder, 'encoded.flac');
  const args = ['-nostdin', '-v', 'error', '-y', '-i', from, ...options, to];
  await promisify(execFile)(ffmpeg.path, args);
  return fs.readFile(to);
}

/** What ffmpeg makes of the whole file. */
async function byFfmpeg(file: string): Promise<{ head: unknown; samples: number[] }> {
  const wav = new WavStream(() => whole);
  const args = ['-v', 'error', '-i', `file:${file}`, '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'];
  const take = (bytes: Buffer): void => {
    wav.add(bytes);
  };
  await run(ffmpeg.path, args, take, new AbortController().signal);
  return { head: wav.head, samples: [...wav.take()] };
}

async function plain(bytes: Uint8Array): Promise<number[] | undefined> {
  const decoded = decodePlainFile(await put('plain', bytes), () => whole);
  return decoded && [...decoded.cut];
}

/** A swelling tone in noise: what linear prediction and stereo decorrelation are made for. */
function speechLike(count: number, channels: number, full: number): number[] {
  const hiss = noise(count * channels);
  return Array.from({ length: count * channels }, (_, i) => {
    const n = Math.floor(i / channels);
    const wave = Math.abs(((n * 3) % 400) - 200) / 200 - 0.5;
    const level = n % 5000 < 600 ? 0 : 0.9;
    const value = level * wave * (n / count) * full + (hiss[i]! / 32_768) * full * 0.01 * level;
    return Math.max(-full, Math.min(full - 1, Math.round(value)));
  });
}

const contents: [string, WavContent, ...string[]][] = [
  ['noise', { rateHz: 48_000, samples: noise(30_000) }],
  ['silence', { rateHz: 8000, samples: new Array<number>(20_000).fill(0) }],
  ['one sample', { rateHz: 44_100, samples: [-32_768] }],
  [
    'a full-scale square',
    { rateHz: 8000, samples: noise(9000).map((x) => (x < 0 ? -32_768 : 32_767)) },
  ],
  ['zero low bits', { rateHz: 8000, samples: noise(9000).map((x) => x & ~31) }],
  ['mono', { rateHz: 48_000, samples: speechLike(30_000, 1, 32_768) }],
  ['stereo', { rateHz: 44_100, channels: 2, samples: speechLike(30_000, 2, 32_768) }],
  [
    'stereo, both alike',
    { rateHz: 44_100, channels: 2, samples: noise(9000).flatMap((x) => [x, x]) },
  ],
  [
    'left and side',
    { rateHz: 44_100, channels: 2, samples: speechLike(9000, 2, 32_768) },
    '-ch_mode',
    'left_side',
  ],
  [
    'right and side',
    { rateHz: 44_100, channels: 2, samples: speechLike(9000, 2, 32_768) },
    '-ch_mode',
    'right_side',
  ],
  [
    'mid and side',
    { rateHz: 44_100, channels: 2, samples: speechLike(9000, 2, 32_768) },
    '-ch_mode',
    'mid_side',
  ],
  [
    '24 bits',
    { rateHz: 96_000, channels: 2, coding: 's24', samples: speechLike(9000, 2, 8_388_608) },
    '-sample_fmt',
    's32',
  ],
  [
    'fixed predictors',
    { rateHz: 48_000, samples: speechLike(9000, 1, 32_768) },
    '-lpc_type',
    'fixed',
  ],
  [
    'order 32',
    { rateHz: 48_000, samples: speechLike(30_000, 1, 32_768) },
    '-compression_level',
    '12',
    '-lpc_type',
    'cholesky',
    '-max_prediction_order',
    '32',
    '-strict',
    '-2',
  ],
  ['fast', { rateHz: 22_050, samples: speechLike(9000, 1, 32_768) }, '-compression_level', '0'],
  ['an odd rate', { rateHz: 12_345, samples: noise(5000) }],
];

describe('a FLAC file that is whole', () => {
  it.each(contents)('gives what ffmpeg gives: %s', async (_, content, ...options) => {
    const bytes = await flac(content, ...options);
    const file = await put('same.flac', bytes);
    const decoded = decodePlainFile(file, () => whole);
    const { head, samples } = await byFfmpeg(file);
    expect(samples.length).toBeGreaterThan(0);
    const { channels = 1, rateHz } = content;
    expect({ channels: decoded?.channels, rateHz: decoded?.rateHz }).toEqual(head);
    expect(head).toEqual({ channels, rateHz });
    expect(decoded?.samples).toBe(content.samples.length / channels);
    expect(decoded && [...decoded.cut]).toEqual(samples);
  });

  it('is left to ffmpeg wherever a bit of it is another', async () => {
    const bytes = await flac({ rateHz: 16_000, samples: speechLike(5000, 1, 32_768) });
    // Rate, channels, bits, number of samples and MD5; then the frames.
    const places = Array.from({ length: 24 }, (_, i) => 18 + i);
    const first = bytes.indexOf(Buffer.of(0xff, 0xf8));
    for (let at = first; at < bytes.length; at += at < first + 24 ? 1 : 23) places.push(at);
    for (const at of places) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      expect([at, await plain(damaged)]).toEqual([at, undefined]);
    }
  });

  it('is left to ffmpeg wherever it is cut, and when something follows', async () => {
    const bytes = await flac({ rateHz: 16_000, samples: speechLike(5000, 1, 32_768) });
    for (let end = 0; end < bytes.length; end += 97) {
      expect(await plain(bytes.subarray(0, end))).toBeUndefined();
    }
    expect(await plain(Buffer.concat([bytes, Buffer.from('TAG')]))).toBeUndefined();
    expect(await plain(bytes)).toHaveLength(5000);
  });

  it('is left to ffmpeg where there is no proof or more than usual', async () => {
    const content = { rateHz: 16_000, samples: noise(500) };
    const unproven = await flac(content);
    unproven.fill(0, 26, 42);
    expect(await plain(unproven)).toBeUndefined();
    const surround = { rateHz: 16_000, channels: 6, samples: noise(600) };
    expect(await plain(await flac(surround))).toBeUndefined();
  });

  it('keeps the cut only', async () => {
    const samples = noise(20_000);
    const file = await put('cut.flac', await flac({ rateHz: 8000, channels: 2, samples }));
    const cutOf = (first: number, count: number): number[] | undefined => {
      const decoded = decodePlainFile(file, () => ({ first, count }));
      return decoded && [...decoded.cut].map((x) => x * 32_768);
    };
    expect(cutOf(4500, 1000)).toEqual(samples.slice(9000, 11_000));
    expect(cutOf(9990, 1000)).toEqual(samples.slice(19_980));
    expect(cutOf(10_000, 5)).toEqual([]);
    expect(cutOf(90_000, 5)).toEqual([]);
    expect(decodePlainFile(file, () => undefined)?.cut).toHaveLength(0);
  });
});

it.skipIf(process.platform === 'win32')('what is no file is left to ffmpeg, at once', async () => {
  const pipe = path.join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  for (const name of [pipe, folder, path.join(folder, 'missing')]) {
    expect(decodePlainFile(name, () => whole)).toBeUndefined();
  }
});

describe('any bytes', () => {
  it('that begin as FLAC end in samples or in ffmpeg', async () => {
    const bytes = await flac({ rateHz: 8000, channels: 2, samples: speechLike(600, 2, 32_768) });
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const found = await plain(damaged);
        expect(found === undefined || found.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('that begin as WAV end in samples or in ffmpeg', async () => {
    const bytes = wavFile({ rateHz: 8000, channels: 2, samples: noise(100) });
    const edits = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const found = await plain(damaged);
        expect(found === undefined || found.length <= 200).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a WAV file that is whole', () => {
  it.each(['u8', 's16', 's24', 's32', 'f32'] as const)(
    'gives what ffmpeg gives: %s',
    async (coding) => {
      const full = { u8: 128, s16: 2 ** 15, s24: 2 ** 23, s32: 2 ** 31, f32: 1 }[coding];
      const samples = noise(4000).map((x, i) => {
        if (coding === 'f32') return i === 7 ? 3 : x / 32_768;
        const value = Math.max(
          -full,
          Math.min(full - 1, Math.round((x / 32_000) * full) + (i % 3)),
        );
        return coding === 'u8' ? value + 128 : value;
      });
      const file = await put(
        `${coding}.wav`,
        wavFile({ rateHz: 44_100, channels: 2, coding, samples }),
      );
      const decoded = decodePlainFile(file, () => whole);
      expect(decoded && [...decoded.cut]).toEqual((await byFfmpeg(file)).samples);
      expect(decoded?.codec).toBe(`pcm_${coding}${coding === 'u8' ? '' : 'le'}`);
    },
  );

  it('is left to ffmpeg where its sizes contradict each other', async () => {
    const bytes = wavFile({ rateHz: 8000, channels: 2, samples: noise(100) });
    for (const at of [4, 16, 32, 40]) {
      for (const change of [-2, -1, 1, 2, 100]) {
        const wrong = Buffer.from(bytes);
        wrong.writeInt16LE(wrong.readInt16LE(at) + change, at);
        expect([at, change, await plain(wrong)]).toEqual([at, change, undefined]);
      }
    }
    expect(await plain(bytes.subarray(0, -2))).toBeUndefined();
    expect(await plain(bytes)).toHaveLength(100);
  });
});

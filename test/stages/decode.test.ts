import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resampleKaiserFast } from '../../lib/dsp/resample.ts';
import * as decode from '../../stages/decode.ts';
import { noise, wavFile, type WavContent } from '../audio/wav.ts';
import { runDecode } from './decode-harness.ts';

let folder = '';
let corpus = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'decode-'));
  corpus = path.join(folder, 'corpus');
  await fs.mkdir(corpus);
});
afterEach(() => fs.rm(folder, { recursive: true }));

async function put(name: string, bytes: Buffer | string): Promise<void> {
  await fs.mkdir(path.dirname(path.join(corpus, name)), { recursive: true });
  await fs.writeFile(path.join(corpus, name), bytes);
}

let seed = 1;
/** A recording of its own noise, `seconds` long at 8 kHz. */
function recording(seconds: number, more: Partial<WavContent> = {}): Buffer {
  seed += 1;
  const { rateHz = 8000, channels = 1 } = more;
  return wavFile({ rateHz, samples: noise(seconds * rateHz * channels, seed), ...more });
}

/** Short cuts at a low rate: the tests are about what happens, not about length. */
const brief = { emotions: ['happy', 'sad'], rate: 8000, offset: 0.1, duration: 0.2 };

const happy = (actor: string, repetition = '01'): string =>
  `Actor_${actor}/03-01-03-01-01-${repetition}-${actor}.wav`;
const sad = (actor: string): string => `Actor_${actor}/03-01-04-02-02-01-${actor}.wav`;

describe('decode', () => {
  it('lists every file with what became of it, and keeps the samples of the cut', async () => {
    const samples = noise(4000);
    await put(happy('01'), wavFile({ rateHz: 8000, samples }));
    await put(sad('02'), recording(0.5));
    await put(happy('02'), recording(0.2));
    await put('Actor_01/03-01-02-01-01-01-01.wav', recording(0.25));
    await put('song/03-02-03-01-01-01-01.wav', recording(1));
    await put('corpus.yaml', 'name: Noise\nsynthetic: true\nlicence: CC0-1.0\n');
    const outcome = await runDecode(corpus, folder, brief);
    expect(outcome.facts).toEqual({
      corpus: {
        name: 'Noise',
        layout: 'ravdess',
        synthetic: true,
        licence: 'CC0-1.0',
        citation: '',
      },
      classes: ['happy', 'sad'],
      rateHz: 8000,
      samples: 1600,
    });
    expect(
      outcome.clips.map(({ file, durationSeconds, fate, reason, label }) => [
        file,
        durationSeconds,
        fate,
        reason,
        label,
      ]),
    ).toEqual([
      ['Actor_01/03-01-02-01-01-01-01.wav', 0.25, 'other-emotion', 'calm is not asked for', -1],
      ['Actor_01/03-01-03-01-01-01-01.wav', 0.5, 'kept', '', 0],
      ['Actor_02/03-01-03-01-01-01-02.wav', 0.2, 'short', 'ends before 0.3 s', 0],
      ['Actor_02/03-01-04-02-02-01-02.wav', 0.5, 'kept', '', 1],
      ['song/03-02-03-01-01-01-01.wav', 1, 'not-speech', 'song, not speech', -1],
    ]);
    expect(outcome.clips[3]).toEqual({
      clip: 'Actor_02/03-01-04-02-02-01-02',
      file: 'Actor_02/03-01-04-02-02-01-02.wav',
      speaker: '02',
      sex: 'female',
      emotion: 'sad',
      intensity: 'strong',
      statement: 'Dogs are sitting by the door',
      repetition: 1,
      durationSeconds: 0.5,
      rateHz: 8000,
      channels: 1,
      lossy: false,
      fate: 'kept',
      reason: '',
      label: 1,
    });
    expect([...outcome.samples.keys()]).toEqual([
      'Actor_01/03-01-03-01-01-01-01',
      'Actor_02/03-01-04-02-02-01-02',
    ]);
    expect([...(outcome.samples.get('Actor_01/03-01-03-01-01-01-01') ?? [])]).toEqual(
      samples.slice(800, 2400).map((x) => x / 32_768),
    );
    expect(outcome.log).toEqual([
      '3 of 5 files: happy, sad; 2 kept, 1 shorter than 0.3 s',
      'kept: happy 1, sad 1',
    ]);
    expect(outcome.progress.at(-1)).toEqual([5, 5, '2 clips kept']);
  });

  it('mixes to mono and resamples after the cut, each file from its own rate', async () => {
    const samples = noise(2 * 24_000, 99);
    await put(happy('01'), wavFile({ rateHz: 48_000, channels: 2, samples }));
    await put(sad('01'), recording(0.5));
    const { samples: kept, log, clips } = await runDecode(corpus, folder, brief);
    const cut = samples.slice(2 * 4800, 2 * (4800 + 9600)).map((x) => x / 32_768);
    const mono = Float32Array.from({ length: 9600 }, (_, i) => {
      return Math.fround((cut[2 * i] ?? 0) + (cut[2 * i + 1] ?? 0)) / 2;
    });
    expect(kept.get(clips[0]?.clip ?? '')).toEqual(resampleKaiserFast(mono, 48_000, 8000));
    expect(clips.map(({ rateHz, channels }) => [rateHz, channels])).toEqual([
      [48_000, 2],
      [8000, 1],
    ]);
    expect(log.at(-1)).toBe('sampling rates differ: 8,000 Hz (1 file), 48,000 Hz (1 file)');
  });

  it('pads short recordings with zeros where that is asked for, but never makes one of nothing', async () => {
    const samples = noise(1600);
    await put(happy('01'), wavFile({ rateHz: 8000, samples }));
    await put(sad('01'), recording(0.5));
    await put(sad('02'), recording(0.05));
    const {
      samples: kept,
      log,
      clips,
    } = await runDecode(corpus, folder, { ...brief, short: 'pad' });
    expect([...(kept.get('Actor_01/03-01-03-01-01-01-01') ?? [])]).toEqual([
      ...samples.slice(800).map((x) => x / 32_768),
      ...Array.from({ length: 800 }, () => 0),
    ]);
    expect(clips.map(({ fate }) => fate)).toEqual(['kept', 'kept', 'short']);
    expect(log).toEqual([
      '3 of 3 files: happy, sad; 2 kept, 1 of them shorter than 0.3 s and padded, 1 shorter than 0.3 s',
      'kept: happy 1, sad 1',
    ]);
  });

  it('gives the same bytes whatever the number of jobs', async () => {
    for (let actor = 10; actor < 30; actor += 1) {
      await put(happy(String(actor)), recording(0.5));
      await put(sad(String(actor)), recording(0.4));
    }
    const [one, four] = [
      await runDecode(corpus, folder, brief, { jobs: 1 }),
      await runDecode(corpus, folder, brief, { jobs: 4 }),
    ];
    expect(one.clips.length).toBe(40);
    expect(four.bytes).toEqual(one.bytes);
  });

  it('stops at an abort with the reason of the signal', async () => {
    for (let actor = 10; actor < 40; actor += 1) await put(happy(String(actor)), recording(0.5));
    await put(sad('01'), recording(0.5));
    const controller = new AbortController();
    const reason = new Error('stopped');
    const running = runDecode(corpus, folder, brief, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
  });
});

describe('bad files', () => {
  beforeEach(async () => {
    await put(happy('01'), recording(0.5));
    await put(sad('01'), recording(0.5));
    await put(happy('03'), recording(0.5).subarray(0, 2000));
    await put(happy('02'), 'no audio at all');
    await put(happy('04'), '');
    await put(sad('05'), wavFile({ rateHz: 8000, samples: [] }));
    await put(
      sad('06'),
      wavFile({ rateHz: 8000, coding: 'f32', samples: Array.from({ length: 4000 }, () => NaN) }),
    );
  });

  const each = [
    'Actor_02/03-01-03-01-01-01-02.wav is not audio that can be decoded',
    'Actor_03/03-01-03-01-01-01-03.wav is cut short: its header announces more than the file holds',
    'Actor_04/03-01-03-01-01-01-04.wav is empty (0 bytes)',
    'Actor_05/03-01-04-02-02-01-05.wav holds no samples',
    'Actor_06/03-01-04-02-02-01-06.wav holds samples that are not finite numbers',
  ].join('; ');

  it('are all named with their reasons, after every file was looked at', async () => {
    await expect(runDecode(corpus, folder, brief)).rejects.toMatchObject({
      code: 'broken-files',
      message: `5 files in ${corpus} cannot be used: ${each}. Replace or remove them, or leave such files out with decode.onBadFile: skip.`,
    });
  });

  it('are left out and listed with onBadFile: skip', async () => {
    const { clips, log } = await runDecode(corpus, folder, { ...brief, onBadFile: 'skip' });
    expect(clips.map(({ fate }) => fate)).toEqual([
      'kept',
      'kept',
      ...Array.from({ length: 5 }, () => 'broken'),
    ]);
    expect(clips[2]).toMatchObject({
      reason: 'is not audio that can be decoded',
      durationSeconds: 0,
      rateHz: 0,
      label: 0,
    });
    expect(log).toEqual([
      '7 of 7 files: happy, sad; 2 kept, 5 broken and left out',
      'kept: happy 1, sad 1',
      `broken: ${each}`,
    ]);
  });
});

describe('names that break the naming', () => {
  beforeEach(async () => {
    await put(happy('01'), recording(0.5));
    await put(sad('01'), recording(0.5));
    for (let i = 1; i <= 12; i += 1)
      await put(`extra/${String(i).padStart(2, '0')}.wav`, recording(0.1));
  });

  it('are refused before anything is decoded: the first ten, and how many more', async () => {
    const ten = Array.from({ length: 10 }, (_, i) => {
      const name = String(i + 1).padStart(2, '0');
      return `extra/${name}.wav (its name is not seven fields of two digits, separated by hyphens)`;
    });
    await expect(runDecode(corpus, folder, brief)).rejects.toMatchObject({
      code: 'misnamed-files',
      message: `12 files in ${corpus} are not named as Actor_01/03-01-05-01-02-01-01.wav: ${ten.join('; ')}; and 2 more. Rename or remove them, or leave such files out with decode.onBadFile: skip.`,
    });
  });

  it('are broken files with onBadFile: skip', async () => {
    const { clips, log } = await runDecode(corpus, folder, { ...brief, onBadFile: 'skip' });
    expect(clips.at(-1)).toEqual({
      clip: 'extra/12',
      file: 'extra/12.wav',
      speaker: '',
      sex: 'unknown',
      emotion: '',
      intensity: '',
      statement: '',
      repetition: 0,
      durationSeconds: 0,
      rateHz: 0,
      channels: 0,
      lossy: false,
      fate: 'broken',
      reason: 'its name is not seven fields of two digits, separated by hyphens',
      label: -1,
    });
    expect(log[0]).toBe('2 of 14 files: happy, sad; 2 kept');
  });
});

describe('copies', () => {
  const [one, other] = [recording(0.5), recording(0.5)];
  beforeEach(async () => {
    await put(happy('01'), one);
    await put(sad('01'), other);
    await put(happy('02'), one);
    await put(sad('03'), other);
  });

  it('are refused, named in pairs', async () => {
    await expect(runDecode(corpus, folder, brief)).rejects.toMatchObject({
      code: 'duplicate-files',
      message: `2 files in ${corpus} hold the bytes of another: Actor_02/03-01-03-01-01-01-02.wav = Actor_01/03-01-03-01-01-01-01.wav; Actor_03/03-01-04-02-02-01-03.wav = Actor_01/03-01-04-02-02-01-01.wav. Remove the copies, or set decode.duplicates to keep-first or allow.`,
    });
  });

  it('are left out but for the first with keep-first', async () => {
    const { clips, log } = await runDecode(corpus, folder, { ...brief, duplicates: 'keep-first' });
    expect(clips.map(({ fate, reason }) => [fate, reason])).toEqual([
      ['kept', ''],
      ['kept', ''],
      ['duplicate', 'the same bytes as Actor_01/03-01-03-01-01-01-01'],
      ['duplicate', 'the same bytes as Actor_01/03-01-04-02-02-01-01'],
    ]);
    expect(log[0]).toBe('4 of 4 files: happy, sad; 2 kept, 2 copies left out');
  });

  it('are used with allow', async () => {
    const { clips } = await runDecode(corpus, folder, { ...brief, duplicates: 'allow' });
    expect(clips.map(({ fate }) => fate)).toEqual(['kept', 'kept', 'kept', 'kept']);
  });

  it('that RAVDESS was published with are used, and said', async () => {
    await fs.rm(path.join(corpus, happy('02')));
    await fs.rm(path.join(corpus, sad('03')));
    await put('Actor_07/03-01-03-01-02-01-07.wav', recording(0.5));
    await fs.copyFile(
      path.join(corpus, 'Actor_07/03-01-03-01-02-01-07.wav'),
      path.join(corpus, 'Actor_07/03-01-03-01-02-02-07.wav'),
    );
    const { clips, log } = await runDecode(corpus, folder, brief);
    expect(clips.map(({ fate }) => fate)).toEqual(['kept', 'kept', 'kept', 'kept']);
    expect(log[0]).toBe(
      'Actor_07/03-01-03-01-02-02-07.wav holds the bytes of Actor_07/03-01-03-01-02-01-07.wav, as published: both are used',
    );
  });
});

describe('a corpus that cannot be used', () => {
  it('has no recording of an emotion', async () => {
    await put(happy('01'), recording(0.5));
    await put('03-01-02-01-01-01-01.wav', recording(0.5));
    await expect(runDecode(corpus, folder, brief)).rejects.toMatchObject({
      code: 'missing-emotion',
      message: `${corpus} has no recording of sad (found: calm 1, happy 1). Set decode.emotions to emotions that it has.`,
    });
  });

  it('has only recordings of an emotion that are too short', async () => {
    await put(happy('01'), recording(0.5));
    await put(sad('01'), recording(0.2));
    await put(sad('02'), recording(0.29));
    await expect(runDecode(corpus, folder, brief)).rejects.toMatchObject({
      code: 'empty-class',
      message: `No clip is left in ${corpus} of sad (2 files, 2 too short). The cut needs recordings of 0.3 s: set decode.offset or decode.duration lower, decode.short: pad, or decode.emotions without it.`,
    });
  });
});

describe('the declaration of decode', () => {
  const params = (
    set: Record<string, unknown>,
  ): ReturnType<ReturnType<typeof decode.parameters>['parse']> =>
    decode.parameters().parse({ corpus, ...set });

  it('describes every parameter and gives each but the corpus a default', () => {
    const { shape } = decode.parameters();
    for (const [name, schema] of Object.entries(shape)) {
      expect([name, schema.description]).toEqual([name, expect.stringMatching(/\w{4}/)]);
    }
    expect(params({})).toEqual({
      corpus,
      layout: 'auto',
      emotions: ['neutral', 'happy', 'sad', 'angry'],
      rate: 44_100,
      offset: 0.5,
      duration: 3,
      short: 'drop',
      onBadFile: 'fail',
      duplicates: 'refuse',
    });
  });

  it('resolves the layout before anything is fingerprinted', async () => {
    await put(happy('01'), '');
    expect(await decode.resolve(params({}))).toEqual({ layout: 'ravdess' });
    expect(await decode.resolve(params({ layout: 'ravdess' }))).toEqual({});
  });

  it('checks emotions against the layout, and that the cut holds a sample', () => {
    expect(decode.check(params({ layout: 'ravdess', emotions: ['happy', 'joy'] }))).toEqual([
      {
        parameter: 'emotions',
        message:
          'ravdess knows no emotion joy; known: neutral, calm, happy, sad, angry, fearful, disgust, surprised.',
      },
    ]);
    expect(decode.check(params({ layout: 'ravdess', duration: 0.00001 }))).toEqual([
      { parameter: 'duration', message: 'the cut is shorter than one sample.' },
    ]);
    expect(decode.check(params({ layout: 'ravdess' }))).toEqual([]);
  });
});
